"""Pairs of pictures that differ in one thing alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Rows = NDArray[np.intp]


class Twins:
    """For each picture of a set, those that differ from it in what is told of them alone.

    Args:
        groups: float32 (pictures,). The same number for pictures that are twins; NaN for those
            that have none.
    """

    def __init__(self, groups: NDArray[np.float32]) -> None:
        # A picture of no group is its own.
        numbers = np.where(np.isnan(groups), -1.0 - np.arange(len(groups)), groups)
        _, self._group, self._counts = np.unique(numbers, return_inverse=True, return_counts=True)
        self._order = np.argsort(self._group, kind="stable")
        self._starts = np.cumsum(self._counts) - self._counts

    def drawn(self, rows: Rows, rng: np.random.Generator) -> Rows:
        """For half of the rows a twin, where there is one; for the others the row itself."""
        group = self._group[rows]
        place = (rng.random(len(rows)) * self._counts[group]).astype(np.intp)
        twins = self._order[self._starts[group] + place]
        return np.where(rng.random(len(rows)) < 0.5, twins, rows)
