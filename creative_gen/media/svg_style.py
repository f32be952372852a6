"""The part of CSS that tells how an SVG shape is stroked and whether it is seen."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element

from creative_gen.media.stroke_style import LINE_CAPS, LINE_JOINS, StrokeStyle
from creative_gen.media.svg_length import length_in_user_units, number
from creative_gen.media.svg_library import rgb
from creative_gen.media.svg_xml import local_name

INITIAL: Mapping[str, str] = {
    "color": "black",
    "fill": "black",
    "stroke": "none",
    "stroke-width": "1",
    "stroke-linecap": "butt",
    "stroke-linejoin": "miter",
    "stroke-opacity": "1",
    "visibility": "visible",
}
"""The inherited properties that matter here, with the values that SVG starts from."""

_PROPERTIES = (*INITIAL, "display")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)


class StyleSheet:
    """The rules of a document's `<style>` elements, for selectors without combinators.

    Understood are `*`, `name`, `.class`, `#id` and `name.class`.
    """

    def __init__(self, root: Element) -> None:
        """Collect the rules of the document under `root`."""
        self._rules: dict[str, dict[str, str]] = {}
        for element in root.iter():
            if local_name(element) == "style":
                self._add(element.text or "")

    def _add(self, text: str) -> None:
        for block in _without_comments(text).split("}"):
            selectors, _, body = block.rpartition("{")
            for selector in selectors.rpartition("{")[2].split(","):
                self._rules.setdefault(selector.strip(), {}).update(_declarations(body))

    def own_style(self, element: Element) -> dict[str, str]:
        """The properties set on an element itself: attributes, then rules, then `style`."""
        style = {key: element.attrib[key] for key in _PROPERTIES if key in element.attrib}
        for selector in _selectors(element):
            style |= self._rules.get(selector, {})
        style |= _declarations(element.get("style", ""))
        return {key: value.strip() for key, value in style.items() if value.strip() != "inherit"}


def is_painted(style: Mapping[str, str]) -> bool:
    """Whether a shape with these computed properties leaves a mark."""
    seen = style["visibility"] not in ("hidden", "collapse")
    return seen and not (style["stroke"] == "none" and style["fill"] == "none")


def stroke_style(style: Mapping[str, str], scale: float, viewport: float) -> StrokeStyle | None:
    """The stroke of a shape with these computed properties, or None if it has no stroke.

    Args:
        style: mapping. Computed properties.
        scale: float. From the shape's units to the drawing's.
        viewport: float. What percentages of a width refer to, in the shape's units.
    """
    width = length_in_user_units(style["stroke-width"], viewport) or 0.0
    if style["stroke"] == "none" or not 0 < width * scale < 1e9:
        return None
    cap, join = style["stroke-linecap"], style["stroke-linejoin"]
    opacity = number(style["stroke-opacity"])
    return StrokeStyle(
        color=hex_color(style["stroke"], style["color"]),
        width=float(f"{width * scale:.6g}"),
        linecap=cap if cap in LINE_CAPS else "butt",
        linejoin=join if join in LINE_JOINS else "miter",
        opacity=1.0 if opacity is None else min(max(opacity, 0.0), 1.0),
    )


def hex_color(paint: str, current_color: str) -> str:
    """A paint as "#rrggbb"; black for what is not a plain colour, such as a gradient."""
    paint = current_color if paint.lower() == "currentcolor" else paint
    red, green, blue = rgb(paint) or (0, 0, 0)
    return f"#{red:02x}{green:02x}{blue:02x}"


def _selectors(element: Element) -> Iterator[str]:
    name = local_name(element)
    yield "*"
    yield name
    classes = element.get("class", "").split()
    yield from (f".{word}" for word in classes)
    yield from (f"{name}.{word}" for word in classes)
    yield f"#{element.get('id', '')}"


def _declarations(text: str) -> dict[str, str]:
    pairs = (declaration.partition(":") for declaration in text.split(";"))
    named = ((key.strip(), value.replace("!important", "").strip()) for key, _, value in pairs)
    return {key: value for key, value in named if key in _PROPERTIES}


def _without_comments(text: str) -> str:
    # A comment that never ends would make the search start again at each of its openings.
    end = text.rfind("*/") + 2
    return _COMMENT.sub(" ", text[:end]) + text[end:].partition("/*")[0] if end > 1 else text
