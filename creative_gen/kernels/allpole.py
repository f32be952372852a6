"""An all-pole filter whose coefficients change from frame to frame, and what undoes it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from creative_gen.kernels.compiled import compiled

Float = NDArray[np.float32]
Double = NDArray[np.float64]


def whiten(samples: Float, coefficients: Float, frame: int) -> Float:
    """e_t = x_t - sum over k of a_k x_(t-k), the errors of a linear prediction.

    Args:
        samples: (P + T,). The sound x, with the P samples before the first error.
        coefficients: (frames, P). a_1 to a_P in each frame.
        frame: int. Samples of a frame; T is frames * frame.
    """
    order = coefficients.shape[1]
    past = np.lib.stride_tricks.sliding_window_view(samples, order)[:-1, ::-1]
    framed = past.reshape(len(coefficients), frame, order).astype(np.float64)
    predicted = np.einsum("fto,fo->ft", framed, coefficients.astype(np.float64)).reshape(-1)
    return np.asarray(samples[order:] - predicted, np.float32)


def colour(errors: Float, coefficients: Float, frame: int, memory: Double) -> Float:
    """The inverse of `whiten`: x_t = e_t + sum over k of a_k x_(t-k).

    Args:
        errors: (T,).
        coefficients: (T / frame, P).
        frame: int.
        memory: (P,). The samples before, the latest first; changed to the last of the result.
    """
    result = np.empty(len(errors), np.float32)
    _colour(errors, coefficients, frame, memory, result)
    return result


@compiled
def _colour(errors: Float, coefficients: Float, frame: int, memory: Double, result: Float) -> None:
    order = len(memory)
    for t in range(len(errors)):
        value = np.float64(errors[t])
        for k in range(order):
            value += coefficients[t // frame, k] * memory[k]
        for k in range(order - 1, 0, -1):
            memory[k] = memory[k - 1]
        memory[0] = value
        result[t] = value
