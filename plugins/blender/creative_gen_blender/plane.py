"""The plane that strokes in space were drawn on, and the way between it and a sheet of paper.

Strokes that lie in the front view (X to the right, Z up) keep to it exactly. Others get the plane
that fits their points best, seen from the front, from above or from the right, with Z (or Y, for a
plane that lies flat) pointing up.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

FLAT = 1e-4
"""How far points may leave a plane or a line they are counted to, in sizes of the drawing."""

LYING = 0.99
"""The cosine of the angle to Z from which on a plane's normal counts as upright."""

FRONT, ABOVE, RIGHT = np.array([[0.0, -1.0, 0.0], [0.0, 0.0, 1.0], [1.0, 0.0, 0.0]])
"""Where one looks from."""

Points = Any
"""Float array (points, 2) or (points, 3)."""


@dataclass(frozen=True)
class Plane:
    """A plane in space, as a sheet of paper with x to the right and y down.

    Args:
        origin: (3,). The point of the paper's (0, 0).
        right: (3,). A unit vector, where x goes.
        up: (3,). A unit vector at a right angle to it, where y comes from.
    """

    origin: Points
    right: Points
    up: Points

    def flat(self, points: Points) -> Points:
        """Points in space (points, 3) on the paper (points, 2)."""
        away = np.asarray(points, float) - self.origin
        return np.stack([away @ self.right, -(away @ self.up)], axis=1)

    def space(self, points: Points) -> Points:
        """Points on the paper (points, 2) in space (points, 3)."""
        x, y = np.asarray(points, float).T
        return self.origin + np.outer(x, self.right) - np.outer(y, self.up)


def plane_of(points: Points) -> Plane:
    """The plane of points in space (points, 3); a dot and an upright line lie in the front view."""
    points = np.asarray(points, float)
    middle = points.mean(axis=0)
    normal = _facing(_normal(points - middle))
    # What is added lies as deep in the view as what was given.
    return facing(normal, middle)


def facing(normal: Points, origin: Points) -> Plane:
    """The plane through a point that is seen along a normal (3,), which points to the viewer."""
    above = ABOVE if abs(normal @ ABOVE) < LYING else -FRONT
    up = above - (above @ normal) * normal
    up /= np.linalg.norm(up)
    return Plane(np.asarray(origin, float), np.cross(up, normal), up)


def _normal(away: Points) -> Points:
    size = np.abs(away).max()
    if np.abs(away @ FRONT).max() <= FLAT * size:
        return FRONT
    _, extents, axes = np.linalg.svd(away, full_matrices=True)
    if len(extents) > 1 and extents[1] > FLAT * extents[0]:
        return axes[2]
    line = axes[0]
    # Of all planes through a line, the one that is seen best from the front, or from above.
    seen = FRONT if abs(line @ FRONT) < LYING else ABOVE
    normal = seen - (seen @ line) * line
    return normal / np.linalg.norm(normal)


def _facing(normal: Points) -> Points:
    for viewer in (FRONT, ABOVE, RIGHT):
        seen = normal @ viewer
        if abs(seen) > 1e-3:
            return normal * np.sign(seen)
    return normal
