"""Blender's images as PNG files, and files as new images."""

from __future__ import annotations

import json
import os
import struct
import tempfile
import zlib
from functools import partial
from typing import Any, Callable

import bpy
import numpy as np

from .creative_gen_client import CreativeGenError


def encoder(image: Any) -> Callable[[], bytes]:
    """What makes a PNG of 8 bits of an image as it is now; it may be called in any thread.

    Raises:
        CreativeGenError: there is no image, or it has no pixels.
    """
    if image is None or not (image.size[0] and image.size[1]):
        raise CreativeGenError(
            "no_picture", "There is no picture to work on.", "Open one in the Image Editor."
        )
    width, height = image.size
    pixels = np.empty(width * height * image.channels, np.float32)
    image.pixels.foreach_get(pixels)
    # Blender's first row is the lowest.
    pixels = pixels.reshape(height, width, image.channels)[::-1]
    return partial(_encoded, pixels, image.is_float)


def png(pixels: Any) -> bytes:
    """A PNG file of uint8 (height, width, 1 to 4)."""
    height, width, channels = pixels.shape
    if channels == 4 and (pixels[..., 3] == 255).all():
        pixels, channels = pixels[..., :3], 3
    kind = {1: 0, 2: 4, 3: 2, 4: 6}[channels]
    rows = np.zeros((height, 1 + width * channels), np.uint8)
    rows[:, 1:] = pixels.reshape(height, -1)
    header = struct.pack(">IIBBBBB", width, height, 8, kind, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(rows.tobytes(), 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*one) for one in chunks)


def add_image(name: str, content: bytes, provenance: Any) -> Any:
    """A new image of a file's bytes, packed into the document.

    Args:
        name: str. Blender appends a number where there is one of that name.
        content: bytes. Of a PNG.
        provenance: JSON values, kept as the image's custom property `creative_gen`.
    """
    handle, path = tempfile.mkstemp(suffix=".png")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        image = bpy.data.images.load(path, check_existing=False)
        image.pack()
    finally:
        os.remove(path)
    image.name = name
    image.filepath_raw = f"//{bpy.path.clean_name(image.name)}.png"
    image["creative_gen"] = json.dumps(provenance)
    return image


def _encoded(pixels: Any, linear: bool) -> bytes:
    shown = _shown(pixels) if linear else pixels
    return png(np.clip(shown * 255 + 0.5, 0, 255).astype(np.uint8))


def _shown(pixels: Any) -> Any:
    """Linear colours as they are shown (IEC 61966-2-1), and straight alpha."""
    colors, alpha = pixels[..., :3], pixels[..., 3:]
    if alpha.size:
        colors = colors / np.where(alpha > 0, alpha, 1)
    linear = np.clip(colors, 0, 1)
    shown = np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)
    return np.concatenate([shown, alpha], axis=-1)


def _chunk(name: bytes, content: bytes) -> bytes:
    return (
        struct.pack(">I", len(content))
        + name
        + content
        + struct.pack(">I", zlib.crc32(name + content))
    )
