"""The strokes of colour that a user gives as hints, on a layer of their own."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from creative_gen.media.color_space import srgb_to_lab
from creative_gen.media.image import Image

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]

PIXELS = 1 << 18
"""How many pixels are looked at together."""


class Strokes:
    """A layer of hints, at the size of the picture that it is for.

    A pixel is a hint where more than half of it is covered. A layer of another size is stretched,
    each pixel taking the one that it lies on.

    Args:
        layer: Image. In sRGB, with transparency.
        height: int. Of the picture.
        width: int.
    """

    def __init__(self, layer: Image, height: int, width: int) -> None:
        self._pixels = layer.pixels
        self._layer = layer
        self.height, self.width = height, width
        self.stretched = (layer.height, layer.width) != (height, width)

    def rows(self, start: int, stop: int) -> tuple[Floats, Bools]:
        """The sRGB colours (rows, width, 3) in [0, 1] of some rows, and where they are hints."""
        if not self.stretched:
            part = self._layer.with_pixels(self._pixels[start:stop])
        else:
            rows = _nearest(self.height, self._layer.height)[start:stop]
            columns = _nearest(self.width, self._layer.width)
            part = self._layer.with_pixels(self._pixels[rows[:, None], columns])
        alpha = part.alpha()
        assert alpha is not None
        return part.rgb(), alpha > 0.5

    def means(self, height: int, width: int) -> tuple[Floats, Bools]:
        """What the hints are at a smaller size.

        Args:
            height: int.
            width: int.

        Returns:
            (height, width, 3), the mean L*, a* and b* of the hints in each cell, and (height,
            width), whether there are any.
        """
        rows, columns = min(height, self.height), min(width, self.width)
        totals = self._totals(rows, columns)
        hinted = totals[:, 3] > 0
        mean = totals[:, :3] / np.maximum(totals[:, 3:], 1)
        places = _nearest(height, rows)[:, None], _nearest(width, columns)
        return (
            mean.astype(np.float32).reshape(rows, columns, 3)[places],
            hinted.reshape(rows, columns)[places],
        )

    def _totals(self, height: int, width: int) -> NDArray[np.float64]:
        """The sums of L*, a*, b* and one (height * width, 4) over the hints in each cell."""
        totals = np.zeros((height * width, 4))
        step = max(PIXELS // self.width, 1)
        for start in range(0, self.height, step):
            rgb, hinted = self.rows(start, min(start + step, self.height))
            rows, columns = np.nonzero(hinted)
            if len(rows):
                cells = _cells(rows + start, self.height, height) * width
                cells += _cells(columns, self.width, width)
                values = srgb_to_lab(rgb[rows, columns])
                for channel in range(3):
                    totals[:, channel] += np.bincount(cells, values[:, channel], len(totals))
                totals[:, 3] += np.bincount(cells, minlength=len(totals))
        return totals


def cells_with(mask: Bools, height: int, width: int) -> Bools:
    """A mask (H, W) at another size: cells are set if any pixel in them is."""
    for axis, new in ((0, height), (1, width)):
        old = mask.shape[axis]
        if new < old:
            starts = np.searchsorted(_cells(np.arange(old), old, new), np.arange(new))
            mask = np.logical_or.reduceat(mask, starts, axis=axis)
        else:
            mask = mask.take(_nearest(new, old), axis=axis)
    return mask


def _nearest(new: int, old: int) -> NDArray[np.int64]:
    return (np.arange(new) * 2 + 1) * old // (2 * new)


def _cells(places: NDArray[np.int64], old: int, new: int) -> NDArray[np.int64]:
    return (places * 2 + 1) * new // (2 * old)
