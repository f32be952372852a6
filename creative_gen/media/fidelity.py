"""How close a picture is to the true one: PSNR and SSIM, as super-resolution papers count them."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_LUMA: Final = np.array([65.481, 128.553, 24.966])
_SIGMA, _RADIUS = 1.5, 5
_K1, _K2 = 0.01, 0.03


def luma(rgb: NDArray[np.floating]) -> Floats:
    """The Y of ITU-R BT.601 in studio range, as MATLAB's `rgb2ycbcr` gives it.

    Args:
        rgb: float (..., 3). sRGB in [0, 1].

    Returns:
        float64 (...) in [16, 235]. It is not rounded to whole levels.
    """
    return np.asarray(np.asarray(rgb, np.float64) @ _LUMA + 16)


def psnr(a: NDArray[np.floating], b: NDArray[np.floating], peak: float, shave: int = 0) -> float:
    """The peak signal-to-noise ratio of two pictures.

    Args:
        a, b: float (H, W) or (H, W, channels). Of the same shape.
        peak: float. The largest value that a pixel can have; 255 also for luma.
        shave: int. Pixels at each edge that are left out. Defaults to none.

    Returns:
        Decibels; infinite for equal pictures.

    Raises:
        ValueError: the shapes differ, or shaving leaves nothing.
    """
    first, second = _shaved(a, b, shave)
    error = float(np.mean(np.square(first - second)))
    return 10 * math.log10(peak**2 / error) if error else math.inf


def ssim(a: NDArray[np.floating], b: NDArray[np.floating], peak: float, shave: int = 0) -> float:
    """The structural similarity of two pictures (Wang et al., 2004).

    As its authors' `ssim_index.m`: local statistics under an 11 x 11 Gaussian of sigma 1.5, not
    corrected for bias, K1 = 0.01, K2 = 0.03, and the mean over places where that window lies
    wholly inside.

    Args:
        a, b: float (H, W). Of the same shape.
        peak: float. The largest value that a pixel can have; 255 also for luma.
        shave: int. Pixels at each edge that are left out. Defaults to none.

    Returns:
        At most 1, which is that of equal pictures.

    Raises:
        ValueError: the shapes differ, or shaving leaves less than 11 x 11 pixels.
    """
    first, second = _shaved(a, b, shave)
    if min(first.shape) <= 2 * _RADIUS:
        raise ValueError(f"SSIM needs 11 x 11 pixels, not {first.shape[1]} x {first.shape[0]}.")
    mean_a, mean_b = _blurred(first), _blurred(second)
    variance_a = _blurred(first * first) - mean_a * mean_a
    variance_b = _blurred(second * second) - mean_b * mean_b
    covariance = _blurred(first * second) - mean_a * mean_b
    c1, c2 = (_K1 * peak) ** 2, (_K2 * peak) ** 2
    alike = (2 * mean_a * mean_b + c1) * (2 * covariance + c2)
    whole = (mean_a**2 + mean_b**2 + c1) * (variance_a + variance_b + c2)
    return float(np.mean(alike / whole))


def _shaved(a: NDArray[np.floating], b: NDArray[np.floating], shave: int) -> tuple[Floats, Floats]:
    if a.shape != b.shape:
        raise ValueError(f"Pictures of shapes {a.shape} and {b.shape} cannot be compared.")
    if min(a.shape[:2]) <= 2 * shave:
        raise ValueError(f"Nothing is left of {a.shape[1]} x {a.shape[0]} pixels less {shave}.")
    height, width = a.shape[:2]
    inner = slice(shave, height - shave), slice(shave, width - shave)
    return np.asarray(a, np.float64)[inner], np.asarray(b, np.float64)[inner]


def _blurred(plane: Floats) -> Floats:
    """The Gaussian's weighted means (H - 10, W - 10), rows and columns in turn."""
    taps = np.exp(-0.5 * (np.arange(-_RADIUS, _RADIUS + 1) / _SIGMA) ** 2)
    taps /= taps.sum()
    height, width = (side - 2 * _RADIUS for side in plane.shape)
    rows = sum((tap * plane[i : i + height] for i, tap in enumerate(taps)), np.zeros(1))
    return sum((tap * rows[:, i : i + width] for i, tap in enumerate(taps)), np.zeros(1))
