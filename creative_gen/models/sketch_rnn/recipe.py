"""A training recipe: which drawings of which categories, and how often each source is drawn."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from creative_gen.media.errors import MediaError
from creative_gen.media.quickdraw_npz import read_npz
from creative_gen.media.simplify import EPSILON, rdp
from creative_gen.media.sketch import Sketch
from creative_gen.models.sketch_rnn.config import SketchRNNConfig
from creative_gen.models.sketch_rnn.dataset import BUCKETS, Drawings
from creative_gen.models.sketch_rnn.drawings import (
    Stroke3,
    from_sketch,
    to_canvas,
    to_stroke3,
)
from creative_gen.models.sketch_rnn.objective import Objective


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

    network: SketchRNNConfig
    objective: Objective
    source: tuple[Source, ...] = Field(min_length=1)

    @property
    def categories(self) -> tuple[str, ...]:
        """The categories in the order in which the sources first name them."""
        return tuple(dict.fromkeys(source.category for source in self.source))

    def load(self, folder: Path, split: Literal["train", "valid"]) -> Drawings:
        """All sources' drawings of a split, in canvas units."""
        items: list[Stroke3] = []
        category: list[int] = []
        weight: list[float] = []
        for source in self.source:
            for drawings, share in _variants(source, read_drawings(source, folder, split), split):
                items += drawings
                category += [self.categories.index(source.category)] * len(drawings)
                weight += [share / max(len(drawings), 1)] * len(drawings)
        return Drawings(items, np.array(category, np.int32), np.array(weight))


def read_recipe(path: Path) -> Recipe:
    """Read a recipe; the categories of its network are those of its sources."""
    recipe = Recipe.model_validate(tomllib.loads(path.read_text()))
    network = recipe.network.model_copy(update={"categories": recipe.categories})
    return recipe.model_copy(update={"network": network})


def read_drawings(source: Source, folder: Path, split: str) -> list[Stroke3]:
    """The drawings of a source that are short enough, in canvas units."""
    path = folder / source.path
    if path.is_dir():
        drawings = read_labelled(path / f"{split}.npz", source.label or source.category)
    else:
        drawings = read_npz(path).get(split, [])
    usable = [drawing for drawing in drawings if 2 <= len(drawing) <= BUCKETS[-1]]
    return [to_canvas(drawing) for drawing in usable]


def read_labelled(path: Path, label: str) -> list[Stroke3]:
    """The drawings of one class in an archive of flat arrays: strokes, offsets, label, classes."""
    with np.load(path) as file:
        classes, offsets, strokes = list(file["classes"]), file["offsets"], file["strokes"]
        if label not in classes:
            raise MediaError(f"'{path.name}' has no class '{label}'.", "Check the recipe's label.")
        rows = np.flatnonzero(file["label"] == classes.index(label))
    return [strokes[offsets[row] : offsets[row + 1]].astype(np.float32) for row in rows]


def _variants(
    source: Source, drawings: list[Stroke3], split: str
) -> list[tuple[list[Stroke3], float]]:
    if split == "valid" or not source.resimplified:
        return [(drawings, source.weight)]
    again = source.weight * source.resimplified
    return [(drawings, source.weight - again), ([simplified(d) for d in drawings], again)]


def simplified(drawing: Stroke3) -> Stroke3:
    """The drawing with each stroke simplified as Quick, Draw!'s public set is (epsilon 2)."""
    sketch = Sketch.from_stroke3(to_stroke3(drawing))
    strokes = tuple(rdp(stroke, EPSILON) for stroke in sketch.strokes)
    return from_sketch(Sketch(strokes, sketch.size))
