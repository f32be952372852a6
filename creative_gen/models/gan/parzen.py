"""Parzen windows: how likely pictures are under a blur of made ones (Goodfellow et al., 2014, 5).

The only figure that the paper gives. It favours pictures that are right on average, and grows with
the number of made ones, so it compares only what was measured alike.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Doubles = NDArray[np.float64]

DEVIATIONS = np.geomspace(0.02, 1.0, 48)
"""Widths of the windows that are tried, in units of a pixel's range."""


def log_likelihoods(distances: Doubles, deviation: float, values: int) -> Doubles:
    """Nats of each picture under the mean of Gaussians around the made ones.

    Args:
        distances: (N, M). Euclidean distances of N pictures from M made ones.
        deviation: float. Of the Gaussians.
        values: int. D, numbers that a picture has.

    Returns:
        (N,).
    """
    exponents = -np.square(distances / deviation) / 2
    largest = exponents.max(1)
    means = np.log(np.exp(exponents - largest[:, None]).mean(1)) + largest
    return np.asarray(means - values / 2 * np.log(2 * np.pi * deviation**2))


def best_deviation(distances: Doubles, values: int) -> float:
    """Of `DEVIATIONS`, the one under which the pictures are likeliest."""
    means = [log_likelihoods(distances, float(one), values).mean() for one in DEVIATIONS]
    return float(DEVIATIONS[int(np.argmax(means))])
