"""Bends the mouths of drawn faces, which makes a smile independent of all else in them.

In the drawings that people make, wide faces smile more than narrow ones, and hardly anyone frowns:
what a model learns to be a smile there is half the width of the face. Of one face with many
mouths, only the smile differs.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from creative_gen.training.face_parts import STEPS, Face, Points, fit_parabola, spaced

SMILES = (0.45, 0.4, 0.35, 0.3, 0.25, 0.2, 0.15, 0.1)
"""How much mouths may be bent both ways; a face without room for the last is not bent."""

ENOUGH = 0.3
WIDTHS = (1.0, 0.85, 0.7, 0.55)
"""A mouth is made narrower until there is room for ENOUGH."""

CLEARANCE = 0.04
"""Widths of the outline that a bent mouth stays from other strokes, unless it was closer before."""


def with_smile(face: Face, smile: float) -> Face:
    """The face with its mouth bent to another curvature.

    The mouth keeps its width, its tilt and its mean height. How it differs from a parabola is
    turned over with it: a pointed smile becomes a pointed frown. What is drawn in it moves along.

    Args:
        face: Face.
        smile: float. As `Parabola.smile` gives it.
    """
    curve = face.curve
    mouth = spaced(face.strokes[face.mouth], STEPS)
    wanted = -2.0 * curve.half * smile
    turned = float(np.clip(wanted / curve.bend, -1.0, 1.0)) if curve.bend else 1.0
    u = (mouth[:, 0] - curve.middle) / curve.half
    rest = mouth[:, 1] - (curve.bend * u + curve.tilt) * u
    straight = curve.level + (rest - curve.level) * turned
    bent = straight + (wanted * u + curve.tilt) * u
    sunk = float(np.mean(mouth[:, 1] - bent))
    strokes = list(face.strokes)
    strokes[face.mouth] = np.stack([mouth[:, 0], bent + sunk], axis=1)
    for index in face.parts_of_mouth:
        part = spaced(strokes[index], STEPS)
        u = np.clip((part[:, 0] - curve.middle) / curve.half, -1.0, 1.0)
        lowered = sunk + (wanted - curve.bend) * u * u
        strokes[index] = np.stack([part[:, 0], part[:, 1] + lowered], axis=1)
    return replace(face, strokes=tuple(strokes), curve=fit_parabola(strokes[face.mouth]))


def with_room(face: Face) -> tuple[Face, float]:
    """The face with a mouth narrow enough to bend, and how much it can both smile and frown.

    A bent mouth stays within the outline and clear of other strokes. The same both ways: else
    faces with long noses would smile more. 0 if there is no room.
    """
    best, room = face, 0.0
    for width in WIDTHS:
        tried = narrowed(face, width)
        found = _room(face, tried)
        if found > room:
            best, room = tried, found
        if room >= ENOUGH:
            break
    return best, room


def narrowed(face: Face, width: float) -> Face:
    """The face with its mouth, and what belongs to it, shrunk about its middle."""
    strokes = list(face.strokes)
    middle = np.array([face.curve.middle, face.curve.level])
    for index in (face.mouth, *face.parts_of_mouth):
        strokes[index] = middle + (strokes[index] - middle) * width
    return replace(face, strokes=tuple(strokes), curve=fit_parabola(strokes[face.mouth]))


def _room(before: Face, face: Face) -> float:
    """The room of a face whose mouth may be narrower than it was before."""
    own = {before.mouth, *before.parts_of_mouth}
    others = [stroke for index, stroke in enumerate(before.strokes) if index not in own]
    rest = np.concatenate([spaced(stroke, 2 * STEPS) for stroke in others])
    now = _distance(spaced(before.strokes[before.mouth], STEPS), rest)
    wanted = min(now, CLEARANCE * before.size[0])

    def is_clear(smile: float) -> bool:
        mouth = spaced(with_smile(face, smile).strokes[face.mouth], STEPS)
        outline = before.strokes[before.outline]
        return _encloses(outline, mouth) and _distance(mouth, rest) >= wanted

    both = (smile for smile in SMILES if is_clear(smile) and is_clear(-smile))
    return next(both, 0.0)


def _distance(points: Points, others: Points) -> float:
    squares = (points**2).sum(axis=1)[:, None] + (others**2).sum(axis=1) - 2.0 * points @ others.T
    return float(np.sqrt(max(squares.min(), 0.0)))


def _encloses(outline: Points, points: Points) -> bool:
    """Whether all points are in a polygon: a ray to the right crosses it an odd number of times."""
    (x, y), (next_x, next_y) = outline.T, np.roll(outline, -1, axis=0).T
    level = points[:, 1, None]
    passes = (y > level) != (next_y > level)
    rise = np.where(next_y == y, 1.0, next_y - y)
    crossing = x + (level - y) / rise * (next_x - x)
    return bool(((passes & (crossing > points[:, 0, None])).sum(axis=1) % 2 == 1).all())
