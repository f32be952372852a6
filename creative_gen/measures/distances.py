"""How far two sets of pictures are from each other, as distributions of features.

What the features are of is the caller's choice; distances compare with each other alone, in the
same features.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

BLOCK: Final = 1000
"""Rows of a block of the kernel distance."""
BLOCKS: Final = 20
"""How many blocks it is the mean of."""

Floats = NDArray[np.float64]


def frechet_distance(first: Floats, second: Floats) -> float:
    """The squared Frechet distance of the Gaussians of two sets of features.

    |mu1 - mu2|^2 + tr(S1 + S2 - 2 (S1 S2)^(1/2)) of Dowson and Landau (1982), as Heusel et al.
    (2017) use it. With S1^(1/2) on both sides of S2 the root is of a symmetric matrix. Of few rows
    it is too large, the more so the fewer they are: compare distances of equally many.

    Args:
        first, second: float64 (N, D) and (M, D), at least two rows each.

    Returns:
        0 or more.
    """
    offset = first.mean(axis=0) - second.mean(axis=0)
    covariance1, covariance2 = (np.cov(rows, rowvar=False) for rows in (first, second))
    values, vectors = np.linalg.eigh(covariance1)
    root = (vectors * np.sqrt(np.maximum(values, 0))) @ vectors.T
    inner = np.linalg.eigvalsh(root @ covariance2 @ root)
    overlap = np.sqrt(np.maximum(inner, 0)).sum()
    distance = offset @ offset + np.trace(covariance1) + np.trace(covariance2) - 2 * overlap
    return max(float(distance), 0.0)


def kernel_distance(
    first: Floats, second: Floats, block: int = BLOCK, blocks: int = BLOCKS, seed: int = 0
) -> float:
    """The kernel distance of Binkowski et al. (2018, "Demystifying MMD GANs", section 4).

    The mean of `squared_mmd` over random blocks. It has no bias, whatever the number of rows.

    Args:
        first, second: float64 (N, D) and (M, D), at least two rows each.
        block: int. Rows of each set in a block, at most.
        blocks: int. How many blocks are drawn; where one holds both sets, there is just that.
        seed: int. Of the drawing.

    Returns:
        About 0 for sets of one distribution; it may be a little less.
    """
    if max(len(first), len(second)) <= block:
        return squared_mmd(first, second)
    rng = np.random.default_rng(seed)
    return float(
        np.mean(
            [
                squared_mmd(*(_drawn(rows, block, rng) for rows in (first, second)))
                for _ in range(blocks)
            ]
        )
    )


def squared_mmd(first: Floats, second: Floats) -> float:
    """The unbiased squared maximum mean discrepancy of the cubic kernel (x . y / D + 1)^3.

    Gretton et al. (2012), equation 3, with the kernel of Binkowski et al. (2018).

    Args:
        first, second: float64 (N, D) and (M, D), at least two rows each.
    """
    within = sum(_mean_of_pairs(_kernel(rows, rows)) for rows in (first, second))
    return within - 2 * float(_kernel(first, second).mean())


def _mean_of_pairs(kernel: Floats) -> float:
    """The mean over pairs of different rows."""
    count = len(kernel)
    return float(kernel.sum() - np.trace(kernel)) / (count * (count - 1))


def _kernel(first: Floats, second: Floats) -> Floats:
    return np.asarray((first @ second.T / first.shape[1] + 1) ** 3)


def _drawn(rows: Floats, count: int, rng: np.random.Generator) -> Floats:
    return rows[rng.choice(len(rows), min(count, len(rows)), replace=False)]
