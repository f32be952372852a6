"""Smoothing that stops at edges: the recursive filter of the domain transform.

E. S. L. Gastal and M. M. Oliveira, "Domain Transform for Edge-Aware Image and Video Processing",
2011. The way between two neighbouring pixels is as long as the caller says, one or more; what is
far away along rows and columns is not mixed in.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def smoothed(
    values: Floats, down: Floats, across: Floats, sigma: float, iterations: int = 3
) -> Floats:
    """Smooth along both axes in turns (sections 5.2 and 6).

    Args:
        values: (height, width, ..., channels). What is between, such as many pictures, is smoothed
            side by side.
        down: (height, width, ...). How far each pixel is from the one above it; the first row is of
            no use.
        across: (height, width, ...). How far it is from the one to the left.
        sigma: float. The standard deviation of the smoothing, in the same unit.
        iterations: int. More leave fewer stripes.

    Returns:
        (height, width, ..., channels).
    """
    result = np.array(values, np.float32)
    for iteration in range(iterations):
        # Equation 14: each is half as wide as the one before, and the variances add up.
        share = math.sqrt(3) * 2.0 ** (iterations - iteration - 1) / math.sqrt(4**iterations - 1)
        feedback = math.exp(-math.sqrt(2) / (sigma * share))
        columns = np.ascontiguousarray(result.swapaxes(0, 1))
        _pass(columns, _powers(feedback, across.swapaxes(0, 1)))
        result = np.ascontiguousarray(columns.swapaxes(0, 1))
        _pass(result, _powers(feedback, down))
    return result


def distances(guide: Floats, weight: float) -> tuple[Floats, Floats]:
    """How far neighbours are (equation 11): one, and `weight` for each unit that they differ.

    Args:
        guide: (height, width, ..., channels). What has the edges.
        weight: float. Pixels to a unit of the guide.

    Returns:
        `down` and `across`, (height, width, ...) both.
    """
    ways = []
    for axis in (0, 1):
        way = np.ones(guide.shape[:-1], np.float32)
        steps = np.abs(np.diff(guide, axis=axis)).sum(axis=-1)
        way[(slice(None),) * axis + (slice(1, None),)] += np.float32(weight) * steps
        ways.append(way)
    return ways[0], ways[1]


def _powers(feedback: float, way: Floats) -> Floats:
    exponents = np.ascontiguousarray(way) * np.float32(math.log(feedback))
    return np.asarray(np.exp(exponents)[..., None])


def _pass(values: Floats, shares: Floats) -> None:
    """Equation 21, from the first row to the last and back, in place."""
    for row in range(1, len(values)):
        values[row] += shares[row] * (values[row - 1] - values[row])
    for row in range(len(values) - 2, -1, -1):
        values[row] += shares[row + 1] * (values[row + 1] - values[row])
