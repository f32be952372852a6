"""How the strokes of a drawing look."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from creative_gen.media.errors import MediaError

LINE_CAPS = ("butt", "round", "square")
LINE_JOINS = ("miter", "round", "bevel")


@dataclass(frozen=True)
class StrokeStyle:
    """The stroke properties of SVG that new strokes take over from a drawing.

    Args:
        color: str. "#rrggbb". Defaults to black.
        width: float. In the drawing's units; above 0. Defaults to 1.
        linecap: str. "butt", "round" or "square". Defaults to "round".
        linejoin: str. "miter", "round" or "bevel". Defaults to "round".
        opacity: float. From 0 to 1. Defaults to 1.

    Raises:
        MediaError: a value is outside these.
    """

    color: str = "#000000"
    width: float = 1.0
    linecap: str = "round"
    linejoin: str = "round"
    opacity: float = 1.0

    def __post_init__(self) -> None:
        """Check the values: they are written into documents."""
        sound = (
            re.fullmatch(r"#[0-9a-fA-F]{6}", self.color)
            and 0 < self.width < math.inf
            and self.linecap in LINE_CAPS
            and self.linejoin in LINE_JOINS
            and 0 <= self.opacity <= 1
        )
        if not sound:
            raise MediaError(
                f"This is not a style for strokes: {self!r}.",
                'Give a colour as "#rrggbb", a width above 0 and SVG\'s line caps and joins.',
            )

    def css(self) -> str:
        """The style as CSS declarations, for an element's `style` attribute."""
        css = (
            f"fill:none;stroke:{self.color};stroke-width:{self.width:.6g};"
            f"stroke-linecap:{self.linecap};stroke-linejoin:{self.linejoin}"
        )
        return css if self.opacity == 1 else f"{css};stroke-opacity:{self.opacity:.4g}"
