"""Pictures of icons: colour icons alone, or beside the line drawings that they colour."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from io import BytesIO

import numpy as np
from PIL import Image

from creative_gen.interface.errors import MissingExtra
from creative_gen.training.icon_sets import IconSet, chosen_icons, icon_family
from creative_gen.training.picture_folders import LeftOut, Picture, Pixels
from creative_gen.training.picture_pixels import colored, covered

PAINT = re.compile(
    r"""\b(fill|stroke)(\s*+[=:]\s*+["']?+)(?!(?:none|#000|#000000|black|currentColor)\b)[^"';}]+"""
)
"""A fill or a stroke in another colour than black, as an attribute or in a style."""

LEAST_COVERED = 0.005
LEAST_COLORED = 0.02
"""Shares of the pixels of a line drawing and of an icon."""

THICK = 24
"""What is as thick as this part of a picture's side is no line."""


def icon_pictures(
    icons: IconSet, size: int, lines: bool, skin_tones: int = 1, leave_out: Collection[str] = ()
) -> Iterator[Picture | LeftOut]:
    """Render a set on white.

    Args:
        icons: IconSet.
        size: int. Side of the pictures in pixels.
        lines: bool. Whether a picture has the layers "colors" and "lines", of which the second is
            the same drawing without its colours; otherwise it has one layer.
        skin_tones: see `chosen_icons`.
        leave_out: see `chosen_icons`.

    Yields:
        The pictures; and those left out, because they are empty or have nothing to colour.

    Raises:
        MissingExtra: resvg_py is not installed.
    """
    for name in chosen_icons(icons.svgs, skin_tones, leave_out):
        layers = _layers(icons.svgs[name], size, lines)
        if isinstance(layers, str):
            yield LeftOut(name, layers)
        else:
            yield Picture(f"{icons.prefix}-{name}", icon_family(name, icons.svgs), layers)


def line_drawing(svg: str) -> str:
    """The SVG without what is not black."""
    return PAINT.sub(r"\1\2none", svg)


def render(svg: str, size: int) -> Pixels:
    """An SVG on white: uint8 (size, size, 3).

    Raises:
        MissingExtra: resvg_py is not installed.
        ValueError: it cannot be rendered.
    """
    try:
        from resvg_py import svg_to_bytes
    except ImportError as error:
        raise MissingExtra(
            "'resvg_py' is not installed, and icons need it.",
            "Run: pip install 'creative_gen[train]'",
        ) from error
    png = svg_to_bytes(
        svg_string=svg, background="#ffffff", width=size, height=size, skip_system_fonts=True
    )
    with Image.open(BytesIO(png)) as image:
        return np.asarray(image.convert("RGB"))


def _layers(svg: str, size: int, lines: bool) -> dict[str, Pixels] | str:
    """The layers of an icon, or why it is left out."""
    try:
        colors = render(svg, size)
        drawing = render(line_drawing(svg), size) if lines else colors
    except ValueError:
        return "not to be rendered"
    if covered(drawing) < LEAST_COVERED:
        return "without lines" if lines else "empty"
    if not lines:
        return {"": colors}
    if colored(colors) < LEAST_COLORED:
        return "without colours"
    if _hides_colors(drawing, colors):
        return "with black beneath its colours"
    return {"colors": colors, "lines": drawing}


def _hides_colors(drawing: Pixels, colors: Pixels) -> bool:
    """Whether a drawing has a black area where its colouring is light: it lay beneath it."""
    hidden = (drawing.max(axis=-1) < 64) & (colors.max(axis=-1) > 128)
    side = max(len(hidden) // THICK, 1)
    count = len(hidden) // side
    blocks = hidden[: count * side, : count * side].reshape(count, side, count, side)
    return bool(blocks.all(axis=(1, 3)).any())
