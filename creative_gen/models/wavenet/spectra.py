"""The spectrum of a sound, frame by frame, as a linear prediction."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

WINDOW_SECONDS = 0.025
FLOOR = 1e-5
"""White noise that is added before the analysis, relative to the sound: 50 dB below."""
STEEPEST = 0.9995
"""The largest reflection coefficient: a filter with none beyond 1 is stable."""

Double = NDArray[np.float64]


def reflections(
    samples: NDArray[np.floating], frames: NDArray[np.int64], frame: int, rate: int, order: int
) -> Double:
    """The reflection coefficients (frames, order) of windows around some frames' middles.

    Levinson's and Durbin's recursion on the autocorrelation; see Makhoul, "Linear prediction: a
    tutorial review" (1975).

    Args:
        samples: (N,). The sound.
        frames: (n,). Frame numbers.
        frame: int. Samples of a frame.
        rate: int. In Hz.
        order: int. Of the prediction.
    """
    half = round(WINDOW_SECONDS * rate / 2)
    middle = frames * frame + frame // 2
    padded = np.pad(np.asarray(samples, np.float64), (half, 2 * half + frame))
    size = 2 * half
    windows = padded[np.minimum(middle, len(samples))[:, None] + np.arange(size)]
    windows = windows * np.hanning(size + 1)[:-1]
    power = np.abs(np.fft.rfft(windows, 2 * size)) ** 2
    correlation = np.fft.irfft(power)[:, : order + 1]
    correlation[:, 0] = correlation[:, 0] * (1 + FLOOR) + 1e-9
    return _levinson(correlation)


def _levinson(correlation: Double) -> Double:
    count, order = len(correlation), correlation.shape[1] - 1
    found = np.zeros((count, order))
    predictor = np.zeros((count, order))
    error = correlation[:, 0].copy()
    for i in range(order):
        lags = correlation[:, i:0:-1]
        missed = correlation[:, i + 1] - (predictor[:, :i] * lags).sum(axis=1)
        k = np.clip(missed / error, -STEEPEST, STEEPEST)
        found[:, i] = k
        predictor[:, : i + 1] = _stepped_up(predictor[:, :i], k)
        error *= 1 - k**2
    return found


def coefficients(found: NDArray[np.floating]) -> NDArray[np.float32]:
    """The prediction's coefficients (frames, order) from its reflection coefficients."""
    predictor = np.zeros((len(found), 0))
    for i in range(found.shape[1]):
        predictor = _stepped_up(predictor, found[:, i].astype(np.float64))
    return predictor.astype(np.float32)


def _stepped_up(predictor: Double, k: Double) -> Double:
    lower = predictor - k[:, None] * predictor[:, ::-1]
    return np.concatenate([lower, k[:, None]], axis=1)
