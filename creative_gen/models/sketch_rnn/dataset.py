"""Training batches of drawings: weighted by source, bucketed by length, augmented."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from creative_gen.media.sketch import stroke5_from_stroke3
from creative_gen.models.sketch_rnn.config import SketchRNNConfig
from creative_gen.models.sketch_rnn.drawings import Stroke3, inside_strokes, without_points
from creative_gen.models.sketch_rnn.objective import Objective

Batch = dict[str, NDArray[Any]]

START = np.array([[0, 0, 1, 0, 0]], np.float32)
FIRST_BUCKETS = (32, 48, 64, 80, 104, 136, 184, 250)
BUCKET_GROWTH = 1.35
FEWEST_SEEN = 0.3
"""The smallest part of a drawing that the classifier learns from."""


@dataclass
class Drawings:
    """Drawings in canvas units with their category's index and how often each is to be drawn."""

    items: list[Stroke3]
    category: NDArray[np.int32]
    weight: NDArray[np.float64]

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Points of each drawing."""
        return np.array([len(item) for item in self.items], np.int64)

    def offsets_std(self) -> float:
        """Standard deviation of all dx and dy, each drawing as often as its weight says.

        The paper's scale factor (section 3.1); the mean is taken to be 0, as it does.
        """
        squares = [float(np.square(item[:, :2], dtype=np.float64).sum()) for item in self.items]
        offsets = np.dot(self.weight, 2 * self.lengths)
        return float(np.sqrt(np.dot(self.weight, squares) / offsets))


def buckets(max_points: int) -> list[int]:
    """Padded lengths, so that few points are padding and few shapes are compiled."""
    sizes = [size for size in FIRST_BUCKETS if size < max_points]
    size = FIRST_BUCKETS[-1]
    while size < max_points:
        sizes.append(size)
        size = round(size * BUCKET_GROWTH)
    return [*dict.fromkeys(sizes), max_points]


def make_batch(
    items: list[Stroke3],
    category: NDArray[np.int32],
    seen: NDArray[np.int32],
    scale_factor: float,
    length: int,
) -> Batch:
    """A batch as the network takes it; `length` is the padded number of points."""
    scale = np.array([scale_factor, scale_factor, 1], np.float32)
    target = np.stack([stroke5_from_stroke3(item / scale, length + 1) for item in items])
    start = np.repeat(START[None], len(items), axis=0)
    return {
        "points": np.concatenate([start, target[:, :-1]], axis=1),
        "target": target,
        "lengths": np.array([len(item) for item in items], np.int32),
        "seen": seen,
        "category": category,
    }


def training_batches(
    drawings: Drawings, config: SketchRNNConfig, objective: Objective, seed: int | Sequence[int]
) -> Iterator[Batch]:
    """Endless batches. A batch is of one bucket of lengths, so that little is padded."""
    rng = np.random.default_rng(seed)
    sizes = buckets(config.max_points)
    bucket = np.searchsorted(sizes, drawings.lengths)
    members = [np.flatnonzero(bucket == index) for index in range(len(sizes))]
    chances = np.array([drawings.weight[rows].sum() for rows in members])
    while True:
        index = rng.choice(len(sizes), p=chances / chances.sum())
        weight = drawings.weight[members[index]]
        rows = rng.choice(members[index], objective.batch_size, p=weight / weight.sum())
        items = [augment(drawings.items[row], objective, rng) for row in rows]
        share = rng.uniform(FEWEST_SEEN, 1, len(items))
        seen = np.ceil(share * [len(item) for item in items]).astype(np.int32)
        yield make_batch(items, drawings.category[rows], seen, config.scale_factor, sizes[index])


def validation_batches(
    drawings: Drawings, config: SketchRNNConfig, batch_size: int
) -> Iterator[Batch]:
    """Every drawing once, shortest first; the classifier's prefix is half of the points."""
    sizes = buckets(config.max_points)
    order = np.argsort(drawings.lengths, kind="stable")
    for first in range(0, len(order), batch_size):
        rows = order[first : first + batch_size]
        items = [drawings.items[row] for row in rows]
        length = sizes[int(np.searchsorted(sizes, len(items[-1])))]
        seen = np.array([(len(item) + 1) // 2 for item in items], np.int32)
        yield make_batch(items, drawings.category[rows], seen, config.scale_factor, length)


def augment(drawing: Stroke3, objective: Objective, rng: np.random.Generator) -> Stroke3:
    """Stretch both axes at random and leave out points inside strokes (section 3.3)."""
    stretch = 1 + rng.uniform(-objective.random_scale, objective.random_scale, 2)
    drawing = drawing * np.append(stretch, 1).astype(np.float32)
    dropped = inside_strokes(drawing) & (rng.random(len(drawing)) < objective.drop_points)
    return without_points(drawing, ~dropped) if dropped.any() else drawing
