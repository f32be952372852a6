"""Discretised mixture of logistics, the likelihood of 16-bit samples."""

from __future__ import annotations

from keras import ops

HALF_STEP = 0.5 / 32768
LOWEST = -32768 / 32768
HIGHEST = 32767 / 32768
MIN_LOG_SCALE = -9.0


def logistics_negative_log_likelihood(parameters, samples):
    """-log p of 16-bit samples under mixtures of logistics, in nats, (...).

    Salimans et al., "PixelCNN++" (2017), section 2.1: a sample's probability is the difference of
    the distribution function half a step above and below it; the two ends are open.

    Args:
        parameters: tensor (..., 3M): mixture logits, means and log scales, for samples in [-1, 1).
        samples: tensor (...), multiples of 1 / 32768.
    """
    logits, means, log_scales = ops.split(parameters, 3, axis=-1)
    log_scales = ops.maximum(log_scales, MIN_LOG_SCALE)
    samples = ops.expand_dims(samples, -1)
    inverse = ops.exp(-log_scales)
    above = (samples - means + HALF_STEP) * inverse
    below = (samples - means - HALF_STEP) * inverse
    width = 2 * HALF_STEP * inverse
    # sigmoid(above) - sigmoid(below) = sigmoid(above) (1 - sigmoid(below)) (1 - exp(-width)),
    # without a difference of nearly equal numbers.
    between = _log1m_exp(width) - ops.softplus(-above) - ops.softplus(below)
    log_probability = ops.where(
        samples <= LOWEST + HALF_STEP,
        -ops.softplus(-above),
        ops.where(samples >= HIGHEST - HALF_STEP, -ops.softplus(below), between),
    )
    return -ops.logsumexp(ops.log_softmax(logits, axis=-1) + log_probability, axis=-1)


def _log1m_exp(x):
    """log(1 - exp(-x)) for x > 0, exact for small x."""
    return ops.log(-ops.expm1(-x))
