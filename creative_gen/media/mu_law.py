"""Mu-law companding (ITU-T G.711's curve, WaveNet section 2.2) and pre-emphasis.

A WaveNet that chooses among 256 levels makes noise that is as loud at every frequency.
Pre-emphasis before companding, undone after it, gives that noise the spectrum of a sound
that falls with frequency (Valin & Skoglund 2019, LPCNet, section 3.3).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

MU = 255
LEVELS = 256


def compand(values: ArrayLike) -> NDArray[np.float64]:
    """sign(x) ln(1 + mu |x|) / ln(1 + mu): [-1, 1] to [-1, 1], finest around 0."""
    x = np.asarray(values, np.float64)
    return np.asarray(np.sign(x) * np.log1p(MU * np.abs(x)) / np.log1p(MU))


def expand(companded: ArrayLike) -> NDArray[np.float64]:
    """The inverse of `compand`: sign(y) ((1 + mu)^|y| - 1) / mu."""
    y = np.asarray(companded, np.float64)
    return np.asarray(np.sign(y) * np.expm1(np.abs(y) * np.log1p(MU)) / MU)


def levels_of(values: ArrayLike) -> NDArray[np.int32]:
    """The level, 0 to 255, that each value falls into; those beyond [-1, 1] into the outer."""
    levels = np.floor((compand(values) + 1) * (LEVELS / 2))
    return np.clip(levels, 0, LEVELS - 1).astype(np.int32)


def values_of(levels: ArrayLike) -> NDArray[np.float64]:
    """The value in the middle of each level, on the companded scale: (2k + 1) / 256 - 1."""
    return expand((2 * np.asarray(levels, np.float64) + 1) / LEVELS - 1)


def pre_emphasis(
    values: ArrayLike, coefficient: float, previous: float = 0.0
) -> NDArray[np.float64]:
    """u_t = y_t - a y_{t-1} along the last axis.

    Args:
        values: (..., frames). The sound y.
        coefficient: float. a, from 0, which changes nothing, up to but not including 1.
        previous: float. y before the first frame. Defaults to silence.
    """
    y = np.asarray(values, np.float64)
    before = np.concatenate([np.full((*y.shape[:-1], 1), previous), y[..., :-1]], axis=-1)
    return y - coefficient * before[..., : y.shape[-1]]


def de_emphasis(
    values: ArrayLike, coefficient: float, previous: float = 0.0
) -> NDArray[np.float64]:
    """y_t = u_t + a y_{t-1} along the last axis: the inverse of `pre_emphasis`.

    Args:
        values: (..., frames). The pre-emphasised sound u.
        coefficient: float. a, from 0, which changes nothing, up to but not including 1.
        previous: float. y before the first frame. Defaults to silence.
    """
    y = np.array(values, np.float64)
    y[..., :1] += coefficient * previous
    # 1 / (1 - a z^-1) is the product of all 1 + (a z^-1)^(2^i): a few passes over the
    # array in place of a loop over its samples.
    delay, gain = 1, coefficient
    while delay < y.shape[-1] and gain > 1e-20:
        y[..., delay:] += gain * y[..., :-delay]
        delay, gain = 2 * delay, gain * gain
    return y
