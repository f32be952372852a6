"""Pictures with colours of 16 bits, which Pillow does not have."""

from __future__ import annotations

import logging
import struct
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from creative_gen.media.errors import MediaError
from creative_gen.media.image import Image, Pixels
from creative_gen.media.raster import png_info

# What it only remarks of a file goes to those who listen, and not to the terminal.
logging.getLogger("pyvips").addHandler(logging.NullHandler())

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PNG_COLORS = {1: 0, 2: 4, 3: 2, 4: 6}
"""PNG's colour type by the number of channels."""

_INCHES_TO_A_METRE = 1 / 0.0254
_BLOCK_BYTES = 1 << 22


@contextmanager
def libvips() -> Iterator[Any]:
    """The module `pyvips`, loaded for those who need it; what it finds wrong is a `MediaError`."""
    import pyvips

    kept = pyvips.cache_get_max()
    try:
        yield pyvips
    except pyvips.Error as error:
        raise MediaError(
            "This picture is broken or cut short.", "Save or copy it again, or as PNG."
        ) from error
    finally:
        # It remembers what it has done last, and with that whole files and pictures.
        pyvips.cache_set_max(0)
        pyvips.cache_set_max(kept)


def read_deep_pixels(data: bytes) -> Pixels:
    """The pixels of a PNG or TIFF file, in the order of the file, through libvips.

    Colours of CMYK and CIELAB become sRGB, and alpha is not multiplied into any.

    Raises:
        MediaError: the file is broken or has numbers other than 8 or 16 bits.
    """
    with libvips() as vips:
        image = vips.Image.new_from_buffer(data, "", fail_on="error", access="sequential")
        if image.interpretation in ("cmyk", "lab", "labs"):
            image = in_srgb(image)
        if image.format not in ("uchar", "ushort") or not 1 <= image.bands <= 4:
            raise MediaError(
                "This picture has more than 4 channels.",
                "Save it as grey or RGB, with one channel of transparency or none.",
            )
        kind = np.dtype(np.uint8 if image.format == "uchar" else np.uint16)
        memory = image.write_to_memory()
    pixels = np.ndarray((image.height, image.width, image.bands), kind, memory)
    pixels.setflags(write=False)
    return pixels


def in_srgb(image: Any) -> Any:
    """A picture of libvips by its profile, as sRGB of 16 bits.

    It goes through floating-point CIELAB: on the direct way LittleCMS looks 16-bit colours up
    in a coarse table, which is off by up to 4 % where colours leave sRGB.
    """
    how = {"intent": "relative", "black_point_compensation": True}
    lab = image.icc_import(embedded=True, pcs="lab", **how)
    return lab.icc_export(output_profile="srgb", depth=16, **how)


def deep_png_bytes(image: Image, text: Mapping[str, str]) -> bytes:
    """A whole PNG file with 16 bits (PNG specification, third edition)."""
    colors = _PNG_COLORS[image.channels]
    header = struct.pack(">IIBBBBB", image.width, image.height, 16, colors, 0, 0, 0)
    parts = [PNG_SIGNATURE, _chunk(b"IHDR", header)]
    if image.icc_profile:
        parts.append(_chunk(b"iCCP", b"ICC Profile\0\0" + zlib.compress(image.icc_profile)))
    if image.dpi:
        x, y = (round(value * _INCHES_TO_A_METRE) for value in image.dpi)
        parts.append(_chunk(b"pHYs", struct.pack(">IIB", x, y, 1)))
    if image.exif:
        parts.append(_chunk(b"eXIf", image.exif))
    parts += [_chunk(name, content) for name, content, *_ in png_info(text).chunks]
    parts += [_chunk(b"IDAT", content) for content in _compressed(image.pixels)]
    return b"".join([*parts, _chunk(b"IEND", b"")])


def _chunk(name: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(content, zlib.crc32(name))
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", checksum)


def _compressed(pixels: Pixels) -> Iterator[bytes]:
    stream = zlib.compressobj()
    rows = max(_BLOCK_BYTES // pixels[0].nbytes, 1)
    above = np.zeros(pixels[0].nbytes, np.uint8)
    for start in range(0, len(pixels), rows):
        block = pixels[start : start + rows]
        lines = block.astype(">u2").view(np.uint8).reshape(len(block), -1)
        yield stream.compress(_filtered(lines, above, 2 * pixels.shape[2]).tobytes())
        above = lines[-1]
    yield stream.flush()


def _filtered(lines: NDArray[np.uint8], above: NDArray[np.uint8], step: int) -> NDArray[np.uint8]:
    """Each line less the one above or the pixel to its left, what seems smaller, and which.

    The choice is that of the specification, section 12.7: the least sum of absolute values.
    """
    up, left = lines.copy(), lines.copy()
    up[0] -= above
    up[1:] -= lines[:-1]
    left[:, step:] -= lines[:, :-step]
    sums = [np.abs(choice.view(np.int8)).sum(axis=1, dtype=np.int64) for choice in (left, up)]
    is_up = sums[1] < sums[0]
    result = np.empty((len(lines), lines.shape[1] + 1), np.uint8)
    result[:, 0] = 1 + is_up
    result[:, 1:] = np.where(is_up[:, None], up, left)
    return result
