"""A training recipe of an upscaler: the network, the objective and the folders of pictures."""

from __future__ import annotations

from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from creative_gen.fitting.recipes import read_recipe_file
from creative_gen.models.upscaler.config import UpscalerConfig
from creative_gen.models.upscaler.objective import Objective
from creative_gen.store.card import CardText


class Source(BaseModel):
    """Pictures of one sort, and what is made of them.

    Args:
        folder: of `train/` and `valid/`, relative to the training data.
        weight: how often a patch is taken from it, relative to the other sources.
        sizes: what each picture is shrunk to before it is used, as shares of its own size.
        degradations: how often the small picture is made in which way; see `degradation`.
        limit: how many pictures at most, chosen at random; all by default.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    folder: Path
    weight: float = Field(1.0, gt=0.0)
    sizes: tuple[float, ...] = (1.0,)
    degradations: dict[str, float] = {"bicubic": 1.0}
    limit: int | None = Field(None, ge=1)


class Recipe(BaseModel):
    """A TOML file: [network], [objective], [[sources]], [card], and `start_from`.

    `start_from` is the folder of an earlier run, relative to this run's own, whose best weights
    the run begins with.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    start_from: Path | None = None
    network: UpscalerConfig = UpscalerConfig()
    objective: Objective = Objective()
    sources: tuple[Source, ...] = Field(min_length=1)
    card: CardText | None = None


def read_recipe(path: Path) -> Recipe:
    """Read a recipe.

    Raises:
        InvalidRequest: the file cannot be read or is not a recipe.
    """
    return read_recipe_file(path, Recipe)
