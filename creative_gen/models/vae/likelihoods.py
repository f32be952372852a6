"""How likely pictures are under what a decoder gives: log p(x | z), in nats a picture."""

from __future__ import annotations

import math

from keras import ops

LEVELS = 255
"""Steps between the 256 levels of a channel."""


def log_likelihood(name, pictures, logits, log_scale):
    """The sum over pixels and channels of log p.

    Args:
        name: "bernoulli", "gaussian" or "logistic".
        pictures: (N, H, W, C) in [0, 1]. Values between are mixtures of the two outcomes of a
            Bernoulli variable, whose expected log likelihood this is.
        logits: (N, H, W, C). What `layers.convolutional.as_picture` makes the mean of.
        log_scale: (). Of the standard deviation or the logistic scale; a Bernoulli has none.

    Returns:
        (N,) nats.
    """
    logits = of_mean(logits)
    if name == "bernoulli":
        each = pictures * logits - ops.softplus(logits)
    elif name == "gaussian":
        each = gaussian(pictures, ops.sigmoid(logits), log_scale)
    else:
        each = discretised_logistic(pictures, ops.sigmoid(logits), log_scale)
    return ops.sum(each, (1, 2, 3))


def of_mean(logits):
    """The logits of what `as_picture` gives: of 4 channels the colour is multiplied by alpha."""
    if logits.shape[-1] != 4:
        return logits
    colors, alpha = logits[..., :3], logits[..., 3:]
    # The odds against are 1 / (sigmoid(a) sigmoid(b)) - 1 = exp(-a) + exp(-b) + exp(-a - b).
    against = ops.logaddexp(ops.logaddexp(-colors, -alpha), -colors - alpha)
    return ops.concatenate([-against, alpha], -1)


def gaussian(values, mean, log_scale):
    """The log density of a normal distribution."""
    distance = (values - mean) * ops.exp(-log_scale)
    return -0.5 * (ops.square(distance) + math.log(2 * math.pi)) - log_scale


def discretised_logistic(values, mean, log_scale):
    """The log probability of a level's bin under a logistic distribution; the end bins are open.

    Args:
        values: in [0, 1], multiples of 1 / 255.
    """
    inverse = ops.exp(-log_scale)
    upper = (values - mean + 0.5 / LEVELS) * inverse
    lower = (values - mean - 0.5 / LEVELS) * inverse
    # sigmoid(upper) - sigmoid(lower) = sigmoid(upper) (1 - sigmoid(lower)) (1 - exp(-width)),
    # without a difference of nearly equal numbers.
    inside = ops.log(-ops.expm1(-inverse / LEVELS)) - ops.softplus(-upper) - ops.softplus(lower)
    inside = ops.where(values < 0.5 / LEVELS, -ops.softplus(-upper), inside)
    return ops.where(values > 1 - 0.5 / LEVELS, -ops.softplus(lower), inside)
