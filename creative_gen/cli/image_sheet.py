"""Contact sheets of pictures."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence

from PIL import Image as Pillow
from PIL import ImageDraw, ImageFont

from creative_gen.interface.jobs import Output, Result
from creative_gen.interface.wire import dumped, manifest
from creative_gen.media.image import Image
from creative_gen.media.raster import png_info

SIDE = 320
"""Pixels of the longer side of a picture on the sheet, at most."""

SMALL = 160
"""Up to this, small pictures are shown in whole multiples of their pixels."""

MAX_ON_SHEET = 100
"""Pictures on a sheet; of more, the first ones."""

_GAP = 12
_CAPTION = 22
_NARROWEST = 100
_DESK = "#f1f2f4"
_INK = "#5b5f69"
_CHECKS = ("#ffffff", "#e2e4e8")


def sheet_of(result: Result) -> bytes:
    """A PNG of all pictures, small, with their seeds below."""
    shown = result.outputs[:MAX_ON_SHEET]
    pictures = [_small(output.value) for output in shown if isinstance(output.value, Image)]
    sheet = contact_sheet(pictures, [_caption(output) for output in shown])
    first = result.values[0]
    profile = first.icc_profile if isinstance(first, Image) else None
    content = io.BytesIO()
    facts = png_info({"creative_gen": dumped(manifest(result, []))})
    sheet.save(content, "PNG", pnginfo=facts, icc_profile=profile)
    return content.getvalue()


def contact_sheet(pictures: Sequence[Pillow.Image], captions: Sequence[str]) -> Pillow.Image:
    """A sheet of pictures in rows, each in the middle of its place; an RGB image.

    Args:
        pictures: one or more RGB images.
        captions: a line for each.
    """
    columns = min(math.ceil(math.sqrt(len(pictures))), 6)
    rows = math.ceil(len(pictures) / columns)
    width = max(_NARROWEST, *(picture.width for picture in pictures)) + _GAP
    height = max(picture.height for picture in pictures) + _CAPTION + _GAP
    sheet = Pillow.new("RGB", (columns * width + _GAP, rows * height + _GAP), _DESK)
    pen, font = ImageDraw.Draw(sheet), ImageFont.load_default(size=11)
    for index, (picture, caption) in enumerate(zip(pictures, captions, strict=True)):
        left, top = _GAP + index % columns * width, _GAP + index // columns * height
        sheet.paste(picture, (left + (width - _GAP - picture.width) // 2, top))
        pen.text((left, top + picture.height + 5), caption, fill=_INK, font=font)
    return sheet


def _small(image: Image) -> Pillow.Image:
    """A picture of some size to look at; what is clear shows squares, as in paint programs."""
    picture = image.with_bits(8).to_pil()
    if max(picture.size) > SIDE:
        picture.thumbnail((SIDE, SIDE), Pillow.Resampling.BOX)
    times = max(SMALL // max(picture.size), 1)
    size = (picture.width * times, picture.height * times)
    picture = picture.resize(size, Pillow.Resampling.NEAREST)
    if not image.has_alpha:
        return picture.convert("RGB")
    paper = _checkered(picture.size)
    paper.paste(picture.convert("RGB"), mask=picture.getchannel("A"))
    return paper


def _checkered(size: tuple[int, int], square: int = 8) -> Pillow.Image:
    paper = Pillow.new("RGB", size, _CHECKS[0])
    pen = ImageDraw.Draw(paper)
    for top in range(0, size[1], square):
        for left in range(top // square % 2 * square, size[0], 2 * square):
            pen.rectangle((left, top, left + square - 1, top + square - 1), _CHECKS[1])
    return paper


def _caption(output: Output) -> str:
    seed = output.details.get("seed")
    return "" if seed is None else f"seed {seed}"
