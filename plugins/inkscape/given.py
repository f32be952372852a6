"""What is selected in Inkscape, as pen strokes in the document's user units."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Iterator, List, Tuple

import inkex
from inkex.bezier import cspsubdiv

Point = Tuple[float, float]
Stroke = List[Point]

FINEST = 1 / 500
"""How far a stroke may stay away from the curve it stands for, in sizes of the drawing."""

WIDTH = 1 / 128
"""The width of a new line where there is none to go by, in sizes of the drawing."""

_WITHOUT_PATH = {
    inkex.TextElement: ("Text", "Choose Path > Object to Path first."),
    inkex.FlowRoot: ("Text", "Choose Path > Object to Path first."),
    inkex.Image: ("A picture", "Choose Path > Trace Bitmap first, or select paths."),
    inkex.Use: ("A clone", "Choose Edit > Clone > Unlink Clone first."),
}
_LENGTHS = ("stroke-width", "stroke-dasharray", "stroke-dashoffset")


@dataclass
class Given:
    """The strokes of an object or of several.

    Args:
        shapes: the paths and shapes they were read from, from the lowest to the topmost.
        strokes: points in the document's user units, whatever the groups around a path do.
    """

    shapes: list[inkex.ShapeElement]
    strokes: list[Stroke] = field(default_factory=list)

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom."""
        xs, ys = zip(*(point for stroke in self.strokes for point in stroke))
        return min(xs), min(ys), max(xs), max(ys)

    @property
    def side(self) -> float:
        """The larger side of the box; 1 for a single dot."""
        left, top, right, bottom = self.box
        return max(right - left, bottom - top) or 1.0

    @property
    def style(self) -> dict[str, str]:
        """How its topmost line is drawn, as it looks outside of all groups."""
        return stroke_style(self.shapes[-1], self.side * WIDTH)


def read(objects: list[inkex.BaseElement]) -> Given:
    """The strokes of paths, shapes, and of groups of them.

    Raises:
        inkex.AbortExtension: with the sentence and the fix: there are none, or there is something
            that has no path.
    """
    shapes = [shape for element in objects for shape in _shapes(element)]
    paths = [_path(shape) for shape in shapes]
    given = Given(shapes, [])
    given.strokes = [stroke for path in paths for stroke in _strokes(path, None)]
    if not given.strokes:
        raise inkex.AbortExtension(
            "Nothing to draw from is selected.\nSelect the paths of a drawing, and try again."
        )
    given.strokes = [stroke for path in paths for stroke in _strokes(path, given.side * FINEST)]
    return given


def composed(element: inkex.BaseElement) -> inkex.Transform:
    """What all transforms from the document down to an element do.

    inkex has this too, but writes the transforms anew when it reads them.
    """
    whole = inkex.Transform()
    while element is not None:
        whole = inkex.Transform(element.attrib.get("transform")) @ whole
        element = element.getparent()
    return whole


def scale_of(transform: inkex.Transform) -> float:
    """How much longer a length becomes, as the mean over all directions: widths go by it."""
    return math.sqrt(abs(transform.a * transform.d - transform.b * transform.c))


def stroke_style(shape: inkex.ShapeElement, width: float) -> dict[str, str]:
    """How a shape's line is drawn, as style properties for use outside of all groups.

    Args:
        shape: the shape. One that is filled and has no line gives its fill's colour.
        width: the width of the line where the shape has none, in user units.
    """
    style = shape.specified_style()
    kept = {
        name: style[name]
        for name in style
        if name.startswith(("stroke", "-inkscape-stroke")) or name == "vector-effect"
    }
    kept["fill"] = "none"
    if style.get("stroke", "none") == "none":
        filled = style.get("fill", "black")
        kept["stroke"] = "black" if filled == "none" else filled
        kept.update({"stroke-width": f"{width:g}", "stroke-linecap": "round"})
        return kept
    if kept.get("vector-effect") == "non-scaling-stroke":
        return kept
    scale = scale_of(composed(shape))
    kept.setdefault("stroke-width", "1")
    for name in _LENGTHS:
        if kept.get(name, "none") != "none":
            lengths = kept[name].replace(",", " ").split()
            kept[name] = ",".join(f"{shape.to_dimensionless(one) * scale:g}" for one in lengths)
    return kept


def _shapes(element: inkex.BaseElement) -> Iterator[inkex.ShapeElement]:
    if element.specified_style().get("display") == "none":
        return
    if isinstance(element, (inkex.Group, inkex.Anchor)):
        for child in element:
            if isinstance(child, inkex.ShapeElement):
                yield from _shapes(child)
    elif isinstance(element, inkex.ShapeElement):
        yield element


def _path(shape: inkex.ShapeElement) -> inkex.Path:
    for kind, (name, fix) in _WITHOUT_PATH.items():
        if isinstance(shape, kind):
            label = shape.get("inkscape:label") or shape.get_id()
            raise inkex.AbortExtension(f"{name} ('{label}') has no path to draw from.\n{fix}")
    return shape.path.to_absolute().transform(composed(shape))


def _strokes(path: inkex.Path, flatness: float | None) -> Iterator[Stroke]:
    curves = path.to_superpath()
    if flatness:
        cspsubdiv(curves, flatness)
    for curve in curves:
        if curve:
            yield [(float(node[1][0]), float(node[1][1])) for node in curve]
