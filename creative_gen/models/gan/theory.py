"""What the paper proves of the game, for densities that are known (Goodfellow et al., 2014, 4).

Densities are given by their values on a grid of equal cells; everything is in nats.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]

EQUILIBRIUM = -float(np.log(4))
"""The value of the game where what is made is distributed as what is real (theorem 1)."""


def optimal_logits(real: Doubles, made: Doubles) -> Doubles:
    """The logits of the best discriminator, which says p / (p + q) (proposition 1).

    Args:
        real, made: densities p and q, above 0, at the same places.
    """
    return np.log(real) - np.log(made)


def game_value(logits: Doubles, real: Doubles, made: Doubles, cell: float) -> float:
    """V = E_p[log D] + E_q[log(1 - D)] of a discriminator (equation 1).

    Args:
        logits: of D, the probability of being real, on the grid.
        real, made: densities p and q on the grid.
        cell: float. The size of a cell.
    """
    lost = real * np.logaddexp(0, -logits) + made * np.logaddexp(0, logits)
    return -float(lost.sum() * cell)


def jensen_shannon(real: Doubles, made: Doubles, cell: float) -> float:
    """The Jensen-Shannon divergence of two densities on a grid, from 0 to log 2."""
    middle = (real + made) / 2
    return (kullback_leibler(real, middle, cell) + kullback_leibler(made, middle, cell)) / 2


def kullback_leibler(real: Doubles, made: Doubles, cell: float) -> float:
    """KL(p || q) of two densities on a grid; q is 0 nowhere that p is not."""
    seen = real > 0
    return float((real[seen] * np.log(real[seen] / made[seen])).sum() * cell)
