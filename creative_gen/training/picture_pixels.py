"""The pixels of pictures to train on: read as RGB on white, shrunk and judged."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from creative_gen.media.color_profile import to_srgb
from creative_gen.media.image_files import read_image
from creative_gen.training.picture_folders import Pixels

MAX_PIXELS = 40_000_000
"""Of a picture that is read: larger ones are not worth their memory."""

NEARLY_WHITE = 192
NEARLY_GRAY = 32
SHRINKING_GAP = 3.0
"""How many times the final size Pillow averages down to before its filter, to be quicker."""


def read_rgb(path: Path, size: int | None = None) -> Pixels:
    """A picture file in sRGB and on white: uint8 (height, width, 3).

    Args:
        path: Path.
        size: int. Pixels of the longer side at most. Defaults to all.

    Raises:
        MediaError: it cannot be read, or has more than MAX_PIXELS.
    """
    picture = to_srgb(read_image(path, MAX_PIXELS).image).to_pil().convert("RGBA")
    flat = on_white(picture)
    scale = size / max(flat.size) if size else 1.0
    if scale < 1.0:
        width, height = (max(round(side * scale), 1) for side in flat.size)
        lanczos = Image.Resampling.LANCZOS
        flat = flat.resize((width, height), lanczos, reducing_gap=SHRINKING_GAP)
    return np.asarray(flat)


def on_white(picture: Image.Image) -> Image.Image:
    """An RGBA picture as it looks on white paper, in RGB."""
    paper = Image.new("RGBA", picture.size, "white")
    paper.alpha_composite(picture)
    return paper.convert("RGB")


def covered(pixels: Pixels) -> float:
    """The share of pixels (height, width, 3) that are clearly not white."""
    return float((pixels.min(axis=-1) < NEARLY_WHITE).mean())


def colored(pixels: Pixels) -> float:
    """The share of pixels (height, width, 3) that are clearly not grey."""
    return float((np.ptp(pixels, axis=-1) > NEARLY_GRAY).mean())
