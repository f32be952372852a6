"""The numbers that a WaveNet's samples are: 256 mu-law levels, or the 65,536 of 16 bits."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from creative_gen.kernels.logistics import GRID, LOWEST
from creative_gen.kernels.wavenet_weights import LEVELS, Head
from creative_gen.media.mu_law import compand, levels_of, values_of


@dataclass(frozen=True)
class Codes:
    """Samples of the model domain by their code, 0 and up.

    The last code, `silence`, is no sample: it stands for the zeros before the start, which no
    mu-law level is.

    Attributes:
        head: which of the two.
        mixtures: logistics that predict a sample, 0 for levels.
        values: (codes + 1,) float32, the sample in [-1, 1].
        companded: (codes + 1,) float32, the sample by mu-law, in [-1, 1].
    """

    head: Head
    mixtures: int
    values: NDArray[np.float32]
    companded: NDArray[np.float32]

    @classmethod
    def of(cls, head: Head, outputs: int) -> Codes:
        """The codes of a head with that many outputs."""
        if head == "mu_law":
            mixtures, values = 0, values_of(np.arange(LEVELS))
        else:
            mixtures, values = outputs // 3, np.arange(LOWEST, -LOWEST) / GRID
        values = np.append(values, 0.0)
        return cls(head, mixtures, values.astype(np.float32), compand(values).astype(np.float32))

    @property
    def silence(self) -> int:
        """The code of the zeros before the start."""
        return len(self.values) - 1

    def nearest(self, samples: NDArray[np.floating]) -> NDArray[np.int32]:
        """The code of each sample; those beyond [-1, 1] get the outer ones."""
        if self.head == "mu_law":
            return levels_of(samples)
        steps = np.rint(np.asarray(samples, np.float64) * GRID)
        return (np.clip(steps, LOWEST, -LOWEST - 1) - LOWEST).astype(np.int32)
