"""What is done to a picture's transparency before and after it is enlarged."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]

FLAT_RADIUS = 2
"""Transparency that does not change within this many pixels is kept as it is."""


def bled(rgb: Floats, visible: Bools, reach: int) -> Floats:
    """Let colours run into what cannot be seen, so that its own colours do not show at edges.

    Each step colours the pixels beside coloured ones with the mean of those, diagonal ones too.

    Args:
        rgb: (height, width, 3). The colours.
        visible: (height, width). Where they count.
        reach: int. How many pixels they run: as far as the network looks.

    Returns:
        (height, width, 3). The same where visible, or out of reach.
    """
    known = visible.copy()
    result = np.where(known[..., None], rgb, np.float32(0))
    for _ in range(reach):
        if known.all():
            break
        count = _sum3x3(known.astype(np.float32)[..., None])
        fresh = ~known & (count[..., 0] > 0)
        mean = _sum3x3(result) / np.maximum(count, 1)
        result = np.where(fresh[..., None], mean, result)
        known |= fresh
    return np.where(known[..., None], result, rgb)


def flat(alpha: Floats) -> Bools:
    """Where transparency is the same all around, so that enlarging must not change it.

    Args:
        alpha: (height, width).

    Returns:
        (height - 2 FLAT_RADIUS, width - 2 FLAT_RADIUS). That of the inner pixels.
    """
    lowest, highest = alpha, alpha
    for axis in (0, 1):
        parts = np.lib.stride_tricks.sliding_window_view(
            np.stack([lowest, highest]), 2 * FLAT_RADIUS + 1, axis=axis + 1
        )
        lowest, highest = parts[0].min(axis=-1), parts[1].max(axis=-1)
    return np.asarray(lowest == highest)


def is_hard(alpha: NDArray[np.uint8 | np.uint16]) -> bool:
    """Whether a picture is cut out, as tiles of games are: each pixel is there or is not."""
    return bool(((alpha == 0) | (alpha == np.iinfo(alpha.dtype).max)).all())


def _sum3x3(values: Floats) -> Floats:
    padded = np.pad(values, ((1, 1), (1, 1), (0, 0)))
    rows = padded[:-2] + padded[1:-1] + padded[2:]
    return np.asarray(rows[:, :-2] + rows[:, 1:-1] + rows[:, 2:])
