"""Tiles of games, such as those of Dungeon Crawl Stone Soup, from an archive of arrays."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from creative_gen.media.errors import MediaError
from creative_gen.training.clipart_pictures import numbered_family
from creative_gen.training.picture_folders import Picture
from creative_gen.training.picture_pixels import on_white

HINT = "Give an .npz file of 'images', uint8 (count, height, width, 4), and their 'names'."


def tile_pictures(path: Path, keep_alpha: bool) -> Iterator[Picture]:
    """The tiles of an archive, in its order.

    Args:
        path: Path. An `.npz` file: `images` uint8 (count, height, width, 4) and `names`.
        keep_alpha: bool. Whether they stay transparent; otherwise they are on white.

    Raises:
        MediaError: it cannot be read, or does not hold such arrays.
    """
    images, names = _arrays(path)
    for tile, name in zip(images, names.tolist(), strict=True):
        plain = name.removesuffix(".png")
        pixels = tile if keep_alpha else np.asarray(on_white(Image.fromarray(tile)))
        yield Picture(plain, numbered_family(plain), {"": pixels})


def _arrays(path: Path) -> tuple[NDArray[np.uint8], NDArray[np.str_]]:
    try:
        # NumPy leaves a file that it opens itself open when it is broken.
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            images, names = file["images"], file["names"]
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as error:
        raise MediaError(f"'{path}' is not an archive of tiles.", HINT) from error
    tiles = images.dtype == np.uint8 and images.ndim == 4 and images.shape[3] == 4
    if not tiles or names.dtype.kind != "U" or names.shape != images.shape[:1] or not images.size:
        raise MediaError(f"'{path}' does not hold tiles.", HINT)
    return images, names
