"""Pictures from Pillow's many modes, and back."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image as PillowImage

from creative_gen.media import exif as exif_block
from creative_gen.media import xmp
from creative_gen.media.errors import MediaError
from creative_gen.media.image import MAX_DPI, Image, Pixels

CMYK_NOTE = "Its CMYK colours became sRGB: a print may look different."

_GRAY = {"1", "L", "La", "LA", "I", "I;16", "I;16B", "I;16L", "I;16N"}
_ALPHA = {"LA", "La", "PA", "RGBA", "RGBa"}


class Facts(NamedTuple):
    """What a file says of its picture, beside the pixels."""

    icc_profile: bytes | None
    exif: bytes | None
    dpi: tuple[float, float] | None
    text: dict[str, str]
    orientation: int
    """How the pixels lie, as EXIF counts it: 1, upright, to 8."""


def image_from_pillow(picture: PillowImage.Image) -> Image:
    """The first frame of an image of Pillow, upright.

    Raises:
        MediaError: its mode has no range of values, or its file is broken.
    """
    with pillow_errors():
        pixels, _ = pixels_of(picture)
        return upright_image(pixels, facts_of(picture), keep_profile=keeps_profile(picture))


def pillow_from_image(image: Image) -> PillowImage.Image:
    """An image of Pillow with the same pixels, those of 16-bit colours rounded to 8 bits."""
    deep_gray = image.bits == 16 and image.channels == 1
    pixels = image.pixels if deep_gray else image.with_bits(8).pixels
    picture = PillowImage.fromarray(pixels[..., 0] if image.channels == 1 else pixels)
    if image.icc_profile:
        picture.info["icc_profile"] = image.icc_profile
    if image.exif:
        picture.info["exif"] = exif_block.PREFIX + image.exif
    if image.dpi:
        picture.info["dpi"] = image.dpi
    return picture


@contextmanager
def pillow_errors() -> Iterator[None]:
    """Whatever Pillow finds wrong is a `MediaError`, and what it only remarks is not said."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    except (MediaError, MemoryError):
        raise
    except Exception as error:
        # A broken file makes Pillow raise anything: OSError, SyntaxError, KeyError ...
        raise MediaError(
            "This picture is broken or cut short.", "Save or copy it again, or as PNG."
        ) from error


def pixels_of(picture: PillowImage.Image) -> tuple[Pixels, tuple[str, ...]]:
    """Pixels (height, width, channels) in the order of the file, and what is to be said.

    Raises:
        MediaError: the mode has no range of values.
    """
    if picture.mode == "CMYK":
        from creative_gen.media.color_profile import srgb_from_cmyk

        profile = picture.info.get("icc_profile")
        return _array(srgb_from_cmyk(picture, profile)), (CMYK_NOTE,)
    if picture.mode.startswith("I") or picture.mode == "F":
        return _deep_gray(picture), ()
    transparent = picture.mode in _ALPHA or "transparency" in picture.info
    wanted = ("L" if picture.mode in _GRAY else "RGB") + ("A" if transparent else "")
    return _array(picture if picture.mode == wanted else picture.convert(wanted)), ()


def keeps_profile(picture: PillowImage.Image) -> bool:
    """Whether the profile is still that of the pixels that `pixels_of` gives."""
    return picture.mode in _GRAY | _ALPHA | {"RGB", "RGBX", "P"}


def facts_of(picture: PillowImage.Image) -> Facts:
    """What a loaded image says of itself; of a TIFF file not its EXIF."""
    info = picture.info
    text = {str(key): str(value) for key, value in getattr(picture, "text", {}).items()}
    raw = text.pop("Raw profile type exif", None)
    block = _bytes(info.get("exif")) or (_from_hexadecimal(raw) if raw else None)
    block = block.removeprefix(exif_block.PREFIX) if block else None
    comment = _bytes(info.get("comment"))
    if comment:
        text.setdefault("Comment", comment.decode("utf-8", "replace").rstrip("\0"))
    read_packet(text, _bytes(info.get("xmp")))
    dpi = checked_dpi(info.get("dpi")) or (exif_block.resolution(block) if block else None)
    lying = exif_block.orientation(block) if block else 0
    lying = lying or xmp.orientation(text.get(xmp.KEYWORD, ""))
    return Facts(_bytes(info.get("icc_profile")), block, dpi, text, lying or 1)


def upright_image(
    pixels: Pixels, facts: Facts, keep_profile: bool = True, is_turned: bool = False
) -> Image:
    """The picture turned upright, as its facts say that it lies, if not `is_turned` already."""
    turned = pixels if is_turned else _turned(pixels, facts.orientation)
    height, width = turned.shape[:2]
    dpi = facts.dpi
    if dpi and facts.orientation in (5, 6, 7, 8):
        dpi = dpi[1], dpi[0]
    block = exif_block.described(facts.exif, width, height, dpi) if facts.exif else None
    text = dict(facts.text)
    if xmp.KEYWORD in text:
        text[xmp.KEYWORD] = xmp.upright(text[xmp.KEYWORD])
    return Image(turned, facts.icc_profile if keep_profile else None, block, dpi, text)


def _array(picture: PillowImage.Image) -> Pixels:
    pixels = np.asarray(picture)
    return pixels if pixels.ndim == 3 else pixels[..., None]


def _deep_gray(picture: PillowImage.Image) -> Pixels:
    """Greys of 16 bits; "I" has 32, of which a PNG file needs 16."""
    values = np.asarray(picture)
    if values.dtype.kind == "f" or values.min() < 0 or values.max() > 65_535:
        raise MediaError(
            "This picture has floating-point or 32-bit values.", "Save it with 8 or 16 bits."
        )
    pixels = values.astype(np.uint16)[..., None]
    pixels.setflags(write=False)
    return pixels


def _turned(pixels: NDArray[Any], orientation: int) -> Pixels:
    if orientation in (5, 6, 7, 8):
        pixels = pixels.transpose(1, 0, 2)
    if orientation in (3, 4, 7, 8):
        pixels = pixels[::-1]
    if orientation in (2, 3, 6, 7):
        pixels = pixels[:, ::-1]
    turned = np.ascontiguousarray(pixels)
    turned.setflags(write=False)
    return turned


def read_packet(text: dict[str, str], packet: bytes | None) -> None:
    """Add what an XMP packet has to the texts of a picture, and leave out what PNG forbids."""
    try:
        written = packet.decode("utf-8").rstrip("\0") if packet else text.get(xmp.KEYWORD, "")
    except UnicodeDecodeError:
        written = ""
    texts, rest = xmp.texts_of(written)
    text.update(texts)
    text.pop(xmp.KEYWORD, None)
    if rest:
        text[xmp.KEYWORD] = rest
    for key in [key for key, value in text.items() if not _is_text(key, value)]:
        del text[key]


def _is_text(keyword: str, text: str) -> bool:
    """Whether PNG allows it: other programs write what it does not."""
    latin = keyword.isprintable() and all(ord(character) < 256 for character in keyword)
    return latin and 1 <= len(keyword) <= 79 and keyword == keyword.strip() and "\0" not in text


def _from_hexadecimal(profile: str) -> bytes | None:
    """EXIF as ImageMagick put it into the text of PNG files: a name, a length and digits."""
    try:
        return bytes.fromhex("".join(profile.split("\n")[3:]))
    except ValueError:
        return None


def _bytes(value: object) -> bytes | None:
    if isinstance(value, str):
        return value.encode("utf-8", "replace") or None
    return value if isinstance(value, bytes) and value else None


def checked_dpi(dpi: Any) -> tuple[float, float] | None:
    """Pixels to an inch if they are two numbers that an `Image` may have, else None."""
    try:
        x, y = (float(value) for value in dpi)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    # PNG counts pixels to a metre: 150 to an inch come back as 150.0124.
    x, y = round(x, 1), round(y, 1)
    return (x, y) if 0 < x <= MAX_DPI and 0 < y <= MAX_DPI else None
