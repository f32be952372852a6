"""Takes drawings to the model's canvas and back to where the artist's document has them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from creative_gen.interface.errors import InvalidMedia
from creative_gen.media.quickdraw_npz import drawing_rows
from creative_gen.media.simplify import CANVAS_SIDE, simplify_framed
from creative_gen.media.sketch import Sketch
from creative_gen.models.sketch_rnn.drawings import Stroke3, positions, to_stroke3

MARGIN = 16.0
"""Canvas units left free around a drawing that the model made alone."""

Frame = tuple[float, float, float, float]


@dataclass(frozen=True)
class Placed:
    """A sketch on the canvas, and the way back.

    Attributes:
        drawing: stroke-3 rows in canvas units, from the first point on.
        origin: the first point, in canvas units.
        scale: canvas = sketch * scale + offset.
        offset: see `scale`.
        size: the sketch's frame, in its own units.
    """

    drawing: Stroke3
    origin: tuple[float, float]
    scale: float
    offset: tuple[float, float]
    size: tuple[float, float]

    def back(self, canvas: Sketch) -> Sketch:
        """A sketch in canvas units, in the units and the frame of the original."""
        move = (-self.offset[0] / self.scale, -self.offset[1] / self.scale)
        return canvas.transformed(1 / self.scale, move, self.size)


def place(sketch: Sketch, frame: Frame, max_points: int) -> Placed:
    """Simplify a sketch on the canvas that the frame stands for.

    Raises:
        InvalidMedia: it has no strokes, or more points than the model can take in.
    """
    if not sketch.strokes:
        raise InvalidMedia("The sketch has no strokes.", "Draw at least one line.")
    canvas, scale, offset = simplify_framed(sketch, frame)
    drawing = drawing_rows(canvas)
    if len(drawing) > max_points:
        raise InvalidMedia(
            f"The sketch needs {len(drawing)} points even when simplified, and the model takes "
            f"{max_points}.",
            "Give a simpler drawing, or a part of it.",
        )
    x, y = canvas.strokes[0][0].tolist()
    return Placed(drawing, (x, y), scale, offset, sketch.size)


def joined_to(placed: Placed, continue_stroke: bool) -> Placed:
    """The drawing as the model is to read it: its pen stays down if its stroke goes on."""
    if not continue_stroke:
        return placed
    drawing = placed.drawing.copy()
    drawing[-1, 2] = 0
    return replace(placed, drawing=drawing)


def added_strokes(placed: Placed, drawn: Stroke3) -> tuple[np.ndarray, ...]:
    """The strokes (points, 2), in the sketch's own units, that drawn rows add to it."""
    start = np.array(placed.origin) + positions(placed.drawing)[-1]
    points = start + np.cumsum(drawn[:, :2], axis=0, dtype=np.float64)
    lifted = placed.drawing[-1, 2] > 0.5
    if not lifted:
        points = np.concatenate([start[None], points])
    lifts = np.flatnonzero(drawn[:-1, 2] > 0.5) + 1 + (not lifted)
    strokes = [stroke for stroke in np.split(points, lifts) if len(stroke)]
    return tuple(((s - placed.offset) / placed.scale).astype(np.float32) for s in strokes)


def centred(drawing: Stroke3) -> Sketch:
    """A drawing in canvas units, in the middle of a square frame with a margin."""
    points = positions(drawing)
    corner = points.min(axis=0)
    extent = points.max(axis=0) - corner
    side = max(CANVAS_SIDE, *extent.tolist()) + 2 * MARGIN
    rows = to_stroke3(drawing)
    rows[0, :2] = (side - extent) / 2 - corner
    return Sketch.from_stroke3(rows, (side, side))


def over(drawing: Stroke3, placed: Placed) -> Sketch:
    """A drawing the model made, centred on the sketch that it is made after."""
    there = positions(placed.drawing) + placed.origin
    here = positions(drawing)
    middle = (there.min(axis=0) + there.max(axis=0) - here.min(axis=0) - here.max(axis=0)) / 2
    rows = to_stroke3(drawing)
    rows[0, :2] = middle
    side = (CANVAS_SIDE, CANVAS_SIDE)
    return placed.back(Sketch.from_stroke3(rows, side))
