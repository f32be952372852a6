"""Tanh and sigmoid in float32, as one rational function that needs no table and no libm.

Every function here is plain arithmetic on float32 NumPy arrays or, compiled by Numba, on float32
scalars: the two give the same bits, because neither contracts a product and a sum. Inside the
vectorised LSTM kernel the same polynomials run with fused multiply-add, which moves a result by
one unit in the last place.

The polynomials are a weighted least-squares fit of tanh(x) = x P(x^2) / Q(x^2) on [-9, 9], refined
towards equal ripple (Lawson's weights). Largest absolute error over all of float32: 4e-7 for tanh,
2e-7 for sigmoid. Results may exceed the exact bounds (-1, 1) and (0, 1) by that much.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

TANH_LIMIT = np.float32(9.0)
TANH_P0 = np.float32(0.9999999063558259)
TANH_P1 = np.float32(0.13373197227145345)
TANH_P2 = np.float32(0.0034865813397027792)
TANH_P3 = np.float32(2.0471821610043463e-05)
TANH_P4 = np.float32(1.3184211900557411e-08)
TANH_Q0 = np.float32(1.0)
TANH_Q1 = np.float32(0.4670649409067962)
TANH_Q2 = np.float32(0.025841977076203962)
TANH_Q3 = np.float32(0.0003271384489380819)
TANH_Q4 = np.float32(7.702658504762073e-07)
HALF = np.float32(0.5)


def tanh(x: NDArray[np.float32]) -> NDArray[np.float32]:
    """Hyperbolic tangent, element by element, of float32 values (any shape)."""
    x = np.minimum(np.maximum(x, -TANH_LIMIT), TANH_LIMIT)
    s = x * x
    p = (((TANH_P4 * s + TANH_P3) * s + TANH_P2) * s + TANH_P1) * s + TANH_P0
    q = (((TANH_Q4 * s + TANH_Q3) * s + TANH_Q2) * s + TANH_Q1) * s + TANH_Q0
    return x * p / q


def sigmoid(x: NDArray[np.float32]) -> NDArray[np.float32]:
    """Logistic function, element by element: (1 + tanh(x / 2)) / 2."""
    return tanh(x * HALF) * HALF + HALF
