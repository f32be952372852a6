"""Discretised mixture of logistics, the likelihood of 16-bit samples."""

from __future__ import annotations

from keras import ops

HALF_STEP = 0.5 / 32768
MIN_LOG_SCALE = -9.0


def logistics_negative_log_likelihood(parameters, samples, half_step=HALF_STEP):
    """-log p of samples on a grid under mixtures of logistics, in nats, (...).

    Salimans et al., "PixelCNN++" (2017), section 2.1: a sample's probability is the difference of
    the distribution function half a step above and below it.

    Args:
        parameters: tensor (..., 3M): mixture logits, means and log scales.
        samples: tensor (...).
        half_step: float or tensor (...). Half the grid's step; by default that of 16 bits.
    """
    logits, means, log_scales = ops.split(parameters, 3, axis=-1)
    inverse = ops.exp(-ops.maximum(log_scales, MIN_LOG_SCALE))
    samples = ops.expand_dims(samples, -1)
    half_step = ops.expand_dims(half_step * ops.ones_like(samples[..., 0]), -1)
    above = (samples - means + half_step) * inverse
    below = (samples - means - half_step) * inverse
    # sigmoid(above) - sigmoid(below) = sigmoid(above) (1 - sigmoid(below)) (1 - exp(-width)),
    # without a difference of nearly equal numbers.
    width = 2 * half_step * inverse
    inside = ops.log(-ops.expm1(-width)) - ops.softplus(-above) - ops.softplus(below)
    return -ops.logsumexp(ops.log_softmax(logits, axis=-1) + inside, axis=-1)
