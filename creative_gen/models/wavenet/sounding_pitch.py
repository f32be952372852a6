"""The pitch of a sound, from its autocorrelation."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

LOWEST, HIGHEST = 30.0, 2100.0
"""Hz: B0 to C7."""
CLEAR = 0.7
"""Normalised autocorrelation from which a sound is said to have a pitch."""
NEARLY = 0.93
"""The first peak of at least this share of the highest is the period, not one of its multiples."""


def sounding_pitch(samples: NDArray[np.floating], sample_rate: int) -> float | None:
    """The pitch as a MIDI note number, or None if there is none.

    The first high peak of the normalised autocorrelation (McLeod & Wyvill, "A smarter way to find
    pitch", 2005), its lag refined by a parabola.

    Args:
        samples: (N,). The part of the sound to listen to; 0.1 to 0.5 seconds are best.
        sample_rate: int. In Hz.
    """
    sound = np.asarray(samples, np.float64) - np.mean(samples)
    longest = min(int(sample_rate / LOWEST), len(sound) // 2)
    shortest = int(sample_rate / HIGHEST)
    if longest <= shortest + 2 or not np.any(sound):
        return None
    clarity = _normalised_autocorrelation(sound, longest + 1)
    # The peak around lag 0 is not a period.
    below = np.flatnonzero(clarity < 0)
    start = max(shortest, int(below[0]) if len(below) else longest)
    inner = clarity[1:-1]
    peaks = np.flatnonzero((inner >= clarity[:-2]) & (inner > clarity[2:])) + 1
    peaks = peaks[peaks >= start]
    if not len(peaks) or clarity[peaks].max() < CLEAR:
        return None
    lag = int(peaks[np.argmax(clarity[peaks] >= NEARLY * clarity[peaks].max())])
    before, here, after = clarity[lag - 1 : lag + 2]
    period = lag + (before - after) / (2 * (before - 2 * here + after))
    return float(69 + 12 * np.log2(sample_rate / period / 440.0))


def _normalised_autocorrelation(sound: NDArray[np.float64], lags: int) -> NDArray[np.float64]:
    """2 sum x_t x_(t+k) / sum (x_t^2 + x_(t+k)^2) for k < `lags`, in [-1, 1]."""
    count = len(sound)
    spectrum = np.fft.rfft(sound, 2 * count)
    products = np.fft.irfft(np.abs(spectrum) ** 2)[:lags]
    energy = np.concatenate([[0.0], np.cumsum(sound * sound)])
    ends = count - np.arange(lags)
    power = energy[ends] + energy[count] - energy[np.arange(lags)]
    return np.asarray(2 * products / np.maximum(power, 1e-12))
