"""Tells drawn pictures from photographs, by how often neighbouring pixels are the same."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Pixels = NDArray[np.uint8] | NDArray[np.uint16]

BLOCK = 8
"""Side of the squares that are looked at; those of JPEG, so that its noise stays in a square."""

EDGE = 32
"""How much neighbours differ, of 255, where there is an outline."""

TILE = 64
"""A picture of up to this side is taken for an icon or a tile of a game."""

_CROP = 128
_CROPS = 4


def looks_drawn(pixels: Pixels) -> bool:
    """Whether a picture is clip art, a line drawing or a tile, rather than a photograph.

    Areas of one colour meet at the outlines of what is drawn: beside an outline, neighbours are
    equal. In a photograph they hardly ever are, but for what is black, burnt out or out of focus.
    JPEG leaves noise around outlines, and areas of one colour between them. The shares were chosen
    on clip art, emoji, line drawings, tiles and photographs, in PNG and as JPEG of quality 60.

    Args:
        pixels: uint8 or uint16 (height, width, channels): grey or RGB, with alpha or without.
    """
    height, width, _ = pixels.shape
    if max(height, width) <= TILE or min(height, width) <= BLOCK:
        return True
    steps = np.concatenate([_steps(crop) for crop in _crops(pixels)])
    outlined = (steps > EDGE).any(axis=1)
    if outlined.all():
        return _repeats(steps) >= 0.2
    beside, elsewhere = _repeats(steps[outlined]), _repeats(steps[~outlined])
    # There is noise beside outlines in JPEG, and there may be no outlines at all.
    return elsewhere >= 0.95 or (elsewhere >= 0.5 and (beside >= 0.2 or outlined.mean() >= 0.05))


def _crops(pixels: Pixels) -> list[NDArray[np.int16]]:
    """Up to 4 x 4 squares, evenly over the picture, in 8 bits; what is clear is black."""
    rows, columns = (_starts(side) for side in pixels.shape[:2])
    return [
        _visible(pixels[row : row + _CROP, column : column + _CROP])
        for row in rows
        for column in columns
    ]


def _starts(side: int) -> list[int]:
    """Where squares begin, as those of JPEG do; each is in the middle of its part of the side."""
    count = min(_CROPS, -(-side // _CROP))
    middles = [side * (2 * index + 1) // (2 * count) for index in range(count)]
    return [max(middle - _CROP // 2, 0) // BLOCK * BLOCK for middle in middles]


def _visible(pixels: Pixels) -> NDArray[np.int16]:
    levels = pixels.astype(np.int16) if pixels.dtype == np.uint8 else (pixels >> 8).astype(np.int16)
    if levels.shape[2] in (2, 4):
        levels[..., :-1] *= levels[..., -1:] > 0
    return levels


def _steps(levels: NDArray[np.int16]) -> NDArray[np.int16]:
    """How much each pixel differs from the next one to the right and below (blocks, pairs)."""
    height, width = ((side - 1) // BLOCK * BLOCK for side in levels.shape[:2])
    here = levels[:height, :width]
    across = abs(levels[:height, 1 : width + 1] - here).max(axis=2)
    down = abs(levels[1 : height + 1, :width] - here).max(axis=2)
    return np.concatenate([_blocks(across), _blocks(down)], axis=1)


def _blocks(levels: NDArray[np.int16]) -> NDArray[np.int16]:
    height, width = levels.shape
    squares = levels.reshape(height // BLOCK, BLOCK, width // BLOCK, BLOCK)
    return squares.swapaxes(1, 2).reshape(-1, BLOCK * BLOCK)


def _repeats(steps: NDArray[np.int16]) -> float:
    """The share of neighbours that are equal; none where there are none."""
    return float((steps == 0).mean()) if steps.size else 0.0
