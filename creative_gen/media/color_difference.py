"""How different two colours look: CIEDE2000."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_TWENTY_FIVE = 25.0**7


def ciede2000(lab1: NDArray[np.floating], lab2: NDArray[np.floating]) -> Floats:
    """The CIEDE2000 colour differences (CIE 142-2001), with kL = kC = kH = 1.

    After Sharma, Wu and Dalal (2005, "The CIEDE2000 color-difference formula: implementation
    notes"), whose equation numbers are given.

    Args:
        lab1, lab2: float (..., 3). CIELAB; their shapes broadcast.

    Returns:
        float64 (...), 0 or more. About 1 is just noticeable.
    """
    lightness1, a1, b1 = np.moveaxis(np.asarray(lab1, np.float64), -1, 0)
    lightness2, a2, b2 = np.moveaxis(np.asarray(lab2, np.float64), -1, 0)
    mean_chroma = (np.hypot(a1, b1) + np.hypot(a2, b2)) / 2
    stretch = 1 + 0.5 * (1 - _saturating(mean_chroma))  # (4), (5)
    chroma1, hue1 = np.hypot(stretch * a1, b1), _hue(stretch * a1, b1)  # (6), (7)
    chroma2, hue2 = np.hypot(stretch * a2, b2), _hue(stretch * a2, b2)
    turn = _turn(hue2 - hue1)
    # A grey has no hue to differ in: (10), (11).
    hue_difference = 2 * np.sqrt(chroma1 * chroma2) * np.sin(turn / 2)
    lightness = (lightness1 + lightness2) / 2
    chroma = (chroma1 + chroma2) / 2
    hue = np.where(chroma1 * chroma2 == 0, hue1 + hue2, hue1 + turn / 2)  # (14)
    offset = np.square(lightness - 50)
    light = (lightness2 - lightness1) / (1 + 0.015 * offset / np.sqrt(20 + offset))  # (16)
    vivid = (chroma2 - chroma1) / (1 + 0.045 * chroma)  # (17)
    tinted = hue_difference / (1 + 0.015 * chroma * _hue_weight(hue))  # (18)
    rotation = _rotation(chroma, hue)
    squared = light**2 + vivid**2 + tinted**2 + rotation * vivid * tinted  # (22)
    return np.asarray(np.sqrt(np.maximum(squared, 0)))


def _saturating(chroma: Floats) -> Floats:
    seventh = chroma**7
    return np.asarray(np.sqrt(seventh / (seventh + _TWENTY_FIVE)))


def _hue(a: Floats, b: Floats) -> Floats:
    """In [0, 2 pi); 0 of greys, whatever the signs of their zeros."""
    return np.asarray(np.arctan2(b + 0.0, a + 0.0) % (2 * np.pi))


def _turn(angle: Floats) -> Floats:
    """The shorter way round, in [-pi, pi]; half a turn keeps its sign, as in (10)."""
    # Opposite hues differ by half a turn and what rounding adds to it.
    half, whole = np.pi + 1e-12, 2 * np.pi
    return np.where(angle > half, angle - whole, np.where(angle < -half, angle + whole, angle))


def _hue_weight(hue: Floats) -> Floats:
    """T of equation 15."""
    return np.asarray(
        1
        - 0.17 * np.cos(hue - np.radians(30))
        + 0.24 * np.cos(2 * hue)
        + 0.32 * np.cos(3 * hue + np.radians(6))
        - 0.20 * np.cos(4 * hue - np.radians(63))
    )


def _rotation(chroma: Floats, hue: Floats) -> Floats:
    """R_T of equations 19 to 21: blues, whose hue and chroma are felt together."""
    degrees = np.degrees(hue) % 360
    spread = 30 * np.exp(-np.square((degrees - 275) / 25))
    return np.asarray(-np.sin(np.radians(2 * spread)) * 2 * _saturating(chroma))
