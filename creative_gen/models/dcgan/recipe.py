"""A training recipe of a DCGAN: the networks, the objective and the set of pictures."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict

from creative_gen.fitting.picture_batches import Augmentation
from creative_gen.fitting.recipes import read_recipe_file
from creative_gen.latent.settings import Playing
from creative_gen.models.dcgan.config import DCGANConfig
from creative_gen.models.dcgan.objective import Objective
from creative_gen.store.card import CardText


class Recipe(BaseModel):
    """A TOML file: [network], [objective], [augmentation], [playing], [card].

    Args:
        folder: of the set (`train.npz`, `valid.npz`), relative to the training data.
        by_class: whether every class is seen as often as every other.
        augmentation: of the pictures themselves, so that what is made may be like that, too.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    folder: Path
    by_class: bool = False
    network: DCGANConfig = DCGANConfig()
    objective: Objective = Objective()
    augmentation: Augmentation = Augmentation()
    playing: Playing = Playing()
    card: CardText | None = None


def read_recipe(path: Path) -> Recipe:
    """Read a recipe.

    Raises:
        InvalidRequest: the file cannot be read or is not a recipe.
    """
    return read_recipe_file(path, Recipe)
