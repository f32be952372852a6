"""How near colourings come to the true ones, each alone and as a set."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from creative_gen.measures.distances import frechet_distance
from creative_gen.media.bicubic import resize
from creative_gen.media.color_difference import ciede2000
from creative_gen.media.color_space import srgb_to_lab
from creative_gen.media.colorfulness import colorfulness
from creative_gen.media.fidelity import psnr
from creative_gen.models.colorizer.frechet import SIDE, features

CEILING = 60.0
"""Decibels: pictures of 8 bits that differ by less differ by their rounding."""
_BLOCK = 1 << 15

Float32 = NDArray[np.float32]
Floats = NDArray[np.float64]


class Likeness:
    """What is measured of a way to colour pictures, picture by picture.

    Args:
        grid: int. Pictures are cut into `grid` x `grid` pieces for the Frechet distance, for
            which a few large pictures are too few; see `pieces`.
    """

    def __init__(self, grid: int) -> None:
        self.grid = grid
        self.rows: list[tuple[float, float, float]] = []
        self.features: list[Floats] = []
        self.deviations: list[Floats] = []

    def add(self, made: Float32, true: Float32) -> None:
        """Measure a colouring (H, W, 3) against the true one, both sRGB in [0, 1]."""
        decibels = min(psnr(made, true, 1.0), CEILING)
        self.rows.append((decibels, mean_difference(made, true), colorfulness(made)))
        self.features.append(features(pieces(made, self.grid)))

    def figures(self, true: Likeness) -> dict[str, float]:
        """The means; ratio and distance are to what was measured of the true pictures.

        `hints_95` and `hints_most` are of CIEDE2000 at hinted pixels, where there are any; a
        single piece has no `frechet`.
        """
        decibels, difference, colors = np.mean(self.rows, axis=0)
        figures = {
            "psnr": float(decibels),
            "ciede2000": float(difference),
            "colorfulness": float(colors),
            "ratio": float(colors / max(np.mean(true.rows, axis=0)[2], 1e-9)),
        }
        mine, theirs = np.concatenate(self.features), np.concatenate(true.features)
        if len(mine) > 1:
            figures["frechet"] = frechet_distance(mine, theirs)
        if self.deviations:
            deviations = np.concatenate(self.deviations)
            figures["hints_95"] = float(np.percentile(deviations, 95))
            figures["hints_most"] = float(deviations.max())
        return {name: round(value, 4) for name, value in figures.items()}


def mean_difference(made: Float32, true: Float32) -> float:
    """The mean CIEDE2000 over the pixels of two pictures."""
    # In blocks, because the formula needs twenty times the memory of a picture.
    total, first, second = 0.0, made.reshape(-1, 3), true.reshape(-1, 3)
    for start in range(0, len(first), _BLOCK):
        block = slice(start, start + _BLOCK)
        total += float(ciede2000(srgb_to_lab(first[block]), srgb_to_lab(second[block])).sum())
    return total / len(first)


def pieces(rgb: Float32, grid: int) -> Float32:
    """The pieces (P, 64, 64, 3) of a picture, as `frechet.features` looks at them.

    They are `grid` x `grid`, or fewer where they would be smaller than what the network sees.
    """
    rows, columns = (max(min(grid, side // SIDE), 1) for side in rgb.shape[:2])
    parts = [
        resize(part, SIDE, SIDE)
        for band in np.array_split(rgb, rows, axis=0)
        for part in np.array_split(band, columns, axis=1)
    ]
    return srgb_to_lab(np.stack(parts).clip(0, 1))
