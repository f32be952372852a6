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


def bfloat16_bits(matrix: Float) -> NDArray[np.uint32]:
    """The upper 16 bits of each finite number, rounded to the nearest, halfway to the even one."""
    bits = np.ascontiguousarray(matrix, np.float32).view(np.uint32)
    odd = (bits >> np.uint32(16)) & np.uint32(1)
    return np.asarray((bits + np.uint32(0x7FFF) + odd) >> np.uint32(16), np.uint32)


def to_bfloat16(matrix: Float) -> Float:
    """The nearest numbers that bfloat16 has, as float32."""
    return np.asarray((bfloat16_bits(matrix) << np.uint32(16)).view(np.float32))


def pack_bfloat16(matrix: Float) -> NDArray[np.uint32]:
    """Lay a matrix (K, J) out strip by strip, two bfloat16 in a uint32.

    The lower half holds column j, the upper half column j + 16, j < 16, of a strip.
    """
    low, high = np.split(bfloat16_bits(matrix).reshape(len(matrix), -1, STRIP), 2, axis=2)
    pairs = low | (high << np.uint32(16))
    return np.ascontiguousarray(pairs.transpose(1, 0, 2)).reshape(-1)


def aligned_concatenation(parts: list[NDArray[np.generic]]) -> NDArray[np.generic]:
    """The one-dimensional arrays one after another, starting on a cache line."""
    whole = empty_aligned(sum(part.size for part in parts), parts[0].dtype)
    np.concatenate(parts, out=whole)
    return whole
