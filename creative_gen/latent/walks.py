"""Walks between latent vectors (Ha and Eck, 2017, section 4.2; White, 2016)."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float32]

SMALLEST = 1e-4
"""Lengths and angles below this have no direction."""


def interpolate(
    first: Float, second: Float, steps: int, path: Literal["spherical", "linear"]
) -> Float:
    """Latent vectors (steps, Z) from the first (Z,) to the second (Z,), both ends included."""
    walk = spherical if path == "spherical" else linear
    shares = np.linspace(0.0, 1.0, steps)
    return np.stack([walk(first, second, float(share)) for share in shares]).astype(np.float32)


def linear(first: Float, second: Float, share: float) -> Float:
    """The point at `share` of the straight line."""
    return np.asarray((1 - share) * first + share * second)


def spherical(first: Float, second: Float, share: float) -> Float:
    """The point at `share` of the great arc, its length between theirs (Shoemake, 1985)."""
    lengths = np.linalg.norm(first), np.linalg.norm(second)
    if min(lengths) < SMALLEST:
        return linear(first, second, share)
    start, end = first / lengths[0], second / lengths[1]
    angle = float(np.arccos(np.clip(np.dot(start, end), -1.0, 1.0)))
    # Near 0 the arc is a line, and at pi there is no one arc.
    if min(angle, np.pi - angle) < SMALLEST:
        return linear(first, second, share)
    weights = np.sin([(1 - share) * angle, share * angle]) / np.sin(angle)
    length = (1 - share) * lengths[0] + share * lengths[1]
    return np.asarray(length * (weights[0] * start + weights[1] * end))
