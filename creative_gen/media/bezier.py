"""Strokes made of straight lines and Bezier curves, and their flattening."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from creative_gen.media.errors import MediaError
from creative_gen.media.sketch import MAX_COORDINATE, MAX_POINTS

Piece = tuple[int, NDArray[np.float64]]
"""A degree, and control points (n, 2): any number of points of a polyline for degree 1, or
the 3 or 4 of one Bezier curve. It starts where the piece before it ends."""

Contour = list[Piece]
"""The pieces of one stroke of the pen."""


def transformed(contour: Contour, matrix: NDArray[np.float64]) -> Contour:
    """A contour moved by an affine (2, 3) matrix.

    Raises:
        MediaError: a point is not finite afterwards, or farther than `MAX_COORDINATE`.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        moved = [(degree, points @ matrix[:, :2].T + matrix[:, 2]) for degree, points in contour]
    if not all((np.abs(points) <= MAX_COORDINATE).all() for _, points in moved):
        raise MediaError(
            "This drawing has a coordinate that is not a finite number, or is far too large.",
            "Remove NaN, infinite and huge coordinates.",
        )
    return moved


def flatten(contour: Contour, tolerance: float) -> NDArray[np.float64]:
    """Points (n, 2) of a contour, whose lines stay within `tolerance` of its curves."""
    parts = [contour[0][1][:1]]
    for degree, points in contour:
        parts.append(points[1:] if degree == 1 else _curve_points(points, tolerance))
    if sum(map(len, parts)) > MAX_POINTS:
        raise too_many_points()
    line = np.concatenate(parts)
    return line[:1] if (line == line[0]).all() else line


def bounding_box(drawn: Sequence[Contour]) -> tuple[float, float, float, float]:
    """The box (left, top, right, bottom) around all control points."""
    points = np.concatenate([controls for contour in drawn for _, controls in contour])
    left, top = points.min(axis=0).tolist()
    right, bottom = points.max(axis=0).tolist()
    return left, top, right, bottom


def too_many_points() -> MediaError:
    """The error for a drawing of more points than are read."""
    return MediaError(
        f"This drawing has more than {MAX_POINTS:,} points.", "Simplify its paths first."
    )


def _curve_points(controls: NDArray[np.float64], tolerance: float) -> NDArray[np.float64]:
    """Points on a Bezier curve after its start (Wang's bound on the number of lines)."""
    degree = len(controls) - 1
    bend = float(np.hypot(*np.diff(controls, 2, axis=0).T).max())
    count = math.ceil(math.sqrt(degree * (degree - 1) * bend / (8 * tolerance)))
    if count > MAX_POINTS:
        raise too_many_points()
    t = np.arange(1, max(count, 1) + 1)[:, None] / max(count, 1)
    weights = [math.comb(degree, k) * t**k * (1 - t) ** (degree - k) for k in range(degree + 1)]
    points: NDArray[np.float64] = np.concatenate(weights, axis=1) @ controls
    points[-1] = controls[-1]
    return points
