"""How colourful a picture looks."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray


def colorfulness(rgb: NDArray[np.floating]) -> float:
    """The metric M of Hasler and Suesstrunk (2003, "Measuring colourfulness", section 6).

    The spread of the opponent colours R - G and (R + G) / 2 - B, and 0.3 times the distance of
    their mean from grey.

    Args:
        rgb: float (..., 3). sRGB in [0, 1].

    Returns:
        0 for greys; in levels of 0 to 255 as in the paper: 15 slightly, 45 averagely and 82
        highly colourful.
    """
    red, green, blue = np.moveaxis(np.asarray(rgb, np.float64) * 255, -1, 0)
    opponents = red - green, (red + green) / 2 - blue
    spread = math.hypot(*(float(np.std(one)) for one in opponents))
    return spread + 0.3 * math.hypot(*(float(np.mean(one)) for one in opponents))
