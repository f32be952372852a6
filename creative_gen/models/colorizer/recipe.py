"""A training recipe of a colorizer: the network, the objective and the folders of pictures."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from creative_gen.fitting.recipes import read_recipe_file
from creative_gen.models.colorizer.config import ColorizerConfig
from creative_gen.models.colorizer.objective import Objective
from creative_gen.store.card import CardText


class Source(BaseModel):
    """Pictures of one sort.

    Args:
        folder: of `train/` and `valid/`, relative to the training data.
        lines: whether these hold pairs, `lines/NAME.png` and `colors/NAME.png`, that are learnt
            as line drawings and their colourings; others are learnt as tones.
        weight: how often a picture is taken from it, relative to the other sources.
        crops: how many random crops are made of each picture; 0 takes each as a whole.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    folder: Path
    lines: bool = False
    weight: float = Field(1.0, gt=0.0)
    crops: int = Field(0, ge=0)


class Recipe(BaseModel):
    """A TOML file: [network], [objective], [[sources]] and [card]."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    network: ColorizerConfig = ColorizerConfig()
    objective: Objective = Objective()
    sources: tuple[Source, ...] = Field(min_length=1)
    card: CardText | None = None


def read_recipe(path: Path) -> Recipe:
    """Read a recipe.

    Raises:
        InvalidRequest: the file cannot be read or is not a recipe.
    """
    return read_recipe_file(path, Recipe)
