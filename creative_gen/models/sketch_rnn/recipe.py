"""A training recipe: which drawings of which categories, and how often each source is drawn."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from creative_gen.fitting.recipes import read_recipe_file
from creative_gen.media.errors import MediaError
from creative_gen.media.quickdraw_npz import drawing_rows, read_npz
from creative_gen.media.simplify import EPSILON, rdp
from creative_gen.media.sketch import Sketch
from creative_gen.models.sketch_rnn.config import SketchRNNConfig
from creative_gen.models.sketch_rnn.dataset import Drawings
from creative_gen.models.sketch_rnn.drawings import (
    Stroke3,
    to_canvas,
    to_stroke3,
)
from creative_gen.models.sketch_rnn.labelled import read_labelled
from creative_gen.models.sketch_rnn.objective import Objective
from creative_gen.store.card import CardText

Split = Literal["train", "valid"]


class Source(BaseModel):
    """Drawings of one category, in one file.

    `weight` is the share of the training batches that this source gets, relative to the others;
    `resimplified` the part of it that is simplified once more to Quick, Draw!'s public form.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    category: str
    path: str
    weight: float = Field(1.0, gt=0)
    resimplified: float = Field(0.0, ge=0, lt=1)
    label: str | None = Field(None, description="The class to take from a file of many classes.")


class Recipe(BaseModel):
    """A TOML file: [network], [objective] and one [[source]] a file of drawings."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    network: SketchRNNConfig = SketchRNNConfig()
    objective: Objective = Objective()
    class_conditional: bool = Field(True, description="Whether the network is told the category.")
    source: tuple[Source, ...] = Field(min_length=1)
    card: CardText | None = Field(None, description="What the asset's card says.")

    @property
    def categories(self) -> tuple[str, ...]:
        """The categories in the order in which the sources first name them."""
        return tuple(dict.fromkeys(source.category for source in self.source))

    def load(self, folder: Path, split: Split) -> Drawings:
        """All sources' drawings of a split, in canvas units.

        Raises:
            MediaError: a file cannot be read, or has no drawing to train on.
        """
        items: list[Stroke3] = []
        category: list[int] = []
        weight: list[float] = []
        for source in self.source:
            drawings = read_drawings(source, folder, split, self.network.max_points)
            for variant, share in _variants(source, drawings, split):
                items += variant
                category += [self.categories.index(source.category)] * len(variant)
                weight += [share / max(len(variant), 1)] * len(variant)
        if not items:
            raise MediaError(
                f"The recipe's files have no '{split}' drawings of at most "
                f"{self.network.max_points} points.",
                "Add drawings, or a larger max_points.",
            )
        return Drawings(items, np.array(category, np.int32), np.array(weight))


def read_recipe(path: Path) -> Recipe:
    """Read a recipe; the categories of its network are those of its sources.

    Raises:
        InvalidRequest: the file cannot be read or is not a recipe.
    """
    recipe = read_recipe_file(path, Recipe)
    categories = recipe.categories if recipe.class_conditional else ()
    network = recipe.network.model_copy(update={"categories": categories})
    return recipe.model_copy(update={"network": network})


def read_drawings(source: Source, folder: Path, split: Split, max_points: int) -> list[Stroke3]:
    """The drawings of a source that have 2 to `max_points` points, in canvas units."""
    path = folder / source.path
    if path.is_dir():
        drawings = read_labelled(path / f"{split}.npz", source.label or source.category)
    else:
        drawings = read_npz(path).get(split, [])
    usable = [drawing for drawing in drawings if 2 <= len(drawing) <= max_points]
    if split == "train" and not usable:
        raise MediaError(
            f"'{source.path}' has no 'train' drawing of at most {max_points} points.",
            "Take the source out of the recipe, or allow a larger max_points.",
        )
    return [to_canvas(drawing) for drawing in usable]


def _variants(
    source: Source, drawings: list[Stroke3], split: Split
) -> list[tuple[list[Stroke3], float]]:
    if split == "valid" or not source.resimplified:
        return [(drawings, source.weight)]
    again = source.weight * source.resimplified
    return [(drawings, source.weight - again), ([simplified(d) for d in drawings], again)]


def simplified(drawing: Stroke3) -> Stroke3:
    """The drawing with each stroke simplified as Quick, Draw!'s public set is (epsilon 2)."""
    sketch = Sketch.from_stroke3(to_stroke3(drawing))
    strokes = tuple(rdp(stroke, EPSILON) for stroke in sketch.strokes)
    return drawing_rows(Sketch(strokes, sketch.size))
