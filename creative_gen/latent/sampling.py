"""Latent vectors that are drawn from seeds."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from creative_gen.kernels.random import normal_pair, uniform

Floats = NDArray[np.float32]


def standard_normal(seeds: NDArray[np.uint64], size: int) -> Floats:
    """Independent standard normals (N, size), each row of its own seed."""
    pairs = np.arange((size + 1) // 2, dtype=np.uint64)
    one, two = (
        uniform(seeds[:, None], pairs, draw) for draw in np.arange(2, dtype=np.uint64)[:, None]
    )
    drawn = np.stack(normal_pair(one, two), axis=2).reshape(len(seeds), -1)
    return drawn[:, :size].astype(np.float32)
