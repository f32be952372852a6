"""The loss of a stroke decoder: a mixture of bivariate normals and three pen states."""

from __future__ import annotations

import math

from keras import ops


def stroke_negative_log_likelihood(output, target):
    """-log p of stroke-5 points, in nats (Ha & Eck 2017, equations 3-5 and 9).

    Works on logarithms throughout, so that a point far from every component costs what it costs
    instead of the log of a small constant.

    Args:
        output: tensor (..., 6M + 3): pen logits (down, up, end), then M each of mixture logits,
            mu_x, mu_y, log sigma_x, log sigma_y and atanh(rho).
        target: tensor (..., 5): dx, dy, and the pen states one-hot.

    Returns:
        The offset's and the pen state's -log p, each (...).
    """
    pen_logits, rest = output[..., :3], output[..., 3:]
    logits, mu_x, mu_y, log_x, log_y, atanh_rho = ops.split(rest, 6, axis=-1)
    pen = -ops.sum(target[..., 2:] * ops.log_softmax(pen_logits), axis=-1)
    x = (target[..., 0:1] - mu_x) * ops.exp(-log_x)
    y = (target[..., 1:2] - mu_y) * ops.exp(-log_y)
    # With a = atanh(rho), 1 / (1 - rho^2) = cosh(a)^2: a sum of squares that cannot cancel.
    a = ops.clip(atanh_rho, -6.0, 6.0)
    square = ops.square(x * ops.cosh(a) - y * ops.sinh(a)) + ops.square(y)
    density = ops.log(ops.cosh(a)) - math.log(2 * math.pi) - log_x - log_y - square / 2
    offset = -ops.logsumexp(ops.log_softmax(logits) + density, axis=-1)
    return offset, pen
