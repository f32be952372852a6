"""Faces drawn in code, as strokes: an outline, two eyes, a nose and a mouth."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
Face = list[Points]


def outline(width: float = 200.0, height: float = 240.0) -> Points:
    turns = np.linspace(0.0, 2.0 * np.pi, 60)
    return np.stack([width / 2 * np.sin(turns), -height / 2 * np.cos(turns)], axis=1)


def mouth(
    smile: float, width: float = 80.0, x: float = 0.0, y: float = 60.0, tilt: float = 0.0
) -> Points:
    """A parabola whose sagitta is `smile` times its width; the corners are up where it is > 0."""
    u = np.linspace(-1.0, 1.0, 25)
    return np.stack([x + width / 2 * u, y - smile * width * (u * u - 1 / 3) + tilt * u], axis=1)


def eye(x: float) -> Points:
    turns = np.linspace(0.0, 2.0 * np.pi, 16)
    return np.stack([x + 12 * np.cos(turns), -40 + 9 * np.sin(turns)], axis=1)


def nose() -> Points:
    return np.array([[0.0, -20.0], [-10.0, 12.0], [4.0, 13.0]])


def face(
    smile: float = 0.25,
    width: float = 200.0,
    height: float = 240.0,
    width_of_mouth: float = 80.0,
    **place: float,
) -> Face:
    """What `place` says is of the mouth."""
    lips = mouth(smile, width_of_mouth, **place)
    return [outline(width, height), eye(-35.0), eye(35.0), nose(), lips]
