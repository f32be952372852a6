"""The Sketch-RNN encoder that plays: drawings in, latent means and variances out, with no Keras.

D. Ha and D. Eck, 2017, section 3.2: the last states of a forward and a backward LSTM, side by side,
give mu and log sigma^2 of the latent vector.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from creative_gen.kernels.activation import sigmoid, tanh
from creative_gen.kernels.row_matmul import row_matmul

Float = NDArray[np.float32]


def encode(
    weights: Mapping[str, NDArray[np.floating]],
    points: NDArray[np.floating],
    lengths: NDArray[np.integer],
) -> tuple[Float, Float]:
    """Encode drawings; padding after a drawing's length changes nothing.

    Args:
        weights: "encoder/forward/kernel_x" (5, 4E), "encoder/forward/kernel_h" (E, 4E),
            "encoder/forward/bias" (4E), the same under "encoder/backward/";
            "latent/mean_kernel" (2E, Z), "latent/mean_bias" (Z), "latent/log_variance_kernel"
            and "latent/log_variance_bias". Gates i, f, g, o, the forget bias added.
        points: (N, T, 5) normalised stroke-5.
        lengths: (N,) real points of each drawing; the backward LSTM starts at the last of them.

    Returns:
        mu (N, Z) and log sigma^2 (N, Z), float32.
    """
    arrays = {name: np.asarray(value, np.float32) for name, value in weights.items()}
    drawings, counts = np.asarray(points, np.float32), np.asarray(lengths, np.int64)
    forward = last_state(arrays, "encoder/forward", drawings, counts)
    backward = last_state(arrays, "encoder/backward", reverse(drawings, counts), counts)
    h = np.concatenate([forward, backward], axis=1)
    mean = row_matmul(h, arrays["latent/mean_kernel"]) + arrays["latent/mean_bias"]
    log_variance = row_matmul(h, arrays["latent/log_variance_kernel"])
    return mean, log_variance + arrays["latent/log_variance_bias"]


def reverse(points: Float, lengths: NDArray[np.int64]) -> Float:
    """Turn each drawing's real points around; the padding stays at the end."""
    t = np.arange(points.shape[1])
    index = np.where(t < lengths[:, None], lengths[:, None] - 1 - t, t)
    return np.asarray(np.take_along_axis(points, index[:, :, None], axis=1))


def last_state(
    weights: Mapping[str, Float], name: str, points: Float, lengths: NDArray[np.int64]
) -> Float:
    """Hidden state (N, E) of an LSTM after each drawing's last real point."""
    kernel_x, kernel_h = weights[f"{name}/kernel_x"], weights[f"{name}/kernel_h"]
    units = len(kernel_h)
    h = np.zeros((len(points), units), np.float32)
    c = np.zeros_like(h)
    longest = int(lengths.max(initial=0))
    # All points at once, and the three sigmoids: NumPy is asked less often, for the same bits.
    seen = row_matmul(points[:, :longest].reshape(-1, points.shape[2]), kernel_x)
    seen = seen.reshape(len(points), longest, 4 * units)
    for t in range(longest):
        rows = np.flatnonzero(t < lengths)
        gates = seen[rows, t] + row_matmul(h[rows], kernel_h) + weights[f"{name}/bias"]
        i, f, _, o = np.split(sigmoid(gates), 4, axis=1)
        c[rows] = f * c[rows] + i * tanh(gates[:, 2 * units : 3 * units])
        h[rows] = o * tanh(c[rows])
    return h
