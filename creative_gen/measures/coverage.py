"""How much of what is real a set of made pictures covers, and how much of it looks real.

Each set is taken for the balls around its features that reach to the k-th nearest neighbour.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from creative_gen.interface.errors import InvalidRequest
from creative_gen.measures.nearest import blocks_of_distances, kth_nearest

Floats = NDArray[np.float64]


def precision_recall(real: Floats, made: Floats, k: int = 3) -> dict[str, float]:
    """Improved precision and recall (Kynkaanniemi et al., 2019, section 2, equations 1 and 2).

    Args:
        real, made: float64 (N, D) and (M, D). Features, more than k rows each.
        k: int. As in the paper by default.

    Returns:
        "precision", the share of made ones in the ball of a real one, and "recall", the share of
        real ones in the ball of a made one.

    Raises:
        InvalidRequest: there are too few rows.
    """
    _check(real, made, k)
    inside_real, _, _ = _inside(real, made, k)
    inside_made, _, _ = _inside(made, real, k)
    return {
        "precision": float((inside_real > 0).mean()),
        "recall": float((inside_made > 0).mean()),
    }


def density_coverage(real: Floats, made: Floats, k: int = 5) -> dict[str, float]:
    """Density and coverage (Naeem et al., 2020, equations 3 and 4).

    Args:
        real, made: float64 (N, D) and (M, D). Features, more than k rows each.
        k: int. As in the paper by default.

    Returns:
        "density", in how many balls of real ones a made one is, in k-ths, 1 for sets of one
        distribution; and "coverage", the share of balls of real ones that hold a made one.

    Raises:
        InvalidRequest: there are too few rows.
    """
    _check(real, made, k)
    inside, nearest, radii = _inside(real, made, k)
    return {
        "density": float(inside.mean()) / k,
        "coverage": float((nearest <= radii).mean()),
    }


def _inside(centres: Floats, rows: Floats, k: int) -> tuple[NDArray[np.int64], Floats, Floats]:
    """In how many balls each row is; each ball's distance to the nearest row, and its radius."""
    radii = kth_nearest(centres, k)
    counts, nearest = np.empty(len(rows), np.int64), np.full(len(centres), np.inf)
    for part, distances in blocks_of_distances(rows, centres):
        counts[part] = (distances <= radii).sum(axis=1)
        nearest = np.minimum(nearest, distances.min(axis=0))
    return counts, nearest, radii


def _check(real: Floats, made: Floats, k: int) -> None:
    if min(len(real), len(made)) <= k:
        raise InvalidRequest(f"{k} pictures are too few to measure.", f"Give more than {k}.")
