"""How fast a run learns, from its first step to its last."""

from __future__ import annotations

import math

WARM_UP_STEPS = 200
LOWEST = 1e-3
"""The share of the highest rate that is left at the end."""


def warm_cosine(highest: float, step: int, done: float) -> float:
    """The rate of a step: it rises over the first steps, and falls as a cosine over the run.

    Args:
        highest: float. The rate without either.
        step: int. Counted from 0, over every start of the run.
        done: float. The share of the run that has passed, in [0, 1].
    """
    rise = min((step + 1) / WARM_UP_STEPS, 1.0)
    return highest * rise * max(0.5 * (1 + math.cos(math.pi * done)), LOWEST)
