"""The parts of a drawn face, found by the geometry of its strokes: the outline and the mouth.

The **outline** is a stroke that goes all round its own middle and is most of the drawing: else
what is drawn is no face, or one too small to see. Of several such strokes it is the largest.

The **mouth** is another stroke. It lies inside the outline's box, below the middle of its height,
and its own middle is near the outline's upright axis. It is wider than high and at least an eighth
as wide as the outline. It is open (its ends are apart by most of its width) or flat. A parabola
fits it, unlike noses, beards and open jaws. Of several such strokes it is the widest. A face with
two lips, drawn as two strokes, has no clear mouth: they are bent differently.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]

STEPS = 48
"""Points at equal distances along a stroke that is fitted or bent."""

DIRECTIONS = 24
"""Into so many an outline is divided, as seen from its middle."""

LEAST_ROUND = 0.9
"""The share of the directions in which an outline has a point."""

LEAST_OUTLINE = 0.55
"""Of the drawing's longer side, the outline's longer side; its other side half as much."""

OFF_AXIS = 0.2
"""Widths of the outline that the middle of a mouth is beside its axis at most."""

NARROWEST_MOUTH = 0.125
FLAT = 0.35
"""Height by width up to which a closed stroke is a mouth: a line gone over twice."""

APART = 0.6
"""Distance of the ends of an open stroke, by its width."""

MISFIT = 0.09
"""Root mean squared distance of a mouth from its parabola, by its width."""


BESIDE = 0.15
"""Widths of the mouth around its box within which strokes, such as teeth, are a part of it."""

LIP = 0.5
"""The width of a second lip by the mouth's."""


@dataclass(frozen=True, eq=False)
class Parabola:
    """`y = bend * u**2 + tilt * u + level` with u from -1 to 1 over a stroke's width.

    Args:
        middle: x where u is 0.
        half: half of the width.
        bend: how much lower the ends are than the middle (y points down), without the tilt.
        tilt: how much lower the right end is than the middle, without the bend.
        level: y of the middle.
        misfit: root mean squared distance of the stroke, along y.
    """

    middle: float
    half: float
    bend: float
    tilt: float
    level: float
    misfit: float

    @property
    def smile(self) -> float:
        """The signed sagitta by the chord's width: above 0 where the corners are up."""
        return -self.bend / (2.0 * self.half)


@dataclass(frozen=True, eq=False)
class Face:
    """A drawing of a face and its parts, in the drawing's units, y down.

    Args:
        strokes: float64 (points, 2) each.
        outline: the index of the outline among them.
        mouth: the index of the mouth.
        curve: the parabola that fits the mouth.
    """

    strokes: tuple[Points, ...]
    outline: int
    mouth: int
    curve: Parabola

    @property
    def size(self) -> tuple[float, float]:
        """Width and height of the outline."""
        width, height = np.ptp(self.strokes[self.outline], axis=0).tolist()
        return width, height

    @property
    def parts_of_mouth(self) -> list[int]:
        """The indices of other strokes, such as teeth, whose middle is in or beside the mouth."""
        mouth, beside = self.strokes[self.mouth], BESIDE * 2.0 * self.curve.half
        low, high = mouth.min(axis=0) - beside, mouth.max(axis=0) + beside
        middles = [(stroke.min(axis=0) + stroke.max(axis=0)) / 2.0 for stroke in self.strokes]
        inside = [bool(((low <= middle) & (middle <= high)).all()) for middle in middles]
        return [i for i, yes in enumerate(inside) if yes and i not in (self.mouth, self.outline)]


def find_face(strokes: Sequence[Points]) -> Face | None:
    """The face that strokes, float64 (points, 2) each, draw; None if it is not clear."""
    outline = find_outline(strokes)
    mouth = None if outline is None else find_mouth(strokes, outline)
    if outline is None or mouth is None:
        return None
    face = Face(tuple(strokes), outline, mouth, fit_parabola(strokes[mouth]))
    widest = max((float(np.ptp(strokes[i][:, 0])) for i in face.parts_of_mouth), default=0.0)
    return face if widest < LIP * 2.0 * face.curve.half else None


def find_outline(strokes: Sequence[Points]) -> int | None:
    """The index of the stroke that is a face's outline, by the rule above."""
    side = float(np.ptp(np.concatenate(strokes), axis=0).max()) if strokes else 0.0
    found = [index for index, stroke in enumerate(strokes) if _is_outline(stroke, side)]
    return max(found, key=lambda i: float(np.ptp(strokes[i], axis=0).prod()), default=None)


def find_mouth(strokes: Sequence[Points], outline: int) -> int | None:
    """The index of the stroke that is the mouth, by the rule above."""
    found = [
        index
        for index, stroke in enumerate(strokes)
        if index != outline and _is_mouth(stroke, strokes[outline])
    ]
    return max(found, key=lambda i: float(np.ptp(strokes[i][:, 0])), default=None)


def _is_outline(stroke: Points, side: float) -> bool:
    sides = np.ptp(stroke, axis=0)
    if sides.max() < LEAST_OUTLINE * side or sides.min() < 0.5 * LEAST_OUTLINE * side:
        return False
    around = spaced(stroke, 8 * DIRECTIONS) - (stroke.min(axis=0) + stroke.max(axis=0)) / 2.0
    turns = np.arctan2(around[:, 1], around[:, 0]) / (2.0 * np.pi) % 1.0
    seen = np.unique((turns * DIRECTIONS).astype(np.int64) % DIRECTIONS)
    return bool(len(seen) >= LEAST_ROUND * DIRECTIONS)


def _is_mouth(stroke: Points, outline: Points) -> bool:
    corner, sides = outline.min(axis=0), np.ptp(outline, axis=0)
    width, height = np.ptp(stroke, axis=0).tolist()
    if width < NARROWEST_MOUTH * sides[0] or height >= width:
        return False
    if (stroke < corner).any() or (stroke > corner + sides).any():
        return False
    x, y = (spaced(stroke, STEPS).mean(axis=0) - corner) / sides
    if abs(x - 0.5) > OFF_AXIS or y < 0.5:
        return False
    apart = float(np.hypot(*(stroke[-1] - stroke[0])))
    if apart < APART * width and height > FLAT * width:
        return False
    return fit_parabola(stroke).misfit <= MISFIT * float(width)


def fit_parabola(stroke: Points) -> Parabola:
    """The parabola that is nearest to a stroke along y, all of its length counting alike.

    Args:
        stroke: float64 (points, 2), wider than a point.
    """
    x, y = spaced(stroke, STEPS).T
    middle, half = (float(x.max() + x.min()) / 2.0, float(np.ptp(x)) / 2.0)
    u = (x - middle) / half
    terms = np.stack([u * u, u, np.ones_like(u)], axis=1)
    bend, tilt, level = np.linalg.lstsq(terms, y, rcond=None)[0].tolist()
    misfit = float(np.sqrt(np.mean((terms @ [bend, tilt, level] - y) ** 2)))
    return Parabola(middle, half, bend, tilt, level, misfit)


def spaced(stroke: Points, count: int) -> Points:
    """So many points at equal distances along a stroke, its ends included."""
    steps = np.hypot(*np.diff(stroke, axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    wanted = np.linspace(0.0, along[-1], count)
    return np.stack([np.interp(wanted, along, stroke[:, axis]) for axis in (0, 1)], axis=1)
