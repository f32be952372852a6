"""The outlines of SVG's shape elements (SVG 1.1, sections 8 and 9)."""

from __future__ import annotations

import math
import re
from xml.etree.ElementTree import Element

import numpy as np

from creative_gen.media.bezier import Contour, too_many_points
from creative_gen.media.errors import MediaError
from creative_gen.media.sketch import MAX_COORDINATE, MAX_POINTS
from creative_gen.media.svg_length import NUMBER, length_in_user_units, numbers
from creative_gen.media.svg_library import ellipse_contours, path_contours, rectangle_contours
from creative_gen.media.svg_xml import local_name

SHAPES = frozenset(("path", "line", "polyline", "polygon", "rect", "circle", "ellipse"))

POINT_SHAPES = frozenset(("path", "polyline", "polygon"))
"""The shapes whose outline does not depend on the viewport."""

_TOKEN = re.compile(rf"{NUMBER.pattern}|[A-Za-z]", re.ASCII)
# An arc has 7 numbers, and a letter can precede it: no path of fewer points has more tokens.
_MAX_TOKENS = 8 * MAX_POINTS
_MAX_CLOSE_COST = 20_000_000
_PATH_CHARACTERS = frozenset("MmZzLlHhVvCcSsQqTtAa, \t\r\n\f")


def contours(element: Element, viewport: tuple[float, float]) -> list[Contour]:
    """The outline of a shape element in its own units; empty if SVG does not draw it.

    Args:
        element: Element. One whose name is in `SHAPES`.
        viewport: (width, height). What percentages refer to.

    Raises:
        MediaError: a coordinate or the path's data cannot be read.
    """
    name = local_name(element)
    if name == "path":
        return _path_contours(element.get("d", ""))
    if name in ("polyline", "polygon"):
        return _point_contours(element.get("points", ""), closed=name == "polygon")
    size = {key: _length(element, key, viewport) for key in element.keys() & _REFERENCES.keys()}
    if name == "line":
        ends = [[size.get("x1", 0), size.get("y1", 0)], [size.get("x2", 0), size.get("y2", 0)]]
        return [[(1, np.array(ends, np.float64))]]
    return _rectangle(size) if name == "rect" else _ellipse(size)


def _path_contours(data: str) -> list[Contour]:
    if len(_TOKEN.findall(data)) > _MAX_TOKENS:
        raise too_many_points()
    if not _PATH_CHARACTERS.issuperset(NUMBER.sub("", data)):
        raise MediaError(
            "This SVG file has path data that is not numbers and path commands.",
            "Remove NaN and infinite coordinates.",
        )
    # svgelements looks back to the last move at each close: too many would take it hours.
    subpaths = re.split("[Mm]", data)
    if sum(len(part) * len(re.findall("[Zz]", part)) for part in subpaths) > _MAX_CLOSE_COST:
        raise MediaError("This SVG file has a path that closes too often.", "Simplify it.")
    return path_contours(data) if data.strip() else []


def _point_contours(text: str, closed: bool) -> list[Contour]:
    values = numbers(text)
    points = values[: len(values) // 2 * 2].reshape(-1, 2)
    if len(points) > MAX_POINTS:
        raise too_many_points()
    if closed:
        points = np.concatenate([points, points[:1]])
    return [[(1, points)]] if len(points) > 1 else []


_REFERENCES = {
    "x": (1, 0), "width": (1, 0), "cx": (1, 0), "x1": (1, 0), "x2": (1, 0), "rx": (1, 0),
    "y": (0, 1), "height": (0, 1), "cy": (0, 1), "y1": (0, 1), "y2": (0, 1), "ry": (0, 1),
    "r": (math.sqrt(0.5), math.sqrt(0.5)),
}  # fmt: skip
"""How much of the viewport's width and height 100 % of a length is, squared and summed."""


def _length(element: Element, key: str, viewport: tuple[float, float]) -> float:
    across, down = _REFERENCES[key]
    reference = math.hypot(across * viewport[0], down * viewport[1])
    text = element.attrib[key]
    if text.strip() == "auto":
        return 0.0
    value = length_in_user_units(text, reference)
    if value is None or not abs(value) <= MAX_COORDINATE:
        raise MediaError(
            f"This SVG file has {key}={text[:40]!r}, which is not a finite length.",
            "Correct it or remove the shape.",
        )
    return value


def _rectangle(size: dict[str, float]) -> list[Contour]:
    width, height = size.get("width", 0.0), size.get("height", 0.0)
    if width <= 0 or height <= 0:
        return []
    # A radius that is not given is the same as the other one (SVG 1.1, section 9.2).
    rx = min(size.get("rx", size.get("ry", 0.0)), width / 2)
    ry = min(size.get("ry", size.get("rx", 0.0)), height / 2)
    rx, ry = (rx, ry) if min(rx, ry) > 0 else (0.0, 0.0)
    return rectangle_contours(size.get("x", 0.0), size.get("y", 0.0), width, height, rx, ry)


def _ellipse(size: dict[str, float]) -> list[Contour]:
    rx = size.get("r", size.get("rx", size.get("ry", 0.0)))
    ry = size.get("r", size.get("ry", size.get("rx", 0.0)))
    if rx <= 0 or ry <= 0:
        return []
    return ellipse_contours(size.get("cx", 0.0), size.get("cy", 0.0), rx, ry)
