"""The discretised mixture of logistics that 16-bit samples are drawn from.

T. Salimans et al., "PixelCNN++", 2017, section 2.1: a sample's probability is the difference of the
mixture's distribution function half a step above and below it; the two ends are open. A raw output
row has 3M values: mixture logits, means and log scales, for samples k / 32768 in [-1, 1]. A code is
k + 32768. Everything is computed in float64.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from creative_gen.kernels.mixture import draw_category, log_softmax

GRID = 32768
LOWEST = -32768
CODES = 65536
MIN_LOG_SCALE = -9.0
# Past it exp() overflows; no trained network comes near.
MAX_LOG_SCALE = 30.0

Array = NDArray[np.float64]


def split(outputs: NDArray[np.floating]) -> tuple[Array, Array, Array]:
    """Mixture logits, means and clipped log scales, each (N, M), of raw outputs (N, 3M)."""
    # Contiguous, because NumPy's exp may round strided data otherwise.
    parts = np.split(np.asarray(outputs, np.float64), 3, axis=1)
    logits, means, log_scales = (np.ascontiguousarray(part) for part in parts)
    return logits, means, np.clip(log_scales, MIN_LOG_SCALE, MAX_LOG_SCALE)


def log_probability(outputs: NDArray[np.floating], codes: NDArray[np.integer]) -> Array:
    """Log probability (N,) in nats of codes (N,) under outputs (N, 3M).

    With a and b the standardised upper and lower edge, the difference of sigmoids is
    sigmoid(a) sigmoid(-b) (1 - exp(b - a)), which loses no digits anywhere.
    """
    logits, means, log_scales = split(outputs)
    inverse = np.exp(-log_scales)
    centred = (codes[:, None] + LOWEST) / GRID - means
    upper, lower = (centred + 0.5 / GRID) * inverse, (centred - 0.5 / GRID) * inverse
    below = -np.logaddexp(0.0, -upper)
    above = -np.logaddexp(0.0, lower)
    inner = below + above + np.log(-np.expm1(-inverse / GRID))
    first, last = codes[:, None] == 0, codes[:, None] == CODES - 1
    terms = log_softmax(logits) + np.where(first, below, np.where(last, above, inner))
    largest = terms.max(axis=1)
    return np.asarray(largest + np.log(np.exp(terms - largest[:, None]).sum(axis=1)))


def draw(outputs: NDArray[np.floating], uniforms: Array, temperature: float) -> NDArray[np.int32]:
    """Codes (N,) from uniforms (N, 2): the first picks the component, the second the sample.

    The temperature divides the mixture logits and multiplies the scales; at 0 it is the mean of the
    likeliest component.
    """
    logits, means, log_scales = split(outputs)
    rows = np.arange(len(logits))
    k = draw_category(logits, uniforms[:, 0], temperature)
    spread = temperature * np.exp(log_scales[rows, k])
    u = uniforms[:, 1]
    samples = means[rows, k] + spread * (np.log(u) - np.log1p(-u))
    steps = np.clip(np.rint(samples * GRID), LOWEST, -LOWEST - 1)
    return np.asarray(steps - LOWEST, np.int32)
