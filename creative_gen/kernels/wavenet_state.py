"""Where each of N streams stands: the state that a WaveNet sampler advances."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray


@dataclass
class WaveNetState:
    """State of N streams; `generate` and `read` of a sampler change it in place.

    Attributes:
        queue: (N, Q, R) float32, of each layer its last inputs, Q the sum of the dilations; the
            input of step t is in row t % dilation of the layer's part.
        past: (N, 2) int32, codes of the last two samples, the latest at the end.
        last: (N,) float32, the last sample of the sound.
        seeds: (N,) uint64, one a stream; the same seed draws the same sound.
        steps: (N,) int64, samples read and generated so far.
    """

    queue: NDArray[np.float32]
    past: NDArray[np.int32]
    last: NDArray[np.float32]
    seeds: NDArray[np.uint64]
    steps: NDArray[np.int64]

    def __len__(self) -> int:
        """Return the number of streams, N."""
        return len(self.seeds)

    def copy(self) -> WaveNetState:
        """Return an independent copy."""
        return self.rows(np.arange(len(self)))

    def rows(self, indices: NDArray[np.integer] | Sequence[int]) -> WaveNetState:
        """Return a copy of the given streams, in that order; one may be taken many times."""
        chosen = np.asarray(indices, np.intp)
        return WaveNetState(*(getattr(self, field.name)[chosen] for field in fields(self)))

    def with_seeds(self, seeds: NDArray[np.integer]) -> WaveNetState:
        """Return a copy that goes on with other seeds (N,).

        Raises:
            ValueError: there is not one seed a stream.
        """
        if len(seeds) != len(self):
            raise ValueError(f"{len(self)} streams need {len(self)} seeds, not {len(seeds)}")
        return replace(self.copy(), seeds=as_seeds(seeds))

    @classmethod
    def joined(cls, states: Sequence[WaveNetState]) -> WaveNetState:
        """Return a copy of the streams of all states, at least one, one after another."""
        return cls(
            *(np.concatenate([getattr(s, field.name) for s in states]) for field in fields(cls))
        )


def as_seeds(seeds: NDArray[np.integer]) -> NDArray[np.uint64]:
    """Return integers (N,) as uint64; negative ones wrap around."""
    return np.ascontiguousarray(np.asarray(seeds).astype(np.uint64))
