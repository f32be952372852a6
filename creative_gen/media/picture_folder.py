"""Folders of pictures: what is in them, and how a picture looks on white paper."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import PIL.Image
from numpy.typing import NDArray

from creative_gen.media.errors import MediaError
from creative_gen.media.image import Image

SUFFIXES = (".png", ".jpg", ".jpeg", ".webp", ".tif", ".tiff", ".bmp", ".gif")
VALID = "valid"


def measured_pictures(data: Path) -> list[Path]:
    """The pictures that a model is measured on.

    Args:
        data: Path. A picture, a folder of pictures, or a folder with such a folder "valid", as
            the recipes of training data make it; subfolders count.

    Raises:
        MediaError: there are none.
    """
    if data.is_file():
        return [data]
    folder = data / VALID if (data / VALID).is_dir() else data
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)
    if not paths:
        raise MediaError(
            f"'{data}' has no pictures.", f"Give a folder of {', '.join(SUFFIXES)} files."
        )
    return paths


def opened_on_white(path: Path) -> PIL.Image.Image:
    """A file's picture in RGB on white, as training takes it: its profile is not looked at."""
    with PIL.Image.open(path) as picture:
        whole = picture.convert("RGBA")
    white = PIL.Image.new("RGBA", whole.size, "white")
    return PIL.Image.alpha_composite(white, whole).convert("RGB")


def on_white(image: Image) -> NDArray[np.float32]:
    """The colours (height, width, 3) in [0, 1] of a picture that lies on white."""
    alpha = image.alpha()
    if alpha is None:
        return image.rgb()
    return np.asarray(1 + alpha[..., None] * (image.rgb() - 1), np.float32)
