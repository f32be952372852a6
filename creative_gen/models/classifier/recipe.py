"""A training recipe of a classifier: the network, the objective and the set of pictures."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict

from creative_gen.fitting.picture_batches import Augmentation
from creative_gen.fitting.recipes import read_recipe_file
from creative_gen.models.classifier.config import ClassifierConfig
from creative_gen.models.classifier.objective import Objective
from creative_gen.store.card import CardText


class Recipe(BaseModel):
    """A TOML file: `folder`, [network], [objective], [augmentation] and [card].

    `folder` is that of the set (`train.npz`, `valid.npz`), relative to the training data.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    folder: Path
    network: ClassifierConfig
    objective: Objective = Objective()
    augmentation: Augmentation = Augmentation()
    card: CardText | None = None


def read_recipe(path: Path) -> Recipe:
    """Read a recipe.

    Raises:
        InvalidRequest: the file cannot be read or is not a recipe.
    """
    return read_recipe_file(path, Recipe)
