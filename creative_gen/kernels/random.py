"""Random numbers that depend only on (seed, step, draw), so batches and chunks cannot change them.

A counter-based generator: the 64-bit finaliser of SplitMix64 (Steele, Lea & Flood, "Fast splittable
pseudorandom number generators", OOPSLA 2014) applied to the counter, started at the hashed seed.
The functions take uint64 NumPy arrays, broadcast; compiled by Numba they take uint64 scalars and
give the same bits for `uniform`. They are for sampling, not for cryptography.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from creative_gen.interface.options import MAX_SEED

DRAWS_PER_STEP = np.uint64(16)
GOLDEN_GAMMA = np.uint64(0x9E3779B97F4A7C15)
MIX_1 = np.uint64(0xBF58476D1CE4E5B9)
MIX_2 = np.uint64(0x94D049BB133111EB)
ONE = np.uint64(1)
SHIFT_12 = np.uint64(12)
SHIFT_27 = np.uint64(27)
SHIFT_30 = np.uint64(30)
SHIFT_31 = np.uint64(31)
HALF = np.float64(0.5)
UNIT = np.float64(2.0**-52)
TWO_PI = 2.0 * np.pi


def mix(z: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Scramble 64 bits into 64 bits, one to one."""
    z = (z ^ (z >> SHIFT_30)) * MIX_1
    z = (z ^ (z >> SHIFT_27)) * MIX_2
    return z ^ (z >> SHIFT_31)


def uniform(
    seed: NDArray[np.uint64], step: NDArray[np.uint64], draw: NDArray[np.uint64]
) -> NDArray[np.float64]:
    """Uniform float64 strictly between 0 and 1; `draw` is below DRAWS_PER_STEP."""
    counter = step * DRAWS_PER_STEP + draw + ONE
    bits = mix(mix(seed + GOLDEN_GAMMA) + counter * GOLDEN_GAMMA)
    # 52 bits and a half: 53 would round the largest value up to 1.0.
    return ((bits >> SHIFT_12) + HALF) * UNIT


def normal_pair(
    u1: NDArray[np.float64], u2: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Two independent standard normals from two uniforms in (0, 1) (Box & Muller, 1958)."""
    radius = np.sqrt(-2.0 * np.log(u1))
    return radius * np.cos(TWO_PI * u2), radius * np.sin(TWO_PI * u2)


def seeds_from(seed: int | None, count: int) -> NDArray[np.uint64]:
    """The seed of each of `count` values: the request's for the first, one more for each next."""
    return (np.uint64(seed or 0) + np.arange(count, dtype=np.uint64)) & np.uint64(MAX_SEED)
