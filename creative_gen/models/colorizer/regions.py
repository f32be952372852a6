"""Connected regions of a picture, in plain NumPy."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Bools = NDArray[np.bool_]
Index = NDArray[np.int64]


def regions_of(inside: Bools) -> tuple[Index, int]:
    """Number the regions whose pixels touch at their sides.

    Runs of pixels in rows are joined by what they touch in the row above (two passes of Rosenfeld
    and Pfaltz, 1966, with whole runs in place of pixels).

    Args:
        inside: (height, width). What belongs to a region.

    Returns:
        (height, width), the number of each pixel's region from 1 on, and 0 outside; and how many
        regions there are.
    """
    before = np.zeros_like(inside)
    before[:, 1:] = inside[:, :-1]
    starts = inside & ~before
    runs = np.where(inside, starts.cumsum().reshape(inside.shape), 0)
    touching = inside[1:] & inside[:-1]
    first = touching.copy()
    first[:, 1:] &= ~touching[:, :-1] | starts[1:, 1:] | starts[:-1, 1:]
    roots = _joined(int(starts.sum()) + 1, runs[:-1][first], runs[1:][first])
    kept, numbers = np.unique(roots, return_inverse=True)
    return numbers.reshape(-1)[runs], len(kept) - 1


def _joined(count: int, one: Index, other: Index) -> Index:
    """The lowest number (count,) that each is joined to, over any number of pairs."""
    roots = np.arange(count)
    while True:
        low, high = np.minimum(roots[one], roots[other]), np.maximum(roots[one], roots[other])
        if (low == high).all():
            return roots
        np.minimum.at(roots, high, low)
        while (roots != roots[roots]).any():
            roots = roots[roots]
