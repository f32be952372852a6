"""Walks between latent vectors (Ha and Eck, 2017, section 4.2)."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float32]


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
    """The point at `share` of the great arc, lengths interpolated as well (Shoemake, 1985)."""
    cosine = np.dot(first, second) / max(np.linalg.norm(first) * np.linalg.norm(second), 1e-12)
    angle = float(np.arccos(np.clip(cosine, -1.0, 1.0)))
    # Near 0 and pi the arc is a line or undefined.
    if min(angle, np.pi - angle) < 1e-4:
        return linear(first, second, share)
    weights = np.sin([(1 - share) * angle, share * angle]) / np.sin(angle)
    return np.asarray(weights[0] * first + weights[1] * second)
