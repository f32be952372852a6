"""Pictures at other sizes, each pixel the mean of the area that it stands for."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
from numpy.typing import NDArray

from creative_gen.media.image import ALL_ROWS, Image

Floats = NDArray[np.float32]

_BLOCK = 1 << 20
"""Pixels that are averaged together: some hundredths of a second of work."""


def premultiplied(image: Image, rows: slice = ALL_ROWS) -> Floats:
    """Colours times alpha, and alpha, of some rows: float32 (rows, width, 4) in [0, 1]."""
    rgb, alpha = image.rgb(rows), image.alpha(rows)
    if alpha is None:
        return np.pad(rgb, ((0, 0), (0, 0), (0, 1)), constant_values=1)
    return np.concatenate([rgb * alpha[..., None], alpha[..., None]], axis=2)


def area_average(image: Image, height: int, width: int) -> Generator[float, None, Floats]:
    """A picture at another size; yields the share that is done.

    A whole picture is never in memory as numbers of 32 bits. Where it gets larger, pixels become
    areas with sharp edges.

    Args:
        image: Image. Of any size and depth.
        height: int. Above 0.
        width: int. Above 0.

    Returns:
        float32 (height, width, 4): colours times alpha, and alpha.
    """
    result = np.empty((height, width, 4), np.float32)
    rows = max(_BLOCK * height // (image.width * image.height), 1)
    for start in range(0, height, rows):
        stop = min(start + rows, height)
        first, last = start * image.height // height, -(-stop * image.height // height)
        block = premultiplied(image, slice(first, last))
        lines = np.stack(
            [_mean(block, image.height, height, row, first) for row in range(start, stop)]
        )
        if width == image.width:
            result[start:stop] = lines
        else:
            columns = np.ascontiguousarray(lines.swapaxes(0, 1))
            for column in range(width):
                result[start:stop, column] = _mean(columns, image.width, width, column)
        yield stop / height
    return result


def _mean(values: Floats, old: int, new: int, index: int, first: int = 0) -> Floats:
    """The mean over what one of `new` equal parts covers of `old` values along the first axis.

    Args:
        values: (n, ...). Those from the one with the index `first` on.
    """
    if old == new:
        return np.asarray(values[index - first])
    start, stop = index * old, (index + 1) * old
    # In units of which an old value has as many as there are new ones.
    covered = np.arange(start // new, -(-stop // new))
    weights = np.minimum((covered + 1) * new, stop) - np.maximum(covered * new, start)
    part = values[covered[0] - first : covered[-1] - first + 1]
    mean = (weights / old).astype(np.float32) @ part.reshape(len(part), -1)
    return mean.reshape(values.shape[1:])
