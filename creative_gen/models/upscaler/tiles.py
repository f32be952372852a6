"""Cuts a picture into tiles that a network sees with enough around them to leave no seams."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

TILE = 256
"""Pixels of a tile's side at most: a tenth of a second of work, and little of it done twice."""

Pixel = TypeVar("Pixel", bound=np.generic)


@dataclass(frozen=True)
class Tile:
    """A rectangle of a picture: rows from `top` to `bottom`, columns from `left` to `right`."""

    top: int
    bottom: int
    left: int
    right: int

    @property
    def area(self) -> int:
        """Its pixels."""
        return (self.bottom - self.top) * (self.right - self.left)

    def crop(self, pixels: NDArray[Pixel], margin: int) -> NDArray[Pixel]:
        """The tile with `margin` pixels more on each side.

        Args:
            pixels: (height, width, ...). The picture.
            margin: int. Beyond the picture's edges the pixels at the edge are repeated.

        Returns:
            A copy (bottom - top + 2 margin, right - left + 2 margin, ...).
        """
        rows = np.arange(self.top - margin, self.bottom + margin).clip(0, pixels.shape[0] - 1)
        columns = np.arange(self.left - margin, self.right + margin).clip(0, pixels.shape[1] - 1)
        return np.asarray(pixels[rows[0] : rows[-1] + 1][rows - rows[0]][:, columns])

    def scaled(self, scale: int) -> tuple[slice, slice]:
        """Its place in the picture `scale` times as large."""
        return (
            slice(self.top * scale, self.bottom * scale),
            slice(self.left * scale, self.right * scale),
        )


def tiles_of(height: int, width: int, largest: int = TILE) -> list[Tile]:
    """Tiles of nearly the same size that cover a picture once, row by row."""
    rows, columns = (_cuts(side, largest) for side in (height, width))
    return [
        Tile(top, bottom, left, right)
        for top, bottom in zip(rows, rows[1:], strict=False)
        for left, right in zip(columns, columns[1:], strict=False)
    ]


def inner(pixels: NDArray[Pixel], margin: int) -> NDArray[Pixel]:
    """What is left of a crop without its margin."""
    return pixels[margin : pixels.shape[0] - margin, margin : pixels.shape[1] - margin]


def _cuts(side: int, largest: int) -> list[int]:
    parts = -(-side // largest)
    return [side * part // parts for part in range(parts + 1)]
