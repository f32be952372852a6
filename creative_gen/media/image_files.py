"""Reads and writes picture files: PNG, JPEG, WebP and TIFF, and reads GIF and BMP.

Texts, such as the provenance under "creative_gen", are iTXt chunks of PNG files. In JPEG, WebP
and TIFF files they are in XMP, and not in EXIF's UserComment: so the EXIF of a camera need not
be written anew, which breaks what the maker put there.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from typing import Literal, NamedTuple

from PIL import Image as PillowImage

from creative_gen.media import exif as exif_block
from creative_gen.media import xmp
from creative_gen.media.errors import MediaError
from creative_gen.media.image import Bits, Image
from creative_gen.media.pillow_images import (
    CMYK_NOTE,
    facts_of,
    keeps_profile,
    pillow_errors,
    pixels_of,
    upright_image,
)
from creative_gen.media.source import read_bytes

FileFormat = Literal["png", "jpeg", "webp", "tiff"]
"""The formats that are written."""

MAX_FILE_BYTES = 1_500_000_000
MAX_PIXELS = 150_000_000
"""Pixels of a picture that is read, if nobody says otherwise: 15,000 x 10,000."""

_HINT = "Give a PNG, JPEG, WebP, TIFF, GIF or BMP file."


class _Kind(NamedTuple):
    name: str
    signatures: tuple[bytes, ...]
    plugin: str
    """The part of Pillow that opens it: opening with all of them loads dozens."""


_KINDS = {
    "png": _Kind("PNG", (b"\x89PNG\r\n\x1a\n",), "PngImagePlugin"),
    "jpeg": _Kind("JPEG", (b"\xff\xd8\xff",), "JpegImagePlugin"),
    "webp": _Kind("WEBP", (), "WebPImagePlugin"),
    "tiff": _Kind("TIFF", (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"), "TiffImagePlugin"),
    "gif": _Kind("GIF", (b"GIF87a", b"GIF89a"), "GifImagePlugin"),
    "bmp": _Kind("BMP", (b"BM",), "BmpImagePlugin"),
}
_MAX_SIDE = {"png": 2**31 - 1, "jpeg": 65_500, "webp": 16_383, "tiff": 2**31 - 1}
_MAX_SEGMENT = 65_533
"""Bytes of one block of EXIF or XMP in a JPEG file."""

_XMP_OVERHEAD = 29
_MAX_JPEG_DPI = 65_535
_FIRST_FRAME = "It is an animation: only its first frame is used."
_FIRST_PAGE = "It has many pages: only the first is used."


class ReadImage(NamedTuple):
    """A picture that was read, what is to be said about that, and its file's format."""

    image: Image
    notes: tuple[str, ...]
    file_format: str
    """One of `FileFormat`, "gif" or "bmp"."""


def read_image(source: bytes | str | Path, max_pixels: int = MAX_PIXELS) -> ReadImage:
    """Read a picture file: PNG, JPEG, WebP, TIFF, GIF or BMP, upright, of any kind of pixels.

    Palettes become RGB, or RGBA where they have a transparent colour; CMYK becomes sRGB by its
    profile. 16 bits stay 16 bits, and a profile, EXIF, dpi and texts are kept. Of an animation
    or of many pages the first is read.

    Args:
        source: bytes or path.
        max_pixels: int. How many pixels it may have, which is looked at before they are
            decoded; above 178,956,970 Pillow's own limit holds. Defaults to `MAX_PIXELS`.

    Raises:
        MediaError: the file cannot be opened, is no picture, is empty, broken, cut short or
            too large, or has floating-point values.
    """
    if not isinstance(source, bytes) and Path(source).is_dir():
        raise MediaError(f"{str(source)!r} is a folder, not a picture.", _HINT)
    data = read_bytes(source, MAX_FILE_BYTES)
    file_format = _format_of(data)
    import_module(f"PIL.{_KINDS[file_format].plugin}")
    with pillow_errors():
        read = _read_tiff if file_format == "tiff" else _read
        image, notes = read(data, file_format, max_pixels)
    return ReadImage(image, notes, file_format)


def image_bytes(
    image: Image,
    file_format: FileFormat = "png",
    facts: Mapping[str, str] | None = None,
    lossless: bool = True,
) -> bytes:
    """A whole picture file; the same bytes for the same picture and facts.

    Args:
        image: Image.
        file_format: "png", "jpeg" (quality 95, every pixel with its own colour), "webp" or
            "tiff".
        facts: mapping. Texts beside those of the picture, such as the provenance under
            "creative_gen". Defaults to none.
        lossless: bool. Whether WebP keeps every pixel; otherwise its quality is 95, which
            suits photographs. Defaults to yes.

    Raises:
        MediaError: the format cannot hold the picture (see `check_fits`) or its texts.
    """
    check_fits(file_format, image.height, image.width, image.bits, image.has_alpha)
    text = {**image.text, **(facts or {})}
    if image.exif:
        block = exif_block.described(image.exif, image.width, image.height, image.dpi)
        image = Image(image.pixels, image.icc_profile, block, image.dpi)
    if file_format == "tiff":
        from creative_gen.media.tiff_files import tiff_bytes

        return tiff_bytes(image, text)
    if file_format == "png" and image.bits == 16:
        from creative_gen.media.deep_images import deep_png_bytes

        return deep_png_bytes(image, text)
    if file_format == "webp":
        return _webp_bytes(image, text, lossless)
    return _jpeg_bytes(image, text) if file_format == "jpeg" else _png_bytes(image, text)


def check_fits(file_format: str, height: int, width: int, bits: Bits, has_alpha: bool) -> None:
    """Check that a format can hold a picture, which can be known before it is made.

    Raises:
        MediaError: it cannot, or it is not one of `FileFormat`.
    """
    if file_format not in _MAX_SIDE:
        raise MediaError(
            f"Pictures cannot be written as {file_format}.", "Use png, jpeg, webp or tiff."
        )
    name = "WebP" if file_format == "webp" else _KINDS[file_format].name
    if has_alpha and file_format == "jpeg":
        raise MediaError(
            "JPEG cannot hold transparency.", "Write PNG or WebP, or flatten the picture first."
        )
    if bits == 16 and file_format in ("jpeg", "webp"):
        raise MediaError(
            f"{name} cannot hold 16 bits.", "Write PNG or TIFF, or convert it to 8 bits first."
        )
    if max(height, width) > _MAX_SIDE[file_format]:
        raise MediaError(
            f"{name} cannot hold {width:,} x {height:,} pixels.",
            f"It has at most {_MAX_SIDE[file_format]:,} to a side: write PNG or TIFF.",
        )


def _format_of(data: bytes) -> str:
    if not data:
        raise MediaError("This picture file is empty.", _HINT)
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    for file_format, kind in _KINDS.items():
        if kind.signatures and data.startswith(kind.signatures):
            return file_format
    raise MediaError("This is not a picture that can be read.", _HINT)


def _read(data: bytes, file_format: str, max_pixels: int) -> tuple[Image, tuple[str, ...]]:
    with _opened(data, file_format, max_pixels) as picture:
        picture.load()
        if file_format == "png" and _is_deep_png(data, picture):
            from creative_gen.media.deep_images import read_deep_pixels

            return upright_image(read_deep_pixels(data), facts_of(picture)), _frame_notes(picture)
        pixels, notes = pixels_of(picture)
        image = upright_image(pixels, facts_of(picture), keeps_profile(picture))
        return image, (*notes, *_frame_notes(picture))


def _read_tiff(data: bytes, file_format: str, max_pixels: int) -> tuple[Image, tuple[str, ...]]:
    from creative_gen.media import tiff_files as tiff

    tags = tiff.directory(data)
    _check_size(int(tags[tiff.WIDTH]), int(tags[tiff.HEIGHT]), max_pixels)
    tiff.check_values(tags)
    facts = tiff.facts_of_tiff(data, tags)
    if tiff.is_deep(tags):
        said = {CMYK_NOTE: tiff.is_cmyk(tags), _FIRST_PAGE: bool(tags.next)}
        image = upright_image(tiff.deep_pixels(data, tags), facts)
        return image, tuple(note for note, is_so in said.items() if is_so)
    with _opened(data, file_format, max_pixels) as picture:
        picture.load()
        pixels, notes = pixels_of(picture)
        # Pillow has turned it upright.
        image = upright_image(pixels, facts, keeps_profile(picture), is_turned=True)
        return image, (*notes, *_frame_notes(picture))


@contextmanager
def _opened(data: bytes, file_format: str, max_pixels: int) -> Iterator[PillowImage.Image]:
    try:
        opened = PillowImage.open(io.BytesIO(data), formats=[_KINDS[file_format].name])
    except PillowImage.DecompressionBombError as error:
        number = re.search(r"\((\d+) pixels\)", str(error))
        raise _too_large(f"{int(number[1]):,}" if number else "too many", max_pixels) from error
    with opened as picture:
        _check_size(*picture.size, max_pixels)
        yield picture


def _check_size(width: int, height: int, max_pixels: int) -> None:
    if width * height > max_pixels:
        raise _too_large(f"{width:,} x {height:,}", max_pixels)


def _too_large(size: str, max_pixels: int) -> MediaError:
    return MediaError(
        f"This picture has {size} pixels, and the limit is {max_pixels:,}.",
        "Make it smaller, or cut out the part you need.",
    )


def _is_deep_png(data: bytes, picture: PillowImage.Image) -> bool:
    """Whether it has 16 bits that Pillow cuts down: all but grey ones without transparency."""
    bits, colors = data[24], data[25]
    return bits == 16 and (colors != 0 or "transparency" in picture.info)


def _frame_notes(picture: PillowImage.Image) -> tuple[str, ...]:
    # The other pictures of an MPO file, as phones make them, are previews and depths.
    if picture.format == "MPO" or not getattr(picture, "is_animated", False):
        return ()
    return (_FIRST_PAGE if picture.format == "TIFF" else _FIRST_FRAME,)


def _png_bytes(image: Image, text: Mapping[str, str]) -> bytes:
    from creative_gen.media.raster import png_info

    options = {"exif": exif_block.PREFIX + image.exif} if image.exif else {}
    content = io.BytesIO()
    _bare(image).save(
        content,
        "PNG",
        pnginfo=png_info(text),
        icc_profile=image.icc_profile,
        **({"dpi": image.dpi} if image.dpi else {}),
        **options,
    )
    return content.getvalue()


def _jpeg_bytes(image: Image, text: Mapping[str, str]) -> bytes:
    texts = dict(text)
    comment = texts.pop("Comment", "").encode()
    packet = _jpeg_packet(texts)
    block = exif_block.PREFIX + image.exif if image.exif else b""
    dpi = image.dpi if image.dpi and max(image.dpi) <= _MAX_JPEG_DPI else (0, 0)
    if max(len(block), len(comment)) > _MAX_SEGMENT:
        raise MediaError("JPEG cannot hold metadata of more than 64 kB.", "Write PNG or TIFF.")
    content = io.BytesIO()
    _bare(image).save(
        content,
        "JPEG",
        quality=95,
        subsampling=0,
        icc_profile=image.icc_profile,
        exif=block,
        xmp=packet,
        comment=comment,
        dpi=tuple(round(value) for value in dpi),
    )
    return content.getvalue()


def _jpeg_packet(texts: dict[str, str]) -> bytes:
    """XMP; without what other programs wrote in it if there is no room for both."""
    others = texts.pop(xmp.KEYWORD, None)
    most = _MAX_SEGMENT - _XMP_OVERHEAD
    packet = _packet(texts, others)
    packet = packet if len(packet) <= most else _packet(texts, None)
    if len(packet) > most:
        raise MediaError("JPEG cannot hold texts of more than 64 kB.", "Write PNG or TIFF.")
    return packet


def _packet(texts: Mapping[str, str], others: str | None) -> bytes:
    if not texts:
        return (others or "").encode()
    return xmp.packet_with(texts, others).encode()


def _webp_bytes(image: Image, text: Mapping[str, str], lossless: bool) -> bytes:
    texts = dict(text)
    packet = _packet(texts, texts.pop(xmp.KEYWORD, None))
    # WebP has no place of its own for the pixels to an inch.
    block = image.exif or (exif_block.with_resolution(image.dpi) if image.dpi else b"")
    picture = _bare(image)
    content = io.BytesIO()
    picture.convert("RGBA" if image.has_alpha else "RGB").save(
        content,
        "WEBP",
        lossless=lossless,
        exact=lossless,
        quality=75 if lossless else 95,
        icc_profile=image.icc_profile or b"",
        exif=block,
        xmp=packet,
    )
    return content.getvalue()


def _bare(image: Image) -> PillowImage.Image:
    """An image of Pillow that says nothing of itself: what it says, Pillow would write."""
    return PillowImage.fromarray(image.pixels[..., 0] if image.channels == 1 else image.pixels)
