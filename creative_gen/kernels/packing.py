"""Weight matrices laid out for a kernel: strips of 32 columns, in as few bytes as lose nothing.

One sketch at a time is bound by the bandwidth of its weights, so a matrix whose values are all
float16 numbers, or all whole multiples of sketch-rnn-js's step 10 / 32767, is kept in 16 bits.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

STRIP = 32
LINE_BYTES = 64
JS_STEP = 10.0 / 32767.0

Float = NDArray[np.float32]


@dataclass(frozen=True)
class PackedMatrices:
    """Matrices packed alike; `scale` times a stored number is a weight.

    `strips` are float32, int16, or float16 bits as uint16; element (k, j) of a matrix with K rows
    is at ((j // 32) * K + k) * 32 + j % 32.
    """

    strips: tuple[NDArray[np.generic], ...]
    scale: float


def pack_matrices(matrices: tuple[Float, ...], half_precision: bool) -> PackedMatrices:
    """Pack float32 matrices (K, J), J a multiple of 32, in the narrowest form that keeps them all.

    `half_precision` says whether the machine converts float16 by itself.
    """
    if half_precision and all(_is_float16(matrix) for matrix in matrices):
        halves = (matrix.astype(np.float16).view(np.uint16) for matrix in matrices)
        return PackedMatrices(tuple(pack_strips(half) for half in halves), 1.0)
    if all(_is_on_js_grid(matrix) for matrix in matrices):
        steps = (np.rint(matrix / np.float64(JS_STEP)).astype(np.int16) for matrix in matrices)
        return PackedMatrices(tuple(pack_strips(step) for step in steps), JS_STEP)
    return PackedMatrices(tuple(pack_strips(matrix) for matrix in matrices), 1.0)


def pack_strips(matrix: NDArray[np.generic]) -> NDArray[np.generic]:
    """Lay a matrix (K, J) out strip by strip, starting on a cache line."""
    depth, columns = matrix.shape
    strips = matrix.reshape(depth, columns // STRIP, STRIP).transpose(1, 0, 2)
    aligned = empty_aligned(matrix.size, matrix.dtype)
    aligned[:] = strips.reshape(-1)
    return aligned


def empty_aligned(size: int, dtype: np.dtype[np.generic]) -> NDArray[np.generic]:
    """Allocate `size` elements that start on a cache line."""
    memory = np.empty(size * dtype.itemsize + LINE_BYTES, np.uint8)
    start = -memory.ctypes.data % LINE_BYTES
    return memory[start : start + size * dtype.itemsize].view(dtype)


def _is_float16(matrix: Float) -> bool:
    if np.abs(matrix).max(initial=0.0) > np.finfo(np.float16).max:
        return False
    return bool((matrix.astype(np.float16).astype(np.float32) == matrix).all())


def _is_on_js_grid(matrix: Float) -> bool:
    steps = np.rint(matrix / np.float64(JS_STEP))
    if np.abs(steps).max(initial=0.0) > np.iinfo(np.int16).max:
        return False
    return bool(((steps * JS_STEP).astype(np.float32) == matrix).all())
