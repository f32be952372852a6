"""How likely the 16-bit samples of a sound are, by what a network says of their residual."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from creative_gen.kernels.logistics import MIN_LOG_SCALE
from creative_gen.media.mu_law import LEVELS, expand, levels_of

Float = NDArray[np.float64]


def grid_nats(
    outputs: NDArray[np.floating], samples: NDArray[np.floating], half_step: NDArray[np.floating]
) -> Float:
    """-log p (...) of samples on a grid of steps of twice `half_step`, as `layers.logistics` does.

    Args:
        outputs: (..., 3M). Mixture logits, means and log scales.
        samples, half_step: (...).
    """
    logits, means, log_scales = np.split(outputs.astype(np.float64), 3, axis=-1)
    inverse = np.exp(-np.maximum(log_scales, MIN_LOG_SCALE))
    centred = samples.astype(np.float64)[..., None] - means
    half = half_step.astype(np.float64)[..., None]
    above, below = (centred + half) * inverse, (centred - half) * inverse
    inside = np.log(-np.expm1(-2 * half * inverse))
    terms = inside - np.logaddexp(0, -above) - np.logaddexp(0, below) + logits
    return np.asarray(np.logaddexp.reduce(logits, axis=-1) - np.logaddexp.reduce(terms, axis=-1))


def share_of_level(samples: NDArray[np.floating], half_step: NDArray[np.floating]) -> Float:
    """The share (...) of its mu-law level's probability that a step of a grid has, at most 1.

    The outer levels stand for all that is beyond full scale, less and less likely: with w their
    width, w / (|x| - 1 + 2 w)^2 adds up to 1 from their inner edge on.
    """
    edges = expand(np.arange(LEVELS + 1) * (2 / LEVELS) - 1)
    width = np.diff(edges)[levels_of(samples)]
    beyond = np.maximum(np.abs(samples) - 1 + 2 * width, width)
    width = np.where(np.abs(samples) > edges[-2], np.square(beyond) / width, width)
    return np.asarray(np.minimum(2 * half_step / width, 1.0))
