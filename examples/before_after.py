"""Puts pictures side by side: `python before_after.py OUT.png BEFORE.png AFTER.png ...`.

All are shown as high as the highest, smaller ones with larger pixels; a row of small ones is made
larger, and a wide one smaller. `a.png+b.png` lays b over a, and what is clear shows squares, as in
paint programs.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from PIL import Image, ImageOps

GAP = 12
LOWEST, WIDEST = 384, 1320
"""Pixels of a row."""
DESK = "#f1f2f4"
CHECKS = "#ffffff", "#e2e4e8"
SQUARE = 16


def side_by_side(pictures: Sequence[Image.Image]) -> Image.Image:
    """A row of pictures, RGB."""
    height = max(picture.height for picture in pictures)
    height *= max(LOWEST // height, 1)
    shown = [on_squares(as_high_as(picture, height)) for picture in pictures]
    width = sum(picture.width + GAP for picture in shown) + GAP
    row = Image.new("RGB", (width, height + 2 * GAP), DESK)
    left = GAP
    for picture in shown:
        row.paste(picture, (left, GAP))
        left += picture.width + GAP
    row.thumbnail((WIDEST, row.height), Image.Resampling.LANCZOS)
    return row


def as_high_as(picture: Image.Image, height: int) -> Image.Image:
    """The same with larger pixels."""
    width = round(picture.width * height / picture.height)
    return picture.resize((width, height), Image.Resampling.NEAREST)


def on_squares(picture: Image.Image) -> Image.Image:
    """The same without transparency."""
    columns, rows = (-(-side // SQUARE) for side in picture.size)
    squares = Image.new("1", (columns, rows))
    squares.putdata([(row + column) % 2 for row in range(rows) for column in range(columns)])
    paper = ImageOps.colorize(squares.convert("L"), *CHECKS)
    paper = paper.resize((columns * SQUARE, rows * SQUARE), Image.Resampling.NEAREST)
    paper.paste(picture.convert("RGB"), mask=picture.getchannel("A"))
    return paper.crop((0, 0, *picture.size))


def layered(names: str) -> Image.Image:
    """The picture of a file, or of several with + between, the first one lowest."""
    lowest, *others = (Image.open(Path(name)).convert("RGBA") for name in names.split("+"))
    for picture in others:
        lowest.alpha_composite(picture)
    return lowest


if __name__ == "__main__":
    target, *names = sys.argv[1:]
    side_by_side([layered(name) for name in names]).save(target, optimize=True)
