"""Bicubic resizing as the benchmarks of super-resolution do it: MATLAB's `imresize`.

The cubic kernel has a = -0.5 (Keys 1981) and, where a picture gets smaller, is widened by as
much, which keeps fine detail from turning into false patterns. Pixel centres are at half
places, and beyond its edges a picture is mirrored, the pixel at the edge included.
"""

from __future__ import annotations

import math
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

_BLOCK = 64
"""Output lines made by one matrix product: wide enough for BLAS, with few zeros."""


def resize(pixels: Floats, height: int, width: int) -> Floats:
    """A picture at another size, as `imresize(pixels, [height width], 'bicubic')`.

    Args:
        pixels: float32 (old_height, old_width, channels). Any range.
        height: int. Above 0.
        width: int. Above 0.

    Returns:
        float32 (height, width, channels), not clipped: edges overshoot by up to an eighth.
    """
    scales = height / pixels.shape[0], width / pixels.shape[1]
    return _scaled(pixels, (height, width), scales)


def shrink(pixels: Floats, factor: int) -> Floats:
    """A picture `factor` times smaller, as `imresize(pixels, 1 / factor, 'bicubic')`.

    Args:
        pixels: float32 (height, width, channels). Any range.
        factor: int. 1 or more.

    Returns:
        float32 (ceil(height / factor), ceil(width / factor), channels), not clipped.
    """
    height, width = (math.ceil(side / factor) for side in pixels.shape[:2])
    return _scaled(pixels, (height, width), (1 / factor, 1 / factor))


def shrink_uint8(pixels: NDArray[np.uint8], factor: int) -> NDArray[np.uint8]:
    """A picture `factor` times smaller, as `imresize` makes it of 8-bit pixels.

    It rounds after each of the two directions, not only at the end, which moves about one value
    in four by one. Data sets whose small pictures were made of 8-bit ones have that.

    Args:
        pixels: uint8 (height, width, channels).
        factor: int. 1 or more.

    Returns:
        uint8 (ceil(height / factor), ceil(width / factor), channels).
    """
    height, width = (math.ceil(side / factor) for side in pixels.shape[:2])
    planes = _planes(pixels)
    planes = _rounded(_rows(planes, height, 1 / factor))
    planes = _rounded(_columns(planes, width, 1 / factor))
    return np.ascontiguousarray(np.moveaxis(planes, 0, 2)).astype(np.uint8)


def contributions(
    old: int, new: int, scale: float
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """What each new pixel of a line takes from which old ones.

    Args:
        old: int. Pixels of the line.
        new: int. Pixels of the new line.
        scale: float. New pixels to an old one; close to new / old.

    Returns:
        int64 (new, taps), indices of old pixels, and float64 (new, taps), their weights;
        each row adds up to 1.
    """
    widening = max(1 / scale, 1.0)
    centers = (np.arange(new) + 0.5) / scale - 0.5
    # As many taps as imresize looks at: some of their weights are zero.
    taps = math.ceil(4 * widening) + 2
    left = np.floor(centers - 2 * widening).astype(np.int64)
    indices = left[:, None] + np.arange(taps)
    weights = _cubic((centers[:, None] - indices) / widening)
    weights /= weights.sum(axis=1, keepdims=True)
    mirrored = indices % (2 * old)
    return np.where(mirrored < old, mirrored, 2 * old - 1 - mirrored), weights


def _cubic(distance: NDArray[np.float64]) -> NDArray[np.float64]:
    """The kernel of Keys (1981), equation 8, with a = -0.5; zero from 2 on."""
    x = np.abs(distance)
    near = (1.5 * x - 2.5) * x * x + 1
    far = ((-0.5 * x + 2.5) * x - 4) * x + 2
    return np.where(x <= 1, near, np.where(x <= 2, far, 0.0))


class _Block(NamedTuple):
    """Output lines, the input lines they come from, and the weights between the two."""

    output: slice
    source: slice
    weights: Floats


@lru_cache(maxsize=32)
def _blocks(old: int, new: int, scale: float) -> tuple[_Block, ...]:
    indices, weights = contributions(old, new, scale)
    return tuple(
        _block(start, indices[start : start + _BLOCK], weights[start : start + _BLOCK])
        for start in range(0, new, _BLOCK)
    )


def _block(start: int, indices: NDArray[np.int64], weights: NDArray[np.float64]) -> _Block:
    first, last = int(indices.min()), int(indices.max())
    matrix = np.zeros((len(indices), last - first + 1))
    np.add.at(matrix, (np.arange(len(indices))[:, None], indices - first), weights)
    source = slice(first, last + 1)
    return _Block(slice(start, start + len(indices)), source, matrix.astype(np.float32))


def _scaled(pixels: Floats, size: tuple[int, int], scales: tuple[float, float]) -> Floats:
    planes = _planes(pixels)
    rows_first = scales[0] <= scales[1]
    for rows in (rows_first, not rows_first):
        planes = _rows(planes, size[0], scales[0]) if rows else _columns(planes, size[1], scales[1])
    return np.ascontiguousarray(np.moveaxis(planes, 0, 2))


def _planes(pixels: Floats | NDArray[np.uint8]) -> Floats:
    """Float32 (channels, height, width)."""
    return np.ascontiguousarray(np.moveaxis(pixels, 2, 0), np.float32)


def _rounded(planes: Floats) -> Floats:
    return np.asarray(np.floor(planes + np.float32(0.5)).clip(0, 255))


def _rows(planes: Floats, height: int, scale: float) -> Floats:
    channels, old, width = planes.shape
    result = np.empty((channels, height, width), np.float32)
    for output, source, weights in _blocks(old, height, scale):
        np.matmul(weights, planes[:, source], out=result[:, output])
    return result


def _columns(planes: Floats, width: int, scale: float) -> Floats:
    channels, height, old = planes.shape
    result = np.empty((channels, height, width), np.float32)
    for output, source, weights in _blocks(old, width, scale):
        np.matmul(planes[:, :, source], weights.T, out=result[:, :, output])
    return result
