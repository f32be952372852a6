"""Distances between rows of numbers, and to the nearest of them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

_PAIRS = 1 << 22
"""How many distances are in memory at a time."""

Floats = NDArray[np.float64]


def blocks_of_distances(first: Floats, second: Floats) -> Iterator[tuple[slice, Floats]]:
    """Euclidean distances of a few rows at a time, as all at once may not fit in memory.

    Args:
        first, second: float64 (N, D) and (M, D).

    Yields:
        Which rows of `first`, and their distances (rows, M) from all of `second`.
    """
    # Of what is left after a shift, so that squares are of differences and not of large numbers.
    middle = second.mean(axis=0)
    second = second - middle
    lengths = (second**2).sum(axis=1)
    count = max(_PAIRS // len(second), 1)
    for start in range(0, len(first), count):
        rows = first[start : start + count] - middle
        squares = (rows**2).sum(axis=1)[:, None] + lengths - 2 * rows @ second.T
        yield slice(start, start + len(rows)), np.sqrt(np.maximum(squares, 0))


def kth_nearest(rows: Floats, k: int) -> Floats:
    """The distance (N,) of each row (N, D) to its k-th nearest other one; k < N."""
    radii = np.empty(len(rows))
    for part, distances in blocks_of_distances(rows, rows):
        # Rounding may make a row's distance to itself a little more than 0.
        distances[np.arange(len(distances)), np.arange(part.start, part.stop)] = np.inf
        radii[part] = np.partition(distances, k - 1, axis=1)[:, k - 1]
    return radii
