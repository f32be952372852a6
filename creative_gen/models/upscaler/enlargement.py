"""Enlarges a picture of any size, depth and transparency, tile by tile."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import TypeVar, cast

import numpy as np
from numpy.typing import NDArray

from creative_gen.interface.jobs import Progress
from creative_gen.media.image import Image, Pixels, quantized
from creative_gen.models.upscaler.player import TURNS, Player
from creative_gen.models.upscaler.tiles import Tile, inner, tiles_of
from creative_gen.models.upscaler.transparency import FLAT_RADIUS, bled, flat, is_hard

Floats = NDArray[np.float32]
Pixel = TypeVar("Pixel", bound=np.generic)


class Enlargement:
    """One picture that is being enlarged.

    Besides the result only a tile takes memory, and no tile knows of the others: what is in it
    does not depend on where the picture was cut.

    Args:
        player: Player.
        image: Image. Grey or colours, with or without transparency.
        scale: int. One of the player's.
        ensemble: bool. Whether to average the eight ways to turn and mirror it.
    """

    def __init__(self, player: Player, image: Image, scale: int, ensemble: bool = False) -> None:
        self.player, self.image, self.scale, self.ensemble = player, image, scale, ensemble
        self.hard = image.has_alpha and is_hard(image.pixels[..., -1])

    def run(self) -> Generator[Progress, None, Image]:
        """Yields after each use of the network; returns the larger picture, dpi as it was."""
        image, scale = self.image, self.scale
        size = image.height * scale, image.width * scale, image.channels
        larger = np.empty(size, image.pixels.dtype)
        done, total = 0, image.height * image.width
        for tile in tiles_of(image.height, image.width):
            for share in self._tile(tile, larger[tile.scaled(scale)]):
                yield Progress((done + share * tile.area) / total)
            done += tile.area
            yield Progress(done / total)
        larger.setflags(write=False)
        return image.with_pixels(larger)

    def _tile(self, tile: Tile, output: Pixels) -> Iterator[float]:
        """Write the enlargement of a tile; yields the share of it that is done."""
        halo, bits = self.player.halo, self.image.bits
        # A network's edge may show this far from what is visible, and it looks a halo around.
        reach = halo + FLAT_RADIUS
        part = self.image.with_pixels(cast(Pixels, tile.crop(self.image.pixels, halo + reach)))
        alpha, colors = part.alpha(), part.rgb()
        seen = None if alpha is None else inner(alpha, reach)
        if seen is not None and not seen.any():
            output[:] = repeated(inner(part.pixels, halo + reach), self.scale)
            return
        if alpha is not None:
            colors = bled(colors, alpha > 0, reach)
        varied = seen is not None and bool((seen != seen[0, 0]).any())
        larger = yield from self._enlarged(inner(colors, reach), 0.0, 1.0 - 0.5 * varied)
        if self.image.is_gray:
            larger = larger.mean(axis=2, keepdims=True)
        output[..., : larger.shape[2]] = quantized(larger, bits)
        if seen is not None:
            edges = None
            if varied:
                gray = np.repeat(seen[..., None], 3, axis=2)
                edges = yield from self._enlarged(gray, 0.5, 1.0)
            output[..., -1] = quantized(self._alpha(seen, edges), bits)

    def _enlarged(self, crop: Floats, start: float, end: float) -> Generator[float, None, Floats]:
        """The enlargement of a crop; yields shares from `start` to `end`."""
        if not self.ensemble:
            larger = self.player.enlarge(crop, self.scale)
            yield end
            return larger
        mean: Floats | None = None
        for index, larger in enumerate(self.player.turns(crop, self.scale), 1):
            part = larger / np.float32(len(TURNS))
            mean = part if mean is None else mean + part
            yield start + (end - start) * index / len(TURNS)
        assert mean is not None
        return mean

    def _alpha(self, seen: Floats, edges: Floats | None) -> Floats:
        """The transparency (h, w) of a tile, of that of its crop and of its enlargement."""
        halo = self.player.halo
        kept = repeated(inner(seen, halo), self.scale)
        if edges is None:
            return kept
        smooth = edges.mean(axis=2)
        if self.hard:
            smooth = (smooth >= 0.5).astype(np.float32)
        same = repeated(flat(inner(seen, halo - FLAT_RADIUS)), self.scale)
        return np.where(same, kept, smooth)


def repeated(pixels: NDArray[Pixel], scale: int) -> NDArray[Pixel]:
    """Each pixel of (height, width, ...) as a square of `scale` x `scale`."""
    return pixels.repeat(scale, axis=0).repeat(scale, axis=1)
