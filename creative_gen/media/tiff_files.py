"""TIFF files: what their directory says, and writing them with 8 or 16 bits.

Pillow reads and writes directories; it has no pixels of 16-bit colours to go with them.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Mapping
from typing import Any

import numpy as np
from PIL import Image as PillowImage
from PIL.TiffImagePlugin import ImageFileDirectory_v2
from PIL.TiffTags import BYTE, LONG, SHORT, UNDEFINED

from creative_gen.media import exif as exif_block
from creative_gen.media import xmp
from creative_gen.media.deep_images import read_deep_pixels
from creative_gen.media.errors import MediaError
from creative_gen.media.image import Image, Pixels
from creative_gen.media.pillow_images import Facts, checked_dpi, read_packet

WIDTH, HEIGHT, BITS, COMPRESSION, PHOTOMETRIC = 256, 257, 258, 259, 262
STRIP_OFFSETS, ORIENTATION, SAMPLES, ROWS_PER_STRIP, STRIP_SIZES = 273, 274, 277, 278, 279
X_RESOLUTION, Y_RESOLUTION, RESOLUTION_UNIT, PREDICTOR = 282, 283, 296, 317
EXTRA_SAMPLES, SAMPLE_FORMAT, XMP, ICC_PROFILE = 338, 339, 700, 34675
EXIF, GPS = 34665, 34853

MAX_BYTES = 0xFFFF_0000
"""Bytes of a file whose offsets have 32 bits, with room for a directory."""

_CMYK = 5
_OWN_COLORS = {0, 1, 2, 3, None}
"""Greys, RGB and palettes: those that are not turned into sRGB on reading."""

_DEFLATE, _DIFFERENCES, _INCH = 8, 2, 2
_PREMULTIPLIED_ALPHA, _ALPHA = 1, 2
_UNSIGNED, _UNDEFINED = 1, 4
_STRIP_BYTES = 1 << 20
_DESCRIPTIVE = (270, 271, 272, 305, 306, 315, 33432)
"""ImageDescription, Make, Model, Software, DateTime, Artist and Copyright."""


def directory(data: bytes) -> ImageFileDirectory_v2:
    """The tags of the first picture. Pillow raises anything if it is broken."""
    length = 16 if data[2:3] == b"+" or data[3:4] == b"+" else 8
    tags = ImageFileDirectory_v2(data[:length])
    file = io.BytesIO(data)
    file.seek(tags.next)
    tags.load(file)
    return tags


def check_values(tags: ImageFileDirectory_v2) -> None:
    """Check that the values are such as an `Image` has.

    Raises:
        MediaError: they are floating-point, signed or of more than 16 bits.
    """
    bits, kinds = tags.get(BITS, (1,)), tags.get(SAMPLE_FORMAT, (_UNSIGNED,))
    if max(bits) > 16 or not set(kinds) <= {_UNSIGNED, _UNDEFINED}:
        raise MediaError(
            "This picture has floating-point, signed or 32-bit values.",
            "Save it with 8 or 16 bits.",
        )


def is_deep(tags: ImageFileDirectory_v2) -> bool:
    """Whether these are 16 bits that Pillow would cut down, or would show as a negative."""
    bits, samples = tags.get(BITS, (1,)), int(tags.get(SAMPLES, 1))
    return max(bits) == 16 and (samples > 1 or tags.get(PHOTOMETRIC) == 0)


def deep_pixels(data: bytes, tags: ImageFileDirectory_v2) -> Pixels:
    """The pixels of the first picture, 16 bits, without channels that nobody knows.

    Raises:
        MediaError: the file is broken or has numbers other than 8 or 16 bits.
    """
    pixels = read_deep_pixels(data)
    extra = tags.get(EXTRA_SAMPLES, ())
    is_known = extra in ((), (_PREMULTIPLIED_ALPHA,), (_ALPHA,))
    return pixels if is_known else pixels[..., : pixels.shape[2] - len(extra)]


def is_cmyk(tags: ImageFileDirectory_v2) -> bool:
    """Whether the colours are those of inks."""
    return bool(tags.get(PHOTOMETRIC) == _CMYK)


def facts_of_tiff(data: bytes, tags: ImageFileDirectory_v2) -> Facts:
    """What a file says of its first picture."""
    text: dict[str, str] = {}
    packet = tags.get(XMP)
    read_packet(text, packet if isinstance(packet, bytes) else None)
    unit = {2: 1.0, 3: 2.54}.get(tags.get(RESOLUTION_UNIT, 2), 0.0)
    dpi = checked_dpi((tags.get(X_RESOLUTION), tags.get(Y_RESOLUTION)))
    scaled = checked_dpi((dpi[0] * unit, dpi[1] * unit)) if dpi else None
    profile = tags.get(ICC_PROFILE)
    if tags.get(PHOTOMETRIC) not in _OWN_COLORS or not isinstance(profile, bytes):
        profile = None
    orientation = tags.get(ORIENTATION) or xmp.orientation(text.get(xmp.KEYWORD, "")) or 1
    return Facts(profile, _exif_of(data), scaled, text, orientation)


def tiff_bytes(image: Image, text: Mapping[str, str]) -> bytes:
    """A whole TIFF file, compressed without loss; the texts are in its XMP.

    Raises:
        MediaError: it would be larger than 4 GB.
    """
    rows = max(_STRIP_BYTES // image.pixels[0].nbytes, 1)
    strips = [_strip(image.pixels[at : at + rows]) for at in range(0, image.height, rows)]
    sizes = tuple(len(strip) for strip in strips)
    if sum(sizes) > MAX_BYTES:
        raise MediaError("A TIFF file cannot be larger than 4 GB.", "Write PNG.")
    tags = ImageFileDirectory_v2()
    _describe_pixels(tags, image)
    tags[ROWS_PER_STRIP] = rows
    _set(tags, STRIP_SIZES, LONG, sizes)
    _set(tags, STRIP_OFFSETS, LONG, tuple(int(at) for at in np.cumsum((0, *sizes[:-1]))))
    _describe_picture(tags, image, text)
    file = io.BytesIO()
    tags.save(file)
    return file.getvalue() + b"".join(strips)


def _strip(pixels: Pixels) -> bytes:
    """Each value less the one to its left, compressed (TIFF 6.0, section 14)."""
    differences = pixels.copy()
    differences[:, 1:] -= pixels[:, :-1]
    return zlib.compress(differences.astype(f"<u{pixels.itemsize}").tobytes())


def _describe_pixels(tags: ImageFileDirectory_v2, image: Image) -> None:
    _set(tags, WIDTH, LONG, image.width)
    _set(tags, HEIGHT, LONG, image.height)
    _set(tags, BITS, SHORT, (image.bits,) * image.channels)
    _set(tags, COMPRESSION, SHORT, _DEFLATE)
    _set(tags, PHOTOMETRIC, SHORT, 1 if image.is_gray else 2)
    _set(tags, SAMPLES, SHORT, image.channels)
    _set(tags, PREDICTOR, SHORT, _DIFFERENCES)
    if image.has_alpha:
        _set(tags, EXTRA_SAMPLES, SHORT, _ALPHA)


def _describe_picture(tags: ImageFileDirectory_v2, image: Image, text: Mapping[str, str]) -> None:
    texts = {key: value for key, value in text.items() if key != xmp.KEYWORD}
    if text:
        packet = xmp.packet_with(texts, text.get(xmp.KEYWORD))
        _set(tags, XMP, BYTE, packet.encode())
    if image.icc_profile:
        _set(tags, ICC_PROFILE, UNDEFINED, image.icc_profile)
    if image.dpi:
        tags[X_RESOLUTION], tags[Y_RESOLUTION] = image.dpi
        _set(tags, RESOLUTION_UNIT, SHORT, _INCH)
    if image.exif:
        _describe_as_exif(tags, image.exif)


def _describe_as_exif(tags: ImageFileDirectory_v2, block: bytes) -> None:
    """Add what `_exif_of` reads, if Pillow can write it."""
    kept: dict[int, Any] = {}
    trial = ImageFileDirectory_v2()
    try:
        whole = PillowImage.Exif()
        whole.load(block)
        kept.update((tag, whole[tag]) for tag in _DESCRIPTIVE if tag in whole)
        kept.update((tag, inner) for tag in (EXIF, GPS) if (inner := whole.get_ifd(tag)))
        trial.update(kept)
        trial.tobytes()
    except Exception:
        return
    tags.update(kept)


def _exif_of(data: bytes) -> bytes | None:
    """The tags that describe the picture, as the block of EXIF that other formats have."""
    whole = PillowImage.Exif()
    kept = PillowImage.Exif()
    try:
        whole.load(data)
        for tag in _DESCRIPTIVE:
            if tag in whole:
                kept[tag] = whole[tag]
        for tag in (EXIF, GPS):
            if inner := whole.get_ifd(tag):
                kept[tag] = inner
        block = kept.tobytes().removeprefix(exif_block.PREFIX)
    except Exception:  # as for `directory`; a picture is not lost for its description
        return None
    return block if len(kept) else None


def _set(tags: ImageFileDirectory_v2, tag: int, kind: int, value: Any) -> None:
    tags.tagtype[tag] = kind
    tags[tag] = value
