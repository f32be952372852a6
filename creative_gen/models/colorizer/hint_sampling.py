"""Colour hints as a user might give them, drawn at random from a picture's true colours."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

LONGEST: Final = 9
"""Pixels of the longest stroke, on a picture whose long side is REFERENCE."""
REFERENCE: Final = 128
STRAY: Final = 20.0
"""A stroke leaves out pixels this far (CIE76) from the colour at its middle: hands stop at
edges."""
TRIES: Final = 4
"""Places that are tried for each hint until one is wanted."""
PAPER: Final = 6.0
"""What is within this distance of white counts as paper, not as a fill."""
BRIGHT: Final = 90.0
"""L* of a line drawing where there is no line."""

Float = NDArray[np.float32]
Bool = NDArray[np.bool_]
Index = NDArray[np.int64]


def hints_for(
    rng: np.random.Generator, lab: Float, counts: NDArray[np.int64], wanted: Bool | None = None
) -> Float:
    """Hint maps of a batch of pictures, as the network takes them.

    As in Zhang et al. (2017, "Real-time user-guided image colorization", 3.2), a hint shows the
    mean colour of a small patch at a random place. Here a patch is a square or a stroke of any
    direction, 1 to 9 pixels long at 128, of which only what looks like its middle is kept.
    Of one picture, the hints of a smaller count are the first ones of a larger count.

    Args:
        rng: numpy.random.Generator.
        lab: (N, H, W, 3). The true colours.
        counts: (N,). How many hints each picture gets.
        wanted: (N, H, W). Where hints had better lie, `fills` of line drawings; four places are
            tried for each. Defaults to anywhere.

    Returns:
        (N, H, W, 4) of (L/50 - 1, a/110, b/110, 1) where hinted, 0 elsewhere.
    """
    shape = lab.shape[:3]
    hints = np.zeros((*shape, 4), np.float32)
    picture = np.repeat(np.arange(shape[0]), counts)
    # One row of numbers a hint keeps the first hints the same whatever the count.
    draws = rng.random((len(picture), 2 * TRIES + 4))
    row, column = _places(draws[:, : 2 * TRIES], picture, shape, wanted)
    stroke, down, across = _strokes(draws[:, 2 * TRIES :], max(shape[1:]))
    rows, columns = row[stroke] + down, column[stroke] + across
    within = (rows >= 0) & (rows < shape[1]) & (columns >= 0) & (columns < shape[2])
    stroke = stroke[within]
    pixels = (picture[stroke] * shape[1] + rows[within]) * shape[2] + columns[within]
    middle = (picture * shape[1] + row) * shape[2] + column
    stroke, pixels, values = _means(lab.reshape(-1, 3), middle, stroke, pixels)
    hints.reshape(-1, 4)[pixels] = values[stroke]
    return hints


def sample_hints(
    rng: np.random.Generator, lab: Float, count: int, wanted: Bool | None = None
) -> Float:
    """The hint map (H, W, 4) of one picture (H, W, 3), with the arguments of `hints_for`."""
    one = None if wanted is None else wanted[None]
    return np.asarray(hints_for(rng, lab[None], np.array([count]), one)[0])


def fills(lab: Float, drawing: Float) -> Bool:
    """Where a line drawing's colouring has a fill.

    Args:
        lab: (..., H, W, 3). The colouring.
        drawing: (..., H, W). L* of the line drawing.

    Returns:
        (..., H, W). False at lines and on white paper.
    """
    distance = (lab[..., 0] - 100.0) ** 2 + lab[..., 1] ** 2 + lab[..., 2] ** 2
    return np.asarray((drawing > BRIGHT) & (distance > PAPER**2))


def _places(
    draws: NDArray[np.float64], picture: Index, shape: tuple[int, ...], wanted: Bool | None
) -> tuple[Index, Index]:
    """The middles (K,) of hints: the first of several places that is wanted, or the last."""
    tried = draws.reshape(-1, TRIES, 2)
    rows, columns = ((tried[..., i] * shape[i + 1]).astype(np.int64) for i in range(2))
    chosen = np.zeros(len(picture), np.int64)
    if wanted is not None:
        good = wanted[picture[:, None], rows, columns]
        chosen = np.where(good.any(axis=1), good.argmax(axis=1), TRIES - 1)
    at = np.arange(len(picture))
    return rows[at, chosen], columns[at, chosen]


def _strokes(draws: NDArray[np.float64], side: int) -> tuple[Index, Index, Index]:
    """The pixels of strokes: each one's stroke, and its offsets down and across from the middle."""
    longest = max(1, round(LONGEST * side / REFERENCE))
    reach = longest // 2
    down, across = (offset.ravel() for offset in np.mgrid[-reach : reach + 1, -reach : reach + 1])
    length = 1 + np.floor(draws[:, :1] * longest)
    width = np.where(draws[:, 1:2] < 0.5, length, 1 + np.floor(draws[:, 2:3] * length))
    # Squares stand upright, so that one of a single pixel, or of nine, is just that.
    angle = np.where(width == length, 0.0, draws[:, 3:] * math.pi)
    facing = np.concatenate([np.cos(angle), np.sin(angle)], axis=1)
    along = facing @ np.stack([across, down])
    aside = facing @ np.stack([down, -across])
    stroke, offset = np.nonzero((np.abs(along) <= length / 2) & (np.abs(aside) <= width / 2))
    return stroke, down[offset], across[offset]


def _means(lab: Float, middle: Index, stroke: Index, pixels: Index) -> tuple[Index, Index, Float]:
    """The strokes and pixels that are like the middle, and mean colours (K, 4) as hints."""
    colors = lab[pixels]
    kept = ((colors - lab[middle][stroke]) ** 2).sum(axis=-1) <= STRAY**2
    stroke, pixels, colors = stroke[kept], pixels[kept], colors[kept]
    count = np.bincount(stroke, minlength=len(middle))
    values = np.ones((len(middle), 4), np.float32)
    for channel, (span, origin) in enumerate(((50.0, 1.0), (110.0, 0.0), (110.0, 0.0))):
        total = np.bincount(stroke, colors[:, channel], len(middle))
        values[:, channel] = total / count / span - origin
    return stroke, pixels, values
