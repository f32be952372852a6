"""Spreads hints over what they are likely to be meant for, before the network sees them.

Levin, Lischinski and Weiss ("Colorization using optimization", 2004) colour a picture from
scribbles alone: neighbours of like lightness have like colours. A filter that stops at edges does
the same at once, and leaves the network to say what the hints do not reach.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from creative_gen.models.colorizer.domain_transform import distances, smoothed

Floats = NDArray[np.float32]

SIGMA = 12.0
"""How far hints reach over what is flat, in pixels of the network's picture."""
EDGE = 60.0
"""How many pixels further a step from black to white is."""
WEAKEST = 1e-6
"""How much of a hint still counts, of which 1 is at the hint."""


def spread_hints(lightness: Floats, hints: Floats) -> Floats:
    """What the hints say of every pixel, and how surely.

    Args:
        lightness: (..., h, w). L*, or the grey of a line drawing from 0 to 100.
        hints: (..., h, w, 4). (L/50 - 1, a/110, b/110, 1) where hinted, 0 elsewhere.

    Returns:
        (..., h, w, 4). The nearest hints' mean of the first three, times how sure it is, and that:
        from 0, out of reach, to 1; it falls with the distance.
    """
    guide = np.moveaxis(lightness, (-2, -1), (0, 1))[..., None] / np.float32(100)
    values = np.moveaxis(hints, (-3, -2), (0, 1))
    mass = smoothed(values, *distances(guide, EDGE), SIGMA)
    total = np.maximum(mass[..., 3:], np.float32(WEAKEST**2))
    sureness = np.clip(1 - np.log(total) / np.float32(np.log(WEAKEST)), 0, 1)
    spread = np.concatenate([mass[..., :3] / total * sureness, sureness], axis=-1)
    return np.ascontiguousarray(np.moveaxis(spread, (0, 1), (-3, -2)))
