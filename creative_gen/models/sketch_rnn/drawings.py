"""Drawings as Sketch-RNN counts them: stroke-3 from the first point on, in canvas units.

The first point of a drawing is not a row of its own. The start token (0, 0, 1, 0, 0) stands for it,
pen down, and the first row leads to the second point, as in Quick, Draw!'s own `.npz` files.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from creative_gen.media.simplify import CANVAS_SIDE

Stroke3 = NDArray[np.float32]


def positions(drawing: Stroke3) -> NDArray[np.float64]:
    """Points (N + 1, 2) of a drawing of N rows, the first at (0, 0)."""
    moves = np.cumsum(drawing[:, :2], axis=0, dtype=np.float64)
    return np.concatenate([np.zeros((1, 2)), moves])


def extent(drawing: Stroke3) -> float:
    """The larger side of a drawing's bounding box; 1 for a dot."""
    return float(np.ptp(positions(drawing), axis=0).max()) or 1.0


def to_canvas(drawing: Stroke3) -> Stroke3:
    """The drawing with its larger side scaled to 255."""
    scale = CANVAS_SIDE / extent(drawing)
    return np.asarray(drawing * np.array([scale, scale, 1]), np.float32)


def to_stroke3(drawing: Stroke3) -> Stroke3:
    """Stroke-3 with a row for the first point, at (0, 0), in front."""
    return np.concatenate([np.zeros((1, 3), np.float32), drawing])


def inside_strokes(drawing: Stroke3) -> NDArray[np.bool_]:
    """Which rows are neither the first nor the last point of a stroke."""
    last = drawing[:, 2] > 0.5
    last[-1:] = True
    # The first row is the second point of its stroke.
    first = np.concatenate([[False], last[:-1]])
    return np.asarray(~(first | last))


def without_points(drawing: Stroke3, keep: NDArray[np.bool_]) -> Stroke3:
    """The drawing with some points left out; what they moved, the next kept point moves."""
    ends = np.concatenate([np.zeros((1, 2)), positions(drawing)[1:][keep]])
    return np.column_stack([np.diff(ends, axis=0), drawing[keep, 2]]).astype(np.float32)
