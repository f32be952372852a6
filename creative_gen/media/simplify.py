"""Quick, Draw!'s simplification of drawings: the form its public data set has.

Its steps: move the drawing to the top left, scale it so that its larger side is 255, place
points 1 px apart along each stroke, and simplify each with Ramer-Douglas-Peucker, epsilon 2.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from creative_gen.media.sketch import MAX_POINTS, Sketch

CANVAS_SIDE = 255.0
"""The larger side of a drawing in canvas units."""

EPSILON = 2.0
"""The distance, in canvas units, that a dropped point may have from the simplified line."""


def simplify(sketch: Sketch, epsilon: float = EPSILON) -> tuple[Sketch, float, tuple[float, float]]:
    """Bring a whole drawing to canvas units and simplify it, as Quick, Draw! does.

    Args:
        sketch: Sketch. In any units; its bounding box becomes the canvas.
        epsilon: float. In canvas units. Defaults to 2.

    Returns:
        The simplified sketch (its size is the bounding box's), and the scale and the
        offset that took it there: canvas = drawing * scale + offset. So the drawing's
        place of a canvas point is (point - offset) / scale.

    Raises:
        MediaError: the sketch has no strokes.
    """
    return simplify_framed(sketch, sketch.bounds, epsilon)


def simplify_framed(
    sketch: Sketch, frame: tuple[float, float, float, float], epsilon: float = EPSILON
) -> tuple[Sketch, float, tuple[float, float]]:
    """`simplify` for a part of a drawing, when the frame of the whole is known.

    Args:
        sketch: Sketch. What is drawn so far.
        frame: (left, top, right, bottom). In the sketch's units: the box that the finished
            drawing fills. Its larger side becomes 255.
        epsilon: float. In canvas units. Defaults to 2.
    """
    scale, offset = canvas_transform(frame)
    left, top, right, bottom = frame
    size = (max((right - left) * scale, 1.0), max((bottom - top) * scale, 1.0))
    moved = sketch.transformed(scale, offset, size)
    spacing = _spacing(moved)
    strokes = (rdp(resample(stroke, spacing), epsilon) for stroke in moved.strokes)
    return Sketch(tuple(strokes), size), scale, offset


def canvas_transform(
    frame: tuple[float, float, float, float],
) -> tuple[float, tuple[float, float]]:
    """The scale and offset that take a frame's top left to (0, 0) and its larger side to 255.

    A frame without extent, such as that of a single dot, keeps its scale.
    """
    left, top, right, bottom = frame
    side = max(right - left, bottom - top)
    # Below this a float32 drawing has no shape left, and the scale would overflow.
    smallest = 1e-6 * max(1.0, *map(abs, frame))
    scale = CANVAS_SIDE / side if side > smallest else 1.0
    return scale, (0.0 - left * scale, 0.0 - top * scale)


def resample(stroke: NDArray[np.float32], spacing: float = 1.0) -> NDArray[np.float32]:
    """Points at equal steps of `spacing` along a stroke, and its last point.

    Args:
        stroke: float32 (points, 2).
        spacing: float. The distance along the stroke, in its own units. Defaults to 1.
    """
    points = stroke.astype(np.float64)
    travelled = _distance_along(points)
    steps = np.append(np.arange(0, travelled[-1], spacing), travelled[-1])
    # Repeated points would make the way along the stroke ambiguous.
    moving = np.append(True, np.diff(travelled) > 0)
    along = [np.interp(steps, travelled[moving], axis) for axis in points[moving].T]
    resampled = np.stack(along, axis=1).astype(np.float32)
    resampled[-1] = stroke[-1]
    return resampled


def rdp(stroke: NDArray[np.float32], epsilon: float) -> NDArray[np.float32]:
    """Ramer-Douglas-Peucker: a line of fewer points that stays near a stroke.

    Distances are to the segment between two kept points, not to the endless line through
    them, so that a hook at the end of a straight stroke survives.

    Args:
        stroke: float32 (points, 2).
        epsilon: float. The largest distance of a dropped point from the line, in the
            stroke's units.

    Returns:
        float32 (points kept, 2). The first and the last point are always kept, but
        of a stroke that shrinks to two equal points one is left.
    """
    points = stroke.astype(np.float64)
    keep = np.zeros(len(points), bool)
    keep[[0, -1]] = True
    spans = [(0, len(points) - 1)]
    while spans:
        first, last = spans.pop()
        if last - first < 2:
            continue
        distances = _distances(points[first + 1 : last], points[first], points[last])
        farthest = int(distances.argmax())
        if distances[farthest] > epsilon:
            middle = first + 1 + farthest
            keep[middle] = True
            spans += [(first, middle), (middle, last)]
    kept = stroke[keep]
    return kept[:1] if len(kept) == 2 and (kept[0] == kept[1]).all() else kept


def _distance_along(points: NDArray[np.float64]) -> NDArray[np.float64]:
    steps = np.hypot(*np.diff(points, axis=0).T)
    return np.append(0.0, np.cumsum(steps))


def _spacing(sketch: Sketch) -> float:
    """1 px, or more where a long scribble would need more points than a drawing may have."""
    length = sum(float(_distance_along(s.astype(np.float64))[-1]) for s in sketch.strokes)
    return max(1.0, length / MAX_POINTS)


def _distances(
    points: NDArray[np.float64], start: NDArray[np.float64], end: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Distances (points,) of points (points, 2) from the segment between two points."""
    chord = end - start
    length_squared = chord @ chord
    relative = points - start
    if length_squared == 0:
        return np.hypot(relative[:, 0], relative[:, 1])
    along = np.clip(relative @ chord / length_squared, 0, 1)
    away = relative - along[:, None] * chord
    return np.hypot(away[:, 0], away[:, 1])
