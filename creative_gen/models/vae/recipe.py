"""A training recipe of a VAE: the network, the objective and the set of pictures."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from pydantic import BaseModel, ConfigDict, model_validator

from creative_gen.fitting.picture_batches import Augmentation
from creative_gen.fitting.recipes import read_recipe_file
from creative_gen.latent.settings import Playing
from creative_gen.models.vae.config import VAEConfig
from creative_gen.models.vae.objective import Objective
from creative_gen.store.card import CardText


class Direction(BaseModel):
    """A direction of the latent space that changes one attribute of the pictures.

    The unit of the latent vector that has the direction's place in the recipe learns to tell the
    attribute (Pati and Lerch, 2021, "Attribute-based regularization of latent spaces").

    Args:
        attribute: the attribute of the set's pictures, and the direction's name.
        unchanged: other attributes, which it is to leave as they are.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    attribute: str
    unchanged: tuple[str, ...] = ()


class Recipe(BaseModel):
    """A TOML file: [network], [objective], [augmentation], [playing], [[directions]], [card].

    Args:
        folder: of the set (`train.npz`, `valid.npz`), relative to the training data.
        by_class: whether every class is seen as often as every other.
        conditional: whether a set's classes, where it has several, are what the VAE is
            conditional on.
        twins: the attribute that is the same for pictures which differ in nothing but what the
            directions change; "" if the set has none.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    folder: Path
    by_class: bool = False
    conditional: bool = True
    network: VAEConfig = VAEConfig()
    objective: Objective = Objective()
    augmentation: Augmentation = Augmentation()
    playing: Playing = Playing()
    directions: tuple[Direction, ...] = ()
    twins: str = ""
    card: CardText | None = None

    @model_validator(mode="after")
    def _has_a_unit_for_each_direction(self) -> Self:
        if len(self.directions) > self.network.latent:
            raise ValueError(
                f"{len(self.directions)} directions need as many units of the latent vector, "
                f"and there are {self.network.latent}"
            )
        return self


def read_recipe(path: Path) -> Recipe:
    """Read a recipe.

    Raises:
        InvalidRequest: the file cannot be read or is not a recipe.
    """
    return read_recipe_file(path, Recipe)
