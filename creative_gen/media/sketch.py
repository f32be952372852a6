"""A drawing made of pen strokes, and the offset formats that Sketch-RNN models read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from creative_gen.media.errors import MediaError

MAX_POINTS = 100_000
"""Points a drawing read from a file may have."""

MAX_COORDINATE = 1e9
"""Largest coordinate, in drawing units: float32 arithmetic on it cannot overflow."""


@dataclass(frozen=True, eq=False)
class Sketch:
    """A drawing: strokes in the order they were drawn, and the frame they were drawn in.

    Args:
        strokes: sequence of float32 (points, 2). Positions in drawing units, x right and
            y down; each stroke has a point or more. Copied and made read-only.
        size: (width, height). The frame in drawing units, from (0, 0); both positive.
            Strokes may leave it.

    Raises:
        MediaError: a stroke has another shape, is empty, or is not made of finite numbers
            within `MAX_COORDINATE`; or the size is not two positive numbers.
    """

    strokes: tuple[NDArray[np.float32], ...]
    size: tuple[float, float]

    def __post_init__(self) -> None:
        """Check the strokes and the size, and take read-only copies."""
        object.__setattr__(self, "strokes", tuple(_checked_stroke(s) for s in self.strokes))
        object.__setattr__(self, "size", _checked_size(self.size))

    def __eq__(self, other: object) -> bool:
        """Two sketches are equal when every point and the size are."""
        if not isinstance(other, Sketch):
            return NotImplemented
        same_count = self.size == other.size and len(self.strokes) == len(other.strokes)
        return same_count and all(map(np.array_equal, self.strokes, other.strokes))

    def __hash__(self) -> int:
        """A hash of the size and the number of points of each stroke."""
        return hash((self.size, tuple(len(stroke) for stroke in self.strokes)))

    @property
    def points(self) -> int:
        """The number of points in all strokes together."""
        return sum(len(stroke) for stroke in self.strokes)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """The bounding box of all points: (left, top, right, bottom) in drawing units.

        Raises:
            MediaError: the sketch has no strokes.
        """
        if not self.strokes:
            raise MediaError("An empty sketch has no bounds.", "Draw at least one stroke.")
        points = np.concatenate(self.strokes)
        left, top = points.min(axis=0).tolist()
        right, bottom = points.max(axis=0).tolist()
        return left, top, right, bottom

    def transformed(
        self,
        scale: float,
        offset: tuple[float, float] = (0.0, 0.0),
        size: tuple[float, float] | None = None,
    ) -> Sketch:
        """The sketch with every point moved to `point * scale + offset`.

        Args:
            scale: float. Above 0.
            offset: (x, y). In the new drawing units. Defaults to (0, 0).
            size: (width, height). The new frame. Defaults to the old one times `scale`.
        """
        if not scale > 0:
            raise MediaError(f"A sketch cannot be scaled by {scale}.", "Use a scale above 0.")
        width, height = self.size
        strokes = tuple(_moved(stroke, scale, offset) for stroke in self.strokes)
        return Sketch(strokes, size or (width * scale, height * scale))

    def prefix(self, points: int) -> Sketch:
        """The first `points` points, in drawing order; the last stroke may be cut short."""
        kept: list[NDArray[np.float32]] = []
        for stroke in self.strokes:
            if points <= 0:
                break
            kept.append(stroke[:points])
            points -= len(stroke)
        return Sketch(tuple(kept), self.size)

    def to_stroke3(self) -> NDArray[np.float32]:
        """The sketch as stroke-3, float32 (points, 3): dx, dy, pen_lift.

        The first row is the offset from (0, 0); pen_lift is 1 on the last point of each
        stroke and 0 elsewhere.
        """
        rows = np.zeros((self.points, 3), np.float64)
        if not self.strokes:
            return rows.astype(np.float32)
        rows[:, :2] = np.concatenate(self.strokes)
        rows[1:, :2] -= rows[:-1, :2].copy()
        rows[np.cumsum([len(stroke) for stroke in self.strokes]) - 1, 2] = 1
        return rows.astype(np.float32)

    @classmethod
    def from_stroke3(cls, stroke3: ArrayLike, size: tuple[float, float] | None = None) -> Sketch:
        """A sketch from stroke-3 rows (points, 3): dx, dy, pen_lift (above 0.5 lifts).

        Args:
            stroke3: (points, 3). Offsets in drawing units; the first from (0, 0). A last
                stroke that is never lifted is kept.
            size: (width, height). The frame. Defaults to the drawing's bounding box,
                and then the drawing is also moved so that the box starts at (0, 0).
        """
        rows = checked_stroke3(stroke3)
        positions = np.cumsum(rows[:, :2], axis=0, dtype=np.float64)
        if size is None:
            corner = positions.min(axis=0, initial=np.inf)
            positions -= corner
            width, height = positions.max(axis=0, initial=0).tolist()
            size = (width or 1.0, height or 1.0)
        lifts = np.flatnonzero(rows[:-1, 2] > 0.5) + 1
        strokes = np.split(positions, lifts) if len(rows) else []
        return cls(tuple(as_float32(stroke) for stroke in strokes), size)


def checked_stroke3(stroke3: ArrayLike) -> NDArray[np.float32]:
    """The rows as float32 (points, 3).

    Raises:
        MediaError: another shape, or a number that is not finite.
    """
    return _checked_rows(stroke3, 3, "stroke-3")


def stroke5_from_stroke3(stroke3: ArrayLike, length: int | None = None) -> NDArray[np.float32]:
    """Stroke-5 rows of a finished drawing (Ha & Eck 2017, section 3.1).

    Args:
        stroke3: (points, 3). dx, dy, pen_lift.
        length: int. Rows in the result: what the drawing leaves is filled with end rows
            (0, 0, 0, 0, 1). Defaults to points + 1, one end row.

    Returns:
        float32 (length, 5): dx, dy, pen stays down, pen is lifted, drawing has ended. The
        start token is not included.
    """
    rows = checked_stroke3(stroke3)
    count = len(rows)
    length = count + 1 if length is None else length
    if length < count:
        raise MediaError(
            f"A drawing of {count} points does not fit in {length}.",
            "Simplify the drawing or cut it short.",
        )
    result = np.zeros((length, 5), np.float32)
    result[:count, :2] = rows[:, :2]
    result[:count, 3] = rows[:, 2] > 0.5
    result[:count, 2] = 1 - result[:count, 3]
    result[count:, 4] = 1
    return result


def stroke3_from_stroke5(stroke5: ArrayLike) -> NDArray[np.float32]:
    """Stroke-3 rows of stroke-5 rows (points, 5), up to the first end row."""
    rows = _checked_rows(stroke5, 5, "stroke-5")
    ends = np.flatnonzero(rows[:, 4] > 0.5)
    rows = rows[: ends[0]] if len(ends) else rows
    result = rows[:, [0, 1, 3]]
    result[:, 2] = result[:, 2] > 0.5
    return result


def as_float32(values: ArrayLike) -> NDArray[np.float32]:
    """A float32 copy of numbers; those too large for float32 become infinite.

    Raises:
        MediaError: there is something else than numbers, or rows differ in length.
    """
    try:
        with np.errstate(over="ignore"):
            return np.array(values, dtype=np.float32)
    except (TypeError, ValueError, OverflowError) as error:
        raise MediaError(
            "A drawing is made of numbers, and this one has something else.",
            "Give rows of the same length, made of numbers.",
        ) from error


def _checked_rows(rows: ArrayLike, columns: int, name: str) -> NDArray[np.float32]:
    array = as_float32(rows)
    if array.ndim != 2 or array.shape[1] != columns:
        raise MediaError(
            f"A {name} drawing has rows of {columns} numbers, not the shape {array.shape}.",
            f"Give an array of shape (points, {columns}).",
        )
    if not np.isfinite(array).all():
        raise MediaError(
            f"The {name} drawing has a number that is not finite.",
            "Remove NaN and infinite offsets.",
        )
    return array


def _checked_stroke(stroke: ArrayLike) -> NDArray[np.float32]:
    array = as_float32(stroke)
    if array.ndim != 2 or array.shape[1] != 2 or not len(array):
        raise MediaError(
            f"A stroke is a list of one or more (x, y) points, not the shape {array.shape}.",
            "Give each stroke as an array of shape (points, 2).",
        )
    if not (np.abs(array) <= MAX_COORDINATE).all():
        raise MediaError(
            "A stroke has a coordinate that is not finite or is beyond a thousand million.",
            "Remove NaN and infinite coordinates, or scale the drawing down.",
        )
    array.setflags(write=False)
    return array


def _checked_size(size: Iterable[float]) -> tuple[float, float]:
    try:
        width, height = (float(side) for side in size)
    except (TypeError, ValueError, OverflowError):
        width = height = 0.0
    if not (0 < width <= MAX_COORDINATE and 0 < height <= MAX_COORDINATE):
        raise MediaError(
            f"The size of a sketch is two positive numbers, not {size!r}.",
            "Give the frame's width and height.",
        )
    return width, height


def _moved(
    stroke: NDArray[np.float32], scale: float, offset: tuple[float, float]
) -> NDArray[np.float32]:
    with np.errstate(over="ignore"):
        return as_float32(stroke.astype(np.float64) * scale + np.asarray(offset, np.float64))
