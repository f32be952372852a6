"""What a network makes, as pictures of any size."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from creative_gen.latent.settings import LatentSettings
from creative_gen.media.bicubic import resize
from creative_gen.media.image import Image

Floats = NDArray[np.float32]

PALEST, DARKEST = 0.2, 0.75
"""Ink of an enlarged drawing below the one becomes paper, and above the other black."""


def as_image(values: Floats, settings: LatentSettings, scale: int = 1) -> Image:
    """A picture `scale` times as large as the network makes it.

    Args:
        values: (channels, side, side) in [0, 1], colours of four channels multiplied by alpha.
        settings: LatentSettings. They say how it is enlarged.
        scale: int. 1 or more.

    Returns:
        An image of 8 bits.
    """
    pixels = np.moveaxis(values, 0, 2).clip(0, 1)
    if scale > 1 and settings.enlarge == "smooth":
        pixels = resize(pixels, *(scale * side for side in pixels.shape[:2])).clip(0, 1)
        if settings.framing == "ink":
            pixels = 1 - crisp(1 - pixels)
    image = _rounded(pixels)
    if scale > 1 and settings.enlarge == "pixels":
        return image.with_pixels(image.pixels.repeat(scale, axis=0).repeat(scale, axis=1))
    return image


def crisp(ink: Floats) -> Floats:
    """Ink in [0, 1] whose edges are sharper: a smooth step from paper to black."""
    share = ((ink - PALEST) / np.float32(DARKEST - PALEST)).clip(0, 1)
    return np.asarray(share * share * (3 - 2 * share))


def _rounded(pixels: Floats) -> Image:
    """An image of values (height, width, channels); colours are freed from alpha."""
    if pixels.shape[2] < 4:
        return Image(np.floor(pixels * 255 + 0.5).astype(np.uint8))
    alpha = pixels[..., 3]
    rgb = pixels[..., :3] / np.maximum(alpha, 1 / 512, dtype=np.float32)[..., None]
    return Image.from_float(np.asarray(rgb, np.float32), alpha)
