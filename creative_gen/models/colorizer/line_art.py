"""Colours line drawings: fills lie under the lines, which stay as they are."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
from numpy.typing import NDArray

from creative_gen.interface.jobs import Progress
from creative_gen.media.color_space import lab_to_srgb
from creative_gen.media.image import Image, quantized
from creative_gen.models.colorizer.fills import Drawing, whitened
from creative_gen.models.colorizer.lifting import Enlarged
from creative_gen.models.colorizer.original import Original, darkest, smaller
from creative_gen.models.colorizer.player import Player
from creative_gen.models.colorizer.strokes import Strokes, cells_with
from creative_gen.models.colorizer.tones import hint_map
from creative_gen.models.colorizer.waiting import patiently

Floats = NDArray[np.float32]

WORKING = 1024
"""The long side, in pixels, of the picture on which fills are found."""
HINT_CELLS = 12.0
"""How far a hint runs between lines, in cells of the network's colours."""
DOUBT = 1e-4
"""Where this share of hints is left, half of what they say is believed."""


class LineArt:
    """A line drawing on its way through the network.

    Args:
        original: Original. One that has been read.
        player: Player.
        strokes: Strokes. The user's hints, or None.
        gray: bool. Whether to take the drawing's lightness and not its colours.
    """

    lines = True

    def __init__(
        self, original: Original, player: Player, strokes: Strokes | None, gray: bool
    ) -> None:
        self.original, self.strokes, self.gray = original, strokes, gray
        height, width = original.height, original.width
        rows, columns = player.size_of(height, width)
        sheet = original.sheet()
        # Paper is white to the network, whatever a scanner made of it.
        level = max(float(np.percentile(sheet[:: max(height // 256, 1)], 95)), 0.5)
        self.lightness = (smaller(sheet, rows, columns) / level).clip(0, 1) * np.float32(100)
        """(h, w). The grey of the drawing from 0 to 100, as the network sees it."""
        scale = min(1.0, WORKING / max(height, width))
        self.size = max(round(height * scale), 1), max(round(width * scale), 1)
        darkness = (1 - darkest(sheet, *self.size) / np.float32(level)).clip(0, 1)
        self.drawing = Drawing(darkness, 2 * max(self.size) / max(rows, columns))
        self.hints = np.zeros((rows, columns, 4), np.float32)
        """(h, w, 4). The user's hints, as the network sees them."""
        self._given: tuple[Floats, Floats] | None = None
        if strokes is not None:
            color, hinted = strokes.means(*self.size)
            meant = self.drawing.meant(hinted)
            self._given = color, meant[..., None] * self.drawing.trust
            color, hinted = strokes.means(rows, columns)
            self.hints = hint_map(color, hinted & cells_with(meant, rows, columns))

    def painted(self, color: Floats) -> Generator[Progress, None, Image]:
        """The picture in colour; yields progress.

        Args:
            color: (h / 2, w / 2, 3). L*, a* and b* of the fills, as the network said them.
        """
        original, image = self.original, self.original.image
        planes = yield from patiently(lambda: self._planes(color))
        enlarged = Enlarged(planes, original.height, original.width)
        channels = 3 + image.has_alpha
        pixels = np.empty((original.height, original.width, channels), image.pixels.dtype)
        for start, stop in original.strips():
            pixels[start:stop] = self._strip(enlarged.rows(start, stop), start, stop)
            yield Progress(stop / original.height)
        pixels.setflags(write=False)
        return image.with_pixels(pixels)

    def _planes(self, color: Floats) -> Floats:
        """The fills' sRGB and how opaque they are: (height, width, 4) at the working size."""
        said = Enlarged(color, *self.size).rows()
        fills = self.drawing.fills(self._led(said))
        if self._given is not None:
            hints, trusted = self._given
            fills = self.drawing.poured(fills, hints, trusted[..., 0] > 0)
        white, tint = whitened(fills)
        return np.dstack([lab_to_srgb(white).clip(0, 1), self._covered(tint)])

    def _led(self, said: Floats) -> Floats:
        """What the network said, with what it made wrong of hints corrected between the lines."""
        if self._given is None:
            return said
        color, hinted = self._given
        wrong, reached = self.drawing.spread(color - said, hinted, HINT_CELLS)
        return said + wrong * (reached / (reached + np.float32(DOUBT)))

    def _covered(self, tint: Floats) -> Floats:
        """How opaque the fills are (height, width): where clear paper stays paper, not at all.

        What is enclosed is opaque even if it is white: the eyes of a face are no holes.
        """
        drawing = self.drawing
        return np.where(drawing.outside[drawing.regions], tint, np.float32(1))

    def _strip(self, planes: Floats, start: int, stop: int) -> NDArray[np.uint8 | np.uint16]:
        """The pixels of some rows, of the fills' sRGB and opacity (rows, width, 4) there."""
        image = self.original.image
        part = image.with_pixels(image.pixels[start:stop])
        fill, opaque = planes[..., :3], planes[..., 3:]
        if self.strokes is not None:
            rgb, hinted = self.strokes.rows(start, stop)
            fill = np.where(hinted[..., None], rgb, fill)
            opaque = np.where(hinted[..., None], np.float32(1), opaque)
        ink = part.rgb()
        if self.gray:
            peak = np.float32(np.iinfo(image.pixels.dtype).max)
            ink = np.repeat(self.original.gray[start:stop, :, None] / peak, 3, axis=2)
        alpha = part.alpha()
        if alpha is None:
            return quantized(fill * ink, image.bits)
        line = alpha[..., None]
        # Over white this is the fill times the line; where nothing is filled, the line alone.
        filled = fill * (1 - (1 - ink) * line)
        whole = opaque + (1 - opaque) * line
        color = (opaque * filled + (1 - opaque) * line * ink) / np.maximum(whole, 1e-6)
        return quantized(np.concatenate([color, whole], axis=2), image.bits)
