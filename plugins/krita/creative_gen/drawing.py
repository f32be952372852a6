"""A vector layer's shapes as strokes, and strokes as SVG that Krita reads."""

from __future__ import annotations

import re
from xml.etree import ElementTree

from PyQt5.QtCore import QPointF
from PyQt5.QtGui import QPainterPath, QTransform

from .creative_gen_client import CreativeGenError

_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")

POINTS = 72.0
"""Krita measures shapes in points, this many an inch."""


def strokes_of(node, resolution):
    """The strokes of a vector layer, in pixels of the document: lists of [x, y].

    Raises:
        CreativeGenError: it is no vector layer, or nothing is drawn on it.
    """
    scale = QTransform.fromScale(resolution / POINTS, resolution / POINTS)
    strokes = [
        [[point.x(), point.y()] for point in polygon]
        for element, transform in _shapes(node)
        for polygon in _path(element).toSubpathPolygons(transform * scale)
    ]
    if not strokes:
        raise CreativeGenError(
            "no_strokes",
            f"The layer '{node.name()}' has no drawn lines.",
            "Choose a vector layer, or make one (Layer > Add) and draw on it with a path tool.",
        )
    return strokes


def style_of(node):
    """The line of a vector layer's first shape: its colour, and its width in points."""
    for element, transform in _shapes(node):
        color, width = element.get("stroke", "none"), element.get("stroke-width", "")
        if color.startswith("#") and _NUMBER.fullmatch(width):
            return color, float(width) * abs(transform.determinant()) ** 0.5
    return "#000000", 2.0


def svg_of(strokes, style, resolution):
    """An SVG document of strokes, for `addShapesFromSvg`.

    Args:
        strokes: lists of [x, y], in pixels of the document.
        style: tuple. Colour and width in points, of `style_of`.
        resolution: float. Pixels an inch.
    """
    scale = POINTS / resolution
    color, width = style
    paths = []
    for stroke in strokes:
        points = [f"{x * scale:.3f} {y * scale:.3f}" for x, y in stroke]
        # A point alone is a dot: a line of no length with round ends.
        points = points * 2 if len(points) == 1 else points
        paths.append(f'<path d="M{" L".join(points)}"/>')
    return (
        '<svg xmlns="http://www.w3.org/2000/svg">'
        f'<g fill="none" stroke="{color}" stroke-width="{width:g}" stroke-linecap="round" '
        f'stroke-linejoin="round">{"".join(paths)}</g></svg>'
    )


def _shapes(node):
    """The elements of a vector layer's shapes, each with its transform to points."""
    if node.type() != "vectorlayer":
        return []
    return list(_below(ElementTree.fromstring(node.toSvg()), QTransform()))


def _below(group, above):
    for element in group:
        kind = _kind(element)
        transform = _transform(element.get("transform", "")) * above
        if kind == "g":
            yield from _below(element, transform)
        elif kind in ("path", "rect", "ellipse", "circle"):
            yield element, transform


def _kind(element):
    return str(element.tag).rsplit("}", 1)[-1]


def _transform(text):
    """The transform that Krita writes: a translation or a matrix."""
    numbers = [float(number) for number in _NUMBER.findall(text)]
    if text.startswith("translate"):
        return QTransform.fromTranslate(*(numbers + [0.0])[:2])
    return QTransform(*numbers) if len(numbers) == 6 else QTransform()


def _path(element):
    """An element's outline, before its transform."""
    kind, path = _kind(element), QPainterPath()

    def number(name):
        return float(element.get(name) or 0.0)

    if kind == "path":
        _draw(path, element.get("d", ""))
    elif kind == "rect":
        path.addRect(number("x"), number("y"), number("width"), number("height"))
    else:
        center = QPointF(number("cx"), number("cy"))
        path.addEllipse(center, *(number(n) or number("r") for n in ("rx", "ry")))
    return path


def _draw(path, data):
    """Draw what Krita writes: moves, lines, cubic curves, and closing."""
    for command, rest in re.findall(r"([MLCZ])([^MLCZ]*)", data):
        values = [float(number) for number in _NUMBER.findall(rest)]
        points = [QPointF(x, y) for x, y in zip(values[::2], values[1::2])]
        if command == "M":
            path.moveTo(points.pop(0))
        if command == "Z":
            path.closeSubpath()
        elif command == "C":
            for at in range(0, len(points) - 2, 3):
                path.cubicTo(*points[at : at + 3])
        else:
            for point in points:
                path.lineTo(point)
