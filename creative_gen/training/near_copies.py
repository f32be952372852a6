"""Finds pictures that show the same as an earlier one, under whatever name."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from creative_gen.training.picture_folders import Pixels

SIDE = 16
"""Pixels of the thumbnails that are compared."""

LIKENESS = 0.1
"""How much of the ink of two near-copies differs at most. In clip art, what differs more is mostly
meant to: flags, playing cards, faces."""


class NearCopies:
    """Thumbnails of pictures on white; proportions do not count."""

    def __init__(self) -> None:
        self._ink = np.empty((64, SIDE * SIDE * 3), np.float32)
        self._square = np.empty(64, np.float32)
        self._count = 0

    def add(self, pixels: Pixels) -> None:
        """Remember a picture: uint8 (height, width, 3)."""
        if self._count == len(self._ink):
            self._ink = np.concatenate([self._ink, np.empty_like(self._ink)])
            self._square = np.concatenate([self._square, np.empty_like(self._square)])
        ink = _ink(pixels)
        self._ink[self._count], self._square[self._count] = ink, ink @ ink
        self._count += 1

    def has(self, pixels: Pixels) -> bool:
        """Whether a picture resembles one that was added.

        The root of the squared difference of the thumbnails' ink is compared to that of all ink of
        the darker, so thin drawings are not alike for being mostly white.
        """
        ink = _ink(pixels)
        square = float(ink @ ink)
        squares = self._square[: self._count]
        difference = squares + square - 2.0 * (self._ink[: self._count] @ ink)
        return bool((difference <= LIKENESS**2 * np.maximum(squares, square)).any())


def _ink(pixels: Pixels) -> NDArray[np.float32]:
    thumbnail = Image.fromarray(pixels).resize((SIDE, SIDE), Image.Resampling.BOX)
    return 255.0 - np.asarray(thumbnail, np.float32).ravel()
