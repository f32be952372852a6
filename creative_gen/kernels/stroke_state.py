"""Where each of N drawings stands: the state a stroke decoder advances."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray


@dataclass
class DecoderState:
    """State of N drawings; `feed` and `sample` of a decoder change it in place.

    Attributes:
        h: (N, S) float32, hidden state, S = LSTM units (more for a HyperLSTM).
        c: (N, S) float32, cell state.
        x: (N, 5) float32, the last point, not yet consumed by the cell; S0 = (0, 0, 1, 0, 0).
        gate_bias: (N, 4H) float32, the bias with the constant condition folded in.
        seeds: (N,) uint64, one a drawing; the same seed draws the same drawing.
        step: (N,) int64, points fed and drawn so far.
        finished: (N,) bool, whether the end point has been reached.
    """

    h: NDArray[np.float32]
    c: NDArray[np.float32]
    x: NDArray[np.float32]
    gate_bias: NDArray[np.float32]
    seeds: NDArray[np.uint64]
    step: NDArray[np.int64]
    finished: NDArray[np.bool_]

    def __len__(self) -> int:
        """Return the number of drawings, N."""
        return len(self.seeds)

    def copy(self) -> DecoderState:
        """Return an independent copy."""
        return self.take(np.arange(len(self)))

    def take(self, rows: NDArray[np.integer]) -> DecoderState:
        """Return a copy of the given rows, in the given order; a row may be taken many times."""
        return DecoderState(*(getattr(self, field.name)[rows] for field in fields(self)))

    def repeat(self, k: int, seeds: NDArray[np.integer]) -> DecoderState:
        """Branch each drawing into k: rows 0 ... k-1 continue drawing 0, and so on.

        `seeds` has N * k values, one a branch.
        """
        branches = self.take(np.repeat(np.arange(len(self)), k))
        branches.seeds = as_seeds(seeds)
        if len(branches.seeds) != len(self) * k:
            raise ValueError(f"{len(self)} drawings times {k} need {len(self) * k} seeds")
        return branches


def as_seeds(seeds: NDArray[np.integer]) -> NDArray[np.uint64]:
    """Return integers (N,) as uint64; negative ones wrap around."""
    return np.ascontiguousarray(np.asarray(seeds).astype(np.uint64))
