"""Reads drawings of faces and sorts out which of them are plain ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from creative_gen.media.errors import MediaError
from creative_gen.media.ndjson import read_ndjson
from creative_gen.media.quickdraw_npz import read_npz
from creative_gen.media.sketch import Sketch
from creative_gen.training.face_parts import Points
from creative_gen.training.picture_folders import SPLITS, split_of


@dataclass(frozen=True, eq=False)
class Drawing:
    """The strokes of a drawing, float64 (points, 2) each, and its split: `train` or `valid`."""

    strokes: tuple[Points, ...]
    split: str


def read_drawings(paths: Iterable[Path]) -> Iterator[Drawing]:
    """The drawings of files, one after another.

    Args:
        paths: Sketch-RNN's `.npz` files, which have splits of their own ("test" is left alone), and
            Quick, Draw!'s `.ndjson` files, whose recognised drawings are split by their key.

    Raises:
        MediaError: a file cannot be read, or is of another kind.
    """
    for path in paths:
        if path.suffix.lower() == ".npz":
            yield from _npz_drawings(path)
        elif path.suffix.lower() == ".ndjson":
            yield from _ndjson_drawings(path)
        else:
            raise MediaError(f"'{path}' is no file of drawings.", "Give .npz or .ndjson files.")


def _npz_drawings(path: Path) -> Iterator[Drawing]:
    splits = read_npz(path)
    for split in SPLITS:
        for rows in splits.get(split, []):
            if len(rows):
                yield Drawing(_strokes(_from_first_point(rows)), split)


def _from_first_point(rows: NDArray[np.float32]) -> Sketch:
    # In these files the first point has no row: the first is the line from it to the second.
    return Sketch.from_stroke3(np.concatenate([np.zeros((1, 3), np.float32), rows]))


def _ndjson_drawings(path: Path) -> Iterator[Drawing]:
    for number, drawing in enumerate(read_ndjson(path)):
        if drawing.recognized and drawing.sketch.points:
            yield Drawing(_strokes(drawing.sketch), split_of(drawing.key_id or str(number)))


def _strokes(sketch: Sketch) -> tuple[Points, ...]:
    return tuple(stroke.astype(np.float64) for stroke in sketch.strokes)
