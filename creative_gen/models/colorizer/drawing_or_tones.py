"""Tells line drawings from pictures in tones, and coloured pictures from grey ones."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from creative_gen.media.image import Image
from creative_gen.media.picture_folder import on_white

Floats = NDArray[np.float32]

PAPER = 0.93
"""How bright paper is at least, where its usual brightness is 1 and that of ink 0."""
MOST_TONES = 0.01
"""The share of a drawing's pixels that may lie in areas of grey."""
LEAST_INK = 0.002
LEAST_PAPER = 0.5
TINGE = 24 / 255
"""How far the channels of a pixel differ that has a colour; those of old JPEGs differ by less."""
LEAST_COLOR = 0.01
"""The share of pixels that have a colour in a coloured picture."""

_CROP = 256
_CROPS = 4


def crops(image: Image) -> Floats:
    """Up to 4 x 4 squares of a picture, evenly over it, on white where it is clear.

    Returns:
        (squares, side, side, 3), sRGB in [0, 1]; squares are cut to the shorter side.
    """
    side = min(_CROP, image.height, image.width)
    return np.stack(
        [
            on_white(image.with_pixels(image.pixels[row : row + side, column : column + side]))
            for row in _starts(image.height, side)
            for column in _starts(image.width, side)
        ]
    )


def is_line_drawing(rgb: Floats) -> bool:
    """Whether a picture is dark lines, or black shapes, on paper.

    Most of a drawing is paper, some of it ink, and what is between them is edges: hardly any pixel
    of it has neighbours of the same grey. The limits were chosen on icons, clip art, photographs
    and tiles, in PNG and as JPEG of quality 60.

    Args:
        rgb: (..., height, width, 3). sRGB in [0, 1].
    """
    gray = rgb.mean(axis=-1)
    paper = np.percentile(gray, 95)
    # Pencils are paler than ink, but the yellow of a sun on paper is no pencil.
    ink = min(float(np.percentile(gray, 0.5)), 0.6 * float(paper))
    if paper <= 0:
        return False
    levels = (gray - ink) / (paper - ink)
    low, high = _around(levels, np.minimum), _around(levels, np.maximum)
    tones = (high - low < 0.1) & (levels > 0.15) & (levels <= PAPER)
    return bool(
        (levels > PAPER).mean() > LEAST_PAPER
        and (levels < 0.7).mean() > LEAST_INK
        and tones.mean() < MOST_TONES
    )


def is_colored(rgb: Floats) -> bool:
    """Whether a picture (..., 3), in [0, 1], has colours that colouring would replace."""
    return bool((np.ptp(rgb, axis=-1) > TINGE).mean() > LEAST_COLOR)


def _starts(length: int, side: int) -> list[int]:
    count = min(_CROPS, -(-length // side))
    return sorted({(length - side) * index // max(count - 1, 1) for index in range(count)})


def _around(levels: Floats, choose: np.ufunc) -> Floats:
    """The lowest or highest of the 3 x 3 pixels around each."""
    for axis in (-2, -1):
        padding = [(0, 0)] * levels.ndim
        padding[axis] = (1, 1)
        padded = np.moveaxis(np.pad(levels, padding, mode="edge"), axis, 0)
        chosen = choose(choose(padded[:-2], padded[1:-1]), padded[2:])
        levels = np.moveaxis(chosen, 0, axis)
    return levels
