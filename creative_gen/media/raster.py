"""Pictures of sketches: one alone, and contact sheets of many."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from PIL import Image, ImageDraw, ImageFont
from PIL.PngImagePlugin import PngInfo

from creative_gen.media.errors import MediaError
from creative_gen.media.sketch import Sketch

INK = "#1b1b1f"
ACCENT = "#2f7dc4"
"""The colour of the strokes that a model added."""

PAPER = "#ffffff"
_DESK = "#f1f2f4"
_EDGE = "#d9dbe0"
_CAPTION = "#5b5f69"
_OVERSAMPLING = 4
_MAX_SIDE = 2_048
_MAX_SHEET_PIXELS = 100_000_000


def draw_sketch(
    sketch: Sketch,
    side: int = 256,
    given_points: int | None = None,
    line_width: float | None = None,
) -> Image.Image:
    """Draw a sketch, anti-aliased, with its frame and all that leaves it in the picture.

    Args:
        sketch: Sketch. An empty one gives blank paper.
        side: int. The picture's width and height in pixels, from 1 to 2,048.
            Defaults to 256.
        given_points: int. How many of the first points the user drew: they are black, and
            the rest is in the accent colour. Defaults to all.
        line_width: float. In pixels. Defaults to a 90th of the side, and at least 1.25.

    Returns:
        An RGB image (side, side).
    """
    large = side * _OVERSAMPLING
    if not 0 < side <= _MAX_SIDE:
        raise MediaError(
            f"A picture of a sketch cannot be {side} pixels wide.",
            f"Use 1 to {_MAX_SIDE:,} pixels.",
        )
    width = (line_width or max(side / 90, 1.25)) * _OVERSAMPLING
    image = Image.new("RGB", (large, large), PAPER)
    pen = ImageDraw.Draw(image)
    placed = _placed(sketch, large, margin=0.07 * large + width / 2)
    given = sketch.points if given_points is None else given_points
    before = 0
    lines = []
    for stroke in placed.strokes:
        points = [(float(x), float(y)) for x, y in stroke]
        own = max(0, min(given - before, len(points)))
        before += len(points)
        # The line from the user's last point to the next one is the model's.
        lines += [(points[max(own - 1, 0) :], ACCENT)] if own < len(points) else []
        lines += [(points[:own], INK)] if own else []
    for points, color in sorted(lines, key=lambda line: line[1] == INK):
        _draw_line(pen, points, color, width)
    return image.resize((side, side), Image.Resampling.BOX)


def contact_sheet(
    sketches: Sequence[Sketch],
    columns: int,
    highlight_points: Sequence[int] | None = None,
    captions: Sequence[str] | None = None,
    side: int = 192,
) -> Image.Image:
    """A sheet of sketches, row by row.

    Args:
        sketches: sequence of Sketch. One or more.
        columns: int. Sketches in a row.
        highlight_points: a number for each sketch. How many of its first points the user
            drew; the others are highlighted. Defaults to no highlights.
        captions: a line for each sketch, cut where it does not fit. Defaults to none.
        side: int. Pixels of each sketch's square. Defaults to 192.

    Returns:
        An RGB image.

    Raises:
        MediaError: there are no sketches or columns, the lists differ in length, or the
            sheet would be too large.
    """
    lists = [values for values in (highlight_points, captions) if values is not None]
    if not sketches or columns < 1 or any(len(values) != len(sketches) for values in lists):
        raise MediaError(
            "A contact sheet needs sketches, columns, and a caption and number for each or none.",
            "Check the lengths of the lists.",
        )
    columns = min(columns, len(sketches))
    rows = math.ceil(len(sketches) / columns)
    gap, caption_height = 12, 22 if captions else 0
    size = (columns * (side + gap) + gap, rows * (side + caption_height + gap) + gap)
    if math.prod(size) > _MAX_SHEET_PIXELS:
        raise MediaError("This contact sheet would be too large.", "Show fewer sketches.")
    sheet = Image.new("RGB", size, _DESK)
    pen = ImageDraw.Draw(sheet)
    for index, sketch in enumerate(sketches):
        left = gap + index % columns * (side + gap)
        top = gap + index // columns * (side + caption_height + gap)
        given = highlight_points[index] if highlight_points else None
        sheet.paste(draw_sketch(sketch, side, given), (left, top))
        pen.rectangle((left - 1, top - 1, left + side, top + side), outline=_EDGE)
        if captions:
            _write_caption(pen, captions[index], (left, top + side + 5), side)
    return sheet


def png_info(metadata: Mapping[str, str]) -> PngInfo:
    """Text for a PNG file: `image.save(path, pnginfo=png_info({...}))`.

    Args:
        metadata: mapping. Keywords of 1 to 79 printable Latin-1 characters, and their
            texts in any language.
    """
    info = PngInfo()
    for key, text in metadata.items():
        printable = key.isprintable() and all(ord(character) < 256 for character in key)
        if not (printable and 1 <= len(key) <= 79 and key == key.strip()):
            raise MediaError(f"{key!r} is not a keyword that PNG allows.", "Use a short word.")
        if "\0" in text:
            raise MediaError("PNG text cannot have a null character.", "Remove it.")
        info.add_itxt(key, text)
    return info


def _placed(sketch: Sketch, side: int, margin: float) -> Sketch:
    """The sketch in pixels: its frame, and what leaves it, in the middle of a square."""
    left, top, (right, bottom) = 0.0, 0.0, sketch.size
    if sketch.strokes:
        x0, y0, x1, y1 = sketch.bounds
        left, top, right, bottom = min(left, x0), min(top, y0), max(right, x1), max(bottom, y1)
    scale = max(side - 2 * margin, 1) / max(right - left, bottom - top)
    offset = (side / 2 - (left + right) / 2 * scale, side / 2 - (top + bottom) / 2 * scale)
    return sketch.transformed(scale, offset)


def _draw_line(
    pen: ImageDraw.ImageDraw, points: list[tuple[float, float]], color: str, width: float
) -> None:
    if len(points) > 1:
        pen.line(points, fill=color, width=round(width))
    # Discs make the joins and ends round, which Pillow's own joints are not.
    radius = width / 2
    for x, y in points:
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=color)


def _write_caption(
    pen: ImageDraw.ImageDraw, text: str, corner: tuple[float, float], width: int
) -> None:
    font = ImageFont.load_default(size=11)
    line = " ".join(text.split())
    if pen.textlength(line, font) > width:
        while line and pen.textlength(f"{line}...", font) > width:
            line = line[:-1]
        line = f"{line}..."
    pen.text(corner, line, fill=_CAPTION, font=font)
