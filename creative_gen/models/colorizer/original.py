"""The picture that is to be coloured, as grey levels and as smaller pictures of them."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from functools import cache

import numpy as np
from numpy.typing import NDArray

from creative_gen.interface.jobs import Progress
from creative_gen.media import color_space
from creative_gen.media.bicubic import resize
from creative_gen.media.image import Image, Pixels

Floats = NDArray[np.float32]

STRIP = 1 << 18
"""Pixels of a strip of rows: about a tenth of a second of work."""


class Original:
    """A picture without its colours, if it has any.

    Args:
        image: Image. In sRGB.
    """

    def __init__(self, image: Image) -> None:
        self.image = image
        self.height, self.width = image.height, image.width
        self.gray: Pixels = image.pixels[..., 0]
        """(height, width). The grey level of each pixel; known once `read` has ended."""

    def strips(self) -> Iterator[tuple[int, int]]:
        """The first row of each strip, and the row after its last."""
        rows = max(STRIP // self.width, 1)
        for start in range(0, self.height, rows):
            yield start, min(start + rows, self.height)

    def read(self) -> Generator[Progress, None, None]:
        """Find the grey levels; yields progress."""
        if self.image.is_gray:
            return
        self.gray = np.empty((self.height, self.width), self.image.pixels.dtype)
        for start, stop in self.strips():
            self.gray[start:stop] = color_space.gray_level(self.image.pixels[start:stop, :, :3])
            yield Progress(stop / self.height)

    def lightness(self, start: int, stop: int) -> Floats:
        """L* (rows, width) of some rows, each pixel's own."""
        return lightness_of_levels(self.gray.dtype)[self.gray[start:stop]]

    def sheet(self) -> Floats:
        """How the picture looks on white paper (height, width): sRGB grey in [0, 1]."""
        peak = np.float32(np.iinfo(self.gray.dtype).max)
        sheet = np.asarray(self.gray / peak, np.float32)
        for start, stop in self.strips():
            alpha = self.image.alpha(slice(start, stop))
            if alpha is not None:
                sheet[start:stop] = 1 - (1 - sheet[start:stop]) * alpha
        return sheet


def smaller(sheet: Floats, height: int, width: int) -> Floats:
    """A plane (H, W) in [0, 1] at another size, without false patterns."""
    return resize(sheet[..., None], height, width)[..., 0].clip(0, 1)


def darkest(sheet: Floats, height: int, width: int) -> Floats:
    """A plane at a smaller size, each pixel the darkest of those it stands for.

    So the thinnest line stays as dark, and as closed, as it was.
    """
    for axis, size in ((0, height), (1, width)):
        starts = np.arange(size) * sheet.shape[axis] // size
        sheet = np.minimum.reduceat(sheet, starts, axis=axis)
    return sheet


def lightness_of_gray(gray: Floats) -> Floats:
    """L* of sRGB greys in [0, 1], of any shape."""
    return color_space.lightness(np.repeat(gray[..., None], 3, axis=-1))


@cache
def lightness_of_levels(dtype: np.dtype[np.uint8 | np.uint16]) -> Floats:
    """L* of every grey level of 8 or 16 bits."""
    levels = int(np.iinfo(dtype).max) + 1
    return lightness_of_gray(np.linspace(0, 1, levels, dtype=np.float32))
