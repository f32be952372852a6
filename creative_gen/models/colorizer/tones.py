"""Colours pictures in tones: every pixel stays exactly as light as it was."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
from numpy.typing import NDArray

from creative_gen.interface.jobs import Progress
from creative_gen.media.color_space import srgb_to_lab, with_lightness
from creative_gen.media.image import Image
from creative_gen.models.colorizer.domain_transform import distances, smoothed
from creative_gen.models.colorizer.lifting import Enlarged, GuidedColors
from creative_gen.models.colorizer.original import Original, lightness_of_gray, smaller
from creative_gen.models.colorizer.player import Player
from creative_gen.models.colorizer.strokes import Strokes
from creative_gen.models.colorizer.waiting import patiently

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]

WORKING = 1024
"""The long side, in pixels, of the picture on which hints are spread."""
REACH = 10.0
"""How far, in cells of the network's colours, a hint runs beyond what the network made of it."""
EDGE = 4.0
"""A step of so much L* is as far as the reach."""
DOUBT = 2e-4
"""Where this share of hints is left, half of what they say is believed."""


class Tones:
    """A picture in tones on its way through the network.

    Args:
        original: Original. One that has been read.
        player: Player.
        strokes: Strokes. The user's hints, or None.
    """

    lines = False

    def __init__(self, original: Original, player: Player, strokes: Strokes | None) -> None:
        self.original, self.strokes = original, strokes
        rows, columns = player.size_of(original.height, original.width)
        sheet = original.sheet()
        self.lightness = lightness_of_gray(smaller(sheet, rows, columns))
        """(h, w). L*, as the network sees it."""
        self.hints = np.zeros((rows, columns, 4), np.float32)
        """(h, w, 4). The user's hints, as the network sees them."""
        self._spreading: _Spreading | None = None
        if strokes is not None:
            color, hinted = strokes.means(rows, columns)
            # Hints were learnt to be as light as the picture.
            color[..., 0] = self.lightness
            self.hints = hint_map(color, hinted)
            self._spreading = _Spreading(sheet, strokes, max(rows, columns) / 2)

    def painted(self, color: Floats) -> Generator[Progress, None, Image]:
        """The picture in colour; yields progress.

        Args:
            color: (h / 2, w / 2, 3). What the network said.
        """
        original, image = self.original, self.original.image
        rows, columns = (side // 2 for side in self.lightness.shape)
        coarse = self.lightness.reshape(rows, 2, columns, 2).mean(axis=(1, 3))
        size = original.height, original.width
        guided = GuidedColors(color[..., 1:], coarse, *size)
        corrections = None
        if (spreading := self._spreading) is not None:
            wrong = yield from patiently(lambda: spreading.corrections(color[..., 1:], coarse))
            corrections = Enlarged(wrong, *size)
        pixels = np.empty((*size, 3 + image.has_alpha), image.pixels.dtype)
        for start, stop in original.strips():
            ab = guided.rows(original.lightness(start, stop), start)
            if corrections is not None:
                ab += corrections.rows(start, stop)
                self._keep_hints(ab, start, stop)
            pixels[start:stop, :, :3] = with_lightness(ab, original.gray[start:stop])
            yield Progress(stop / original.height)
        if image.has_alpha:
            pixels[..., 3] = image.pixels[..., -1]
        pixels.setflags(write=False)
        return image.with_pixels(pixels)

    def _keep_hints(self, ab: Floats, start: int, stop: int) -> None:
        assert self.strokes is not None
        rgb, hinted = self.strokes.rows(start, stop)
        ab[hinted] = srgb_to_lab(rgb[hinted])[:, 1:]


class _Spreading:
    """Spreads what the network made wrong of hints, so that these leave no seams."""

    def __init__(self, sheet: Floats, strokes: Strokes, cells: float) -> None:
        height, width = sheet.shape
        scale = min(1.0, WORKING / max(height, width))
        self.size = max(round(height * scale), 1), max(round(width * scale), 1)
        self.lightness = lightness_of_gray(smaller(sheet, *self.size))
        means, self.hinted = strokes.means(*self.size)
        self.color = means[..., 1:]
        self.sigma = REACH * max(self.size) / cells
        self.ways = distances(self.lightness[..., None], self.sigma / EDGE)

    def corrections(self, color: Floats, coarse: Floats) -> Floats:
        """What to add to a* and b* (height, width, 2), at the size of `lightness`."""
        lifted = GuidedColors(color, coarse, *self.size).rows(self.lightness)
        hinted = self.hinted[..., None].astype(np.float32)
        wrong = np.concatenate([(self.color - lifted) * hinted, hinted], axis=2)
        sums = smoothed(wrong, *self.ways, self.sigma)
        return sums[..., :2] / (sums[..., 2:] + np.float32(DOUBT))


def hint_map(lab: Floats, hinted: Bools) -> Floats:
    """Hints as the network takes them: (h, w, 4) of L*, a*, b* (h, w, 3) where `hinted`."""
    scaled = lab / np.array([50, 110, 110], np.float32) - np.array([1, 0, 0], np.float32)
    whole = np.concatenate([scaled, np.ones_like(lab[..., :1])], axis=2)
    return np.where(hinted[..., None], whole, np.float32(0))
