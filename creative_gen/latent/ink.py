"""What is drawn in a picture: told from its paper, cut out, and with lines of another width."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from creative_gen.media.bicubic import resize

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]

FAINT = 0.08
"""Ink that differs less from its paper, of 1, is none."""

THRESHOLD = 0.5
"""How dark a pixel of a line is at least, where the darkest lines have 1."""

FLAT = 0.6
"""Slope of the distance from the paper below which a pixel lies in the middle of a line."""


@dataclass(frozen=True)
class Ink:
    """What is drawn.

    Args:
        amount: (height, width). From 0 for paper to 1.
        on_dark: bool. Whether the paper is darker than the ink.
    """

    amount: Floats
    on_dark: bool


def ink_of(pixels: Floats) -> Ink | None:
    """Tell ink from paper, which is what most of the picture's edge shows.

    Args:
        pixels: (height, width, 4). Colours times alpha, and alpha; they are seen on white.

    Returns:
        The ink, or None if there is none.
    """
    alpha = pixels[..., 3]
    seen = pixels[..., :3] + (1 - alpha[..., None])
    rim = np.concatenate([seen[0], seen[-1], seen[:, 0], seen[:, -1]])
    paper = np.median(rim, axis=0)
    amount = np.abs(seen - paper).max(axis=2)
    on_dark = bool(paper.mean() < 0.5)
    if amount.max() < FAINT and alpha.min() < 1:
        # White that was drawn on nothing.
        amount, on_dark = alpha, True
    if amount.max() < FAINT:
        return None
    dark = amount[amount > amount.max() / 3]
    return Ink(np.minimum(amount / np.quantile(dark, 0.8), 1).astype(np.float32), on_dark)


def cropped(amount: Floats) -> Floats:
    """The smallest rectangle with all the ink."""
    inked = amount >= THRESHOLD
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    return amount[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]


def fitted(amount: Floats, side: float) -> Floats:
    """The ink at the size at which its longer side is `side` pixels; the shorter is at least 1."""
    scale = side / max(amount.shape)
    height, width = (max(round(length * scale), 1) for length in amount.shape)
    sized = resize(amount[..., None], height, width)[..., 0].clip(0, None)
    # Thin lines of a large drawing are pale now.
    dark = sized[sized > sized.max() / 3]
    return np.asarray(np.minimum(sized / np.quantile(dark, 0.8), 1), np.float32)


def line_width(inked: Bools, most: int) -> float:
    """The usual width of lines in pixels; `most` where there are areas only."""
    inside = distance(~inked, most)
    ridge = _ridge(inside, most)
    return float(2 * np.median(inside[ridge]) - 0.5) if ridge.any() else float(most)


def with_lines(inked: Bools, old: float, new: float) -> Bools:
    """The drawing with lines of another width.

    All outlines move by half the difference, so areas stay areas; and the middle of each line is
    drawn anew, so that lines which are thinner than others do not vanish.

    Args:
        inked: (height, width).
        old: float. The usual width of its lines, in pixels.
        new: float. That which they are to have.
    """
    growth, reach = (new - old) / 2, int(np.ceil(max(old, new))) + 1
    inside = distance(~inked, reach)
    # Outlines lie half a pixel from the centres of pixels.
    moved = distance(inked, reach) <= growth + 0.5 if growth >= 0 else inside > 0.5 - growth
    ridge = _ridge(inside, reach)
    return np.asarray(moved | (distance(ridge, reach) < new / 2))


def distance(targets: Bools, most: int) -> Floats:
    """How far each pixel is from the nearest of the targets, up to `most` (Euclidean).

    In two passes, down the columns and then along the rows, as Felzenszwalb and Huttenlocher
    (2012) have it.
    """
    down = np.where(targets, 0, most).astype(np.float32)
    for row in range(1, len(down)):
        np.minimum(down[row], down[row - 1] + 1, out=down[row])
    for row in range(len(down) - 2, -1, -1):
        np.minimum(down[row], down[row + 1] + 1, out=down[row])
    squares = down**2
    nearest = squares.copy()
    for step in range(1, min(most, down.shape[1])):
        np.minimum(nearest[:, step:], squares[:, :-step] + step**2, out=nearest[:, step:])
        np.minimum(nearest[:, :-step], squares[:, step:] + step**2, out=nearest[:, :-step])
    return np.minimum(np.sqrt(nearest), most, dtype=np.float32)


def _ridge(inside: Floats, most: int) -> Bools:
    """The middle of lines that are less than 2 `most` wide, of the distances from their paper."""
    padded = np.pad(inside, 1)
    across = (padded[1:-1, 2:] - padded[1:-1, :-2]) / 2
    down = (padded[2:, 1:-1] - padded[:-2, 1:-1]) / 2
    return np.asarray((inside > 0) & (inside < most - 1) & (np.hypot(across, down) < FLAT))
