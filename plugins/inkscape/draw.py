"""Draws new sketches of a category in the middle of the view."""

from __future__ import annotations

import math
from typing import Any

from effect import Effect, label_of, name_of
from given import WIDTH
from groups import GAP, group_on, into, moved, variation_on

SHARE = 0.25
"""The side of a sketch, in sizes of the page."""


class Draw(Effect):
    """Extensions > Creative Gen > Draw Something."""

    def effect(self) -> None:
        """Add the sketches to the current layer."""
        job = self.ask("sketch.generate", {}, self.asked())
        layer = self.svg if self.view() is None else self.svg.get_current_layer()
        group = group_on(layer, name_of("Drawn", job), job["provenance"])
        side = SHARE * (min(self.page()[2:]) or 400)
        step = side * (1 + GAP)
        columns = math.ceil(math.sqrt(len(job["results"])))
        rows = math.ceil(len(job["results"]) / columns)
        x, y = self.middle()
        left, top = x - (columns * step - GAP * side) / 2, y - (rows * step - GAP * side) / 2
        style = {
            "fill": "none",
            "stroke": "black",
            "stroke-width": f"{side * WIDTH * 2:g}",
            "stroke-linecap": "round",
            "stroke-linejoin": "round",
        }
        for index, result in enumerate(job["results"]):
            row, column = divmod(index, columns)
            x, y = left + column * step, top + row * step
            place = into((x, y, x + side, y + side), result["sketch"]["size"])
            strokes = moved(result["sketch"]["strokes"], place)
            variation_on(group, label_of(result), strokes, style)

    def middle(self) -> tuple[float, float]:
        """What the window shows in its middle, or the page's middle if it is not told."""
        view = self.view()
        if view is not None and view.get("inkscape:cx") is not None:
            return tuple(view.center)
        left, top, width, height = self.page()
        return left + width / 2, top + height / 2

    def view(self) -> Any:
        """What the document says of the window; None if it never had one."""
        return self.svg.findone("sodipodi:namedview")


if __name__ == "__main__":
    Draw().run()
