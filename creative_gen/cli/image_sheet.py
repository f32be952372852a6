"""Contact sheets of pictures."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

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

TILE = 64
"""Pictures of up to this side, if there are more than `FEW`, are laid out as a page of tiles."""

FEW = 20
PAGE = 1280
"""Pixels of the width of a page of tiles, at most."""

ROW = 1600
"""Pixels of the width of a row that shows a whole way from one picture to another, at most."""

_GAP = 12
_CAPTION = 22
_NARROWEST = 100
_DESK = "#f1f2f4"
_INK = "#5b5f69"
_CHECKS = ("#ffffff", "#e2e4e8")
_WAYS = ("amount", "share")


@dataclass(frozen=True)
class Layout:
    """How pictures lie on a sheet: places of one size, and a line of text below each, or none."""

    columns: int
    width: int
    height: int
    gap: int
    caption: int = 0

    def size(self, count: int) -> tuple[int, int]:
        """Width and height of the sheet."""
        rows = math.ceil(count / self.columns)
        across, down = self.width + self.gap, self.height + self.caption + self.gap
        return self.columns * across + self.gap, rows * down + self.gap

    def corner(self, index: int) -> tuple[int, int]:
        """Where a place begins, from the left and from the top."""
        row, column = divmod(index, self.columns)
        down = self.height + self.caption + self.gap
        return self.gap + column * (self.width + self.gap), self.gap + row * down


def sheet_of(result: Result, most: int) -> bytes:
    """A PNG of the first pictures, up to so many, small, with what tells them apart below."""
    shown = replace(result, outputs=result.outputs[:most])
    images = [value for value in shown.values if isinstance(value, Image)]
    side = max(max(image.height, image.width) for image in images)
    if side <= TILE and len(images) > FEW:
        sheet = page_of_tiles(images, side)
    else:
        is_way = any(way in shown.outputs[0].details for way in _WAYS)
        sheet = contact_sheet(images, [_caption(output) for output in shown.outputs], is_way)
    content = io.BytesIO()
    facts = png_info({"creative_gen": dumped(manifest(shown, []))})
    sheet.save(content, "PNG", pnginfo=facts, icc_profile=images[0].icc_profile)
    return content.getvalue()


def contact_sheet(images: Sequence[Image], captions: Sequence[str], in_a_row: bool) -> Pillow.Image:
    """A sheet of pictures with captions, each in the middle of its place; an RGB image.

    Args:
        images: one or more, which are made smaller, or larger in whole multiples.
        captions: a line for each.
        in_a_row: bool. Whether they had better be in one row.
    """
    pictures = [_shown(image, max(SMALL // max(image.height, image.width), 1)) for image in images]
    font = ImageFont.load_default(size=11)
    widest = max(font.getlength(caption) for caption in captions)
    width = max(_NARROWEST, math.ceil(min(widest, SIDE)), *(one.width for one in pictures))
    fits = in_a_row and len(pictures) * (width + _GAP) <= ROW
    columns = len(pictures) if fits else min(math.ceil(math.sqrt(len(pictures))), 6)
    layout = Layout(columns, width, max(one.height for one in pictures), _GAP, _CAPTION)
    sheet = Pillow.new("RGB", layout.size(len(pictures)), _DESK)
    pen = ImageDraw.Draw(sheet)
    for index, (picture, caption) in enumerate(zip(pictures, captions, strict=True)):
        left, top = layout.corner(index)
        sheet.paste(picture, (left + (width - picture.width) // 2, top))
        pen.text((left, top + picture.height + 5), caption, fill=_INK, font=font)
    return sheet


def page_of_tiles(images: Sequence[Image], side: int) -> Pillow.Image:
    """A square page of small pictures, in whole multiples, a pixel of theirs apart; RGB."""
    columns = math.ceil(math.sqrt(len(images)))
    times = max(PAGE // (columns * (side + 1) + 1), 1)
    layout = Layout(columns, side * times, side * times, times)
    sheet = Pillow.new("RGB", layout.size(len(images)), _DESK)
    for index, image in enumerate(images):
        sheet.paste(_shown(image, times), layout.corner(index))
    return sheet


def _shown(image: Image, times: int) -> Pillow.Image:
    """A picture to look at; what is clear shows squares, as in paint programs."""
    picture = image.with_bits(8).to_pil()
    if max(picture.size) > SIDE:
        picture.thumbnail((SIDE, SIDE), Pillow.Resampling.BOX)
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
    """The category, and the amount, the share or the seed: what the picture has of them."""
    details = output.details
    told = [str(details["category"])] if details.get("category") else []
    way = next((name for name in _WAYS if name in details), None)
    if way:
        # A colon: between a word and a minus, the font has no space that can be seen.
        told.append(f"{way}: {_number(way, float(details[way]))}")
    elif "seed" in details:
        told.append(f"seed {details['seed']}")
    return ", ".join(told)


def _number(name: str, value: float) -> str:
    # Adding nothing makes 0 of -0.
    value = round(value, 2) + 0.0
    return f"{value:+g}" if name == "amount" and value else f"{value:g}"
