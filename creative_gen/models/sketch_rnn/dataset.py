"""Training batches of drawings: weighted by source, bucketed by length, augmented."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from creative_gen.media.sketch import stroke5_from_stroke3
from creative_gen.models.sketch_rnn.drawings import Stroke3, without_points
from creative_gen.models.sketch_rnn.objective import Objective

Batch = dict[str, NDArray]

START = np.array([[0, 0, 1, 0, 0]], np.float32)
BUCKETS = (32, 48, 64, 80, 104, 136, 184, 250)
FEWEST_SEEN = 0.3
"""The smallest part of a drawing that the classifier learns from."""


@dataclass
class Drawings:
    """Drawings in canvas units with their category's index and how often each is to be drawn."""

    items: list[Stroke3]
    category: NDArray[np.int32]
    weight: NDArray[np.float64]

    def offsets_std(self) -> float:
        """Standard deviation of all offsets: the paper's scale factor."""
        shares = self.weight / self.weight.sum()
        squares = [float(np.square(item[:, :2]).mean()) for item in self.items]
        return float(np.sqrt(np.dot(shares, squares)))


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
    drawings: Drawings, scale_factor: float, objective: Objective, seed: int
) -> Iterator[tuple[Batch]]:
    """Endless batches. A batch is of one bucket of lengths, so that little is padded."""
    rng = np.random.default_rng(seed)
    lengths = np.array([len(item) for item in drawings.items])
    bucket = np.searchsorted(BUCKETS, lengths)
    members = [np.flatnonzero(bucket == index) for index in range(len(BUCKETS))]
    chances = np.array([drawings.weight[rows].sum() for rows in members])
    while True:
        index = rng.choice(len(BUCKETS), p=chances / chances.sum())
        weight = drawings.weight[members[index]]
        rows = rng.choice(members[index], objective.batch_size, p=weight / weight.sum())
        items = [augment(drawings.items[row], objective, rng) for row in rows]
        share = rng.uniform(FEWEST_SEEN, 1, len(items))
        seen = np.ceil(share * [len(item) for item in items]).astype(np.int32)
        yield (make_batch(items, drawings.category[rows], seen, scale_factor, BUCKETS[index]),)


def validation_batches(
    drawings: Drawings, scale_factor: float, batch_size: int
) -> Iterator[tuple[Batch]]:
    """Every drawing once, shortest first; the classifier's prefix is half of the points."""
    order = np.argsort([len(item) for item in drawings.items], kind="stable")
    for first in range(0, len(order), batch_size):
        rows = order[first : first + batch_size]
        items = [drawings.items[row] for row in rows]
        longest = max(len(item) for item in items)
        length = BUCKETS[int(np.searchsorted(BUCKETS, longest))]
        seen = np.array([(len(item) + 1) // 2 for item in items], np.int32)
        yield (make_batch(items, drawings.category[rows], seen, scale_factor, length),)


def augment(drawing: Stroke3, objective: Objective, rng: np.random.Generator) -> Stroke3:
    """Stretch both axes at random and leave out points inside strokes (section 3.3)."""
    stretch = 1 + rng.uniform(-objective.random_scale, objective.random_scale, 2)
    drawing = drawing * np.append(stretch, 1).astype(np.float32)
    inside = drawing[:, 2] < 0.5
    keep = ~inside | (rng.random(len(drawing)) >= objective.drop_points)
    return without_points(drawing, keep) if not keep.all() else drawing
