"""Reads the shapes of an SVG drawing as pen strokes (SVG 1.1 and 2).

The sketch is in the document's user units, those that a child of the root element is drawn
in; its origin is the top left of the viewBox.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import Element

import numpy as np
from numpy.typing import NDArray

from creative_gen.media.bezier import (
    Contour,
    bounding_box,
    flatten,
    too_many_points,
    transformed,
)
from creative_gen.media.errors import MediaError
from creative_gen.media.sketch import MAX_COORDINATE, MAX_POINTS, Sketch
from creative_gen.media.source import read_bytes
from creative_gen.media.stroke_style import StrokeStyle
from creative_gen.media.svg_geometry import POINT_SHAPES, SHAPES, contours
from creative_gen.media.svg_length import length_in_user_units, numbers
from creative_gen.media.svg_library import matrix_of, viewport_matrix
from creative_gen.media.svg_style import INITIAL, StyleSheet, hex_color, is_painted, stroke_style
from creative_gen.media.svg_xml import MAX_BYTES, MAX_DEPTH, local_name, parse_svg

MAX_DRAWN_ELEMENTS = 100_000
"""Elements drawn, counting each use of a reused one."""

_GROUPS = frozenset(("g", "a", "switch", "svg", "use"))
_XLINK = "{http://www.w3.org/1999/xlink}href"
_IDENTITY = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
_DEFAULT_VIEWPORT = (300.0, 150.0)


@dataclass(frozen=True)
class SvgDrawing:
    """A drawing read from SVG, with what it takes to add strokes to the document.

    Args:
        sketch: Sketch. Its points plus `offset` are in the user units of the root element.
        source: bytes. The document as it was read.
        style: StrokeStyle. That of most stroked shapes; its width is in user units.
        offset: (x, y). The origin of the viewBox, where the sketch has (0, 0).
    """

    sketch: Sketch
    source: bytes
    style: StrokeStyle
    offset: tuple[float, float]


def read_svg(source: bytes | str | Path, tolerance: float | None = None) -> SvgDrawing:
    """Read an SVG drawing.

    Each subpath becomes a stroke, in document order; a filled shape counts as its outline.
    Text, images, clipping and what is hidden or not painted are left out.

    Args:
        source: bytes or a path. SVG, in any encoding that XML knows; at most 20 MB.
        tolerance: float. How far, in user units, a stroke may stay from the curve it
            stands for. Defaults to a thousandth of the drawing's larger side.

    Raises:
        MediaError: the file is not a sound SVG document, nothing is drawn in it, or it has
            more than 100,000 points.
    """
    data = read_bytes(source, MAX_BYTES)
    root = parse_svg(data).root
    frame = _root_frame(root)
    shapes = list(_Walk(root).shapes(frame[2:] if frame else _DEFAULT_VIEWPORT))
    drawn = [contour for shape in shapes for contour in shape.contours]
    if not drawn:
        raise MediaError("This SVG file has no shapes to read.", "Draw a path, line or shape.")
    left, top, right, bottom = bounding_box(drawn)
    x, y, width, height = frame or (left, top, right - left or 1.0, bottom - top or 1.0)
    if tolerance is None:
        tolerance = max(right - left, bottom - top) / 1000
    strokes = _flattened(drawn, max(tolerance, 1e-9), np.array([x, y]))
    style = _common_style(shapes, max(width, height))
    return SvgDrawing(Sketch(strokes, (width, height)), data, style, (x, y))


class _Shape(NamedTuple):
    """A visible shape in the root's user units, and how it is painted."""

    contours: list[Contour]
    stroke: StrokeStyle | None
    fill: str


class _Place(NamedTuple):
    """Where an element is drawn: its units, inherited style, viewport and open uses."""

    matrix: NDArray[np.float64]
    style: dict[str, str]
    viewport: tuple[float, float]
    uses: tuple[Element, ...]
    depth: int


class _Walk:
    """Walks the tree in drawing order, following `use`.

    What an element says of itself is read once, however often it is used.
    """

    def __init__(self, root: Element) -> None:
        self.root = root
        self.sheet = StyleSheet(root)
        self.by_id = {e.attrib["id"]: e for e in reversed(list(root.iter())) if "id" in e.attrib}
        self.own_styles: dict[Element, dict[str, str]] = {}
        self.outlines: dict[tuple[Element, tuple[float, float] | None], list[Contour]] = {}
        self.matrices: dict[str, NDArray[np.float64]] = {}

    def shapes(self, viewport: tuple[float, float]) -> Iterator[_Shape]:
        """Every painted shape, in the order of drawing."""
        pending = [(self.root, _Place(_IDENTITY, dict(INITIAL), viewport, (), 0))]
        visited = points = 0
        while pending:
            element, place = pending.pop()
            visited += 1
            if visited > MAX_DRAWN_ELEMENTS:
                raise MediaError("This SVG file draws too many elements.", "Simplify it.")
            entered = self._entered(element, place)
            if entered is None:
                continue
            if local_name(element) in SHAPES:
                shape = self._shape(element, entered)
                points += sum(len(piece[1]) for contour in shape.contours for piece in contour)
                if points > 4 * MAX_POINTS:
                    raise too_many_points()
                yield shape
            else:
                pending += reversed(list(self._inside(element, entered)))

    def _entered(self, element: Element, place: _Place) -> _Place | None:
        """The place inside an element, or None if it is not drawn."""
        name = local_name(element)
        if name not in SHAPES and name not in _GROUPS and not (name == "symbol" and place.uses):
            return None
        if element not in self.own_styles:
            self.own_styles[element] = self.sheet.own_style(element)
        style = place.style | self.own_styles[element]
        if style.pop("display", "") == "none":
            return None
        if place.depth > 2 * MAX_DEPTH:
            raise MediaError("This SVG file nests its elements too deep.", "Simplify it.")
        matrix = place.matrix
        if element is not self.root and "transform" in element.attrib:
            matrix = _product(matrix, self._matrix(element.attrib["transform"]))
        return place._replace(matrix=matrix, style=style, depth=place.depth + 1)

    def _matrix(self, transform: str) -> NDArray[np.float64]:
        if transform not in self.matrices:
            self.matrices[transform] = matrix_of(transform)
        return self.matrices[transform]

    def _shape(self, element: Element, place: _Place) -> _Shape:
        if not is_painted(place.style):
            return _Shape([], None, "none")
        key = element, None if local_name(element) in POINT_SHAPES else place.viewport
        if key not in self.outlines:
            self.outlines[key] = contours(element, place.viewport)
        moved = [transformed(contour, place.matrix) for contour in self.outlines[key]]
        (a, c, _), (b, d, _) = place.matrix.tolist()
        scale = math.sqrt(abs(a * d - b * c))
        diagonal = math.hypot(*place.viewport) / math.sqrt(2)
        fill = place.style["fill"]
        fill = fill if fill == "none" else hex_color(fill, place.style["color"])
        return _Shape(moved, stroke_style(place.style, scale, diagonal), fill)

    def _inside(self, element: Element, place: _Place) -> Iterator[tuple[Element, _Place]]:
        name = local_name(element)
        if name == "use":
            yield from self._used(element, place)
            return
        if name == "svg" and element is not self.root:
            size = _box(element, place.viewport)
            place = _in_viewport(element, place, size)
        for child in element:
            yield child, place

    def _used(self, use: Element, place: _Place) -> Iterator[tuple[Element, _Place]]:
        reference = use.get("href", use.get(_XLINK, ""))
        target = self.by_id.get(reference.removeprefix("#"))
        if target is None or not reference.startswith("#"):
            return
        if target in place.uses:
            raise MediaError(
                f"This SVG file uses an element inside itself: {reference[:40]!r}.",
                "Remove the <use> that refers to its own group.",
            )
        x, y, width, height = _box(use, place.viewport)
        matrix = _product(place.matrix, np.array([[1, 0, x], [0, 1, y]]))
        place = place._replace(matrix=matrix, uses=(*place.uses, target))
        if local_name(target) == "symbol":
            place = _in_viewport(target, place, (0.0, 0.0, width, height))
        yield target, place


def _in_viewport(element: Element, place: _Place, box: tuple[float, float, float, float]) -> _Place:
    """The place inside a nested viewport: (x, y, width, height) in the units around it."""
    view = _view_box(element)
    if view is None:
        shift = np.array([[1, 0, box[0]], [0, 1, box[1]]])
        return place._replace(matrix=_product(place.matrix, shift), viewport=box[2:])
    fitted = viewport_matrix(box, view, element.get("preserveAspectRatio"))
    return place._replace(matrix=_product(place.matrix, fitted), viewport=view[2:])


def _box(element: Element, viewport: tuple[float, float]) -> tuple[float, float, float, float]:
    """The attributes x, y, width and height; a size that is not given is all of the viewport."""
    defaults = {"x": "0", "y": "0", "width": "100%", "height": "100%"}
    references = (*viewport, *viewport)
    values = [
        length_in_user_units(element.get(key, default), reference)
        for (key, default), reference in zip(defaults.items(), references, strict=True)
    ]
    x, y, width, height = (0.0 if value is None else value for value in values)
    return x, y, width, height


def _view_box(element: Element) -> tuple[float, float, float, float] | None:
    if "viewBox" not in element.attrib:
        return None
    values = numbers(element.attrib["viewBox"]).tolist()
    if len(values) != 4 or max(map(abs, values)) > MAX_COORDINATE or min(values[2:]) <= 0:
        raise MediaError(
            "The viewBox of this SVG file is not four numbers with a positive width and height.",
            "Correct the viewBox or remove it.",
        )
    x, y, width, height = values
    return x, y, width, height


def _root_frame(root: Element) -> tuple[float, float, float, float] | None:
    """The viewBox, or (0, 0, width, height), or None where the document says neither."""
    view = _view_box(root)
    if view is not None:
        return view
    sides = [length_in_user_units(root.get(key, ""), 0) for key in ("width", "height")]
    width, height = (side or 0.0 for side in sides)
    inside = 0 < width <= MAX_COORDINATE and 0 < height <= MAX_COORDINATE
    return (0.0, 0.0, width, height) if inside else None


def _product(outer: NDArray[np.float64], inner: NDArray[np.float64]) -> NDArray[np.float64]:
    with np.errstate(over="ignore", invalid="ignore"):
        linear = outer[:, :2] @ inner
        linear[:, 2] += outer[:, 2]
    if not np.isfinite(linear).all():
        raise MediaError("This SVG file has a transform that is not finite.", "Correct it.")
    return linear


def _flattened(
    drawn: list[Contour], tolerance: float, origin: NDArray[np.float64]
) -> tuple[NDArray[np.float32], ...]:
    strokes = []
    points = 0
    for contour in drawn:
        stroke = flatten(contour, tolerance)
        points += len(stroke)
        if points > MAX_POINTS:
            raise too_many_points()
        strokes.append((stroke - origin).astype(np.float32))
    return tuple(strokes)


def _common_style(shapes: list[_Shape], side: float) -> StrokeStyle:
    """The style of most strokes; in a drawing of fills alone, a line in the common fill."""
    strokes = Counter(shape.stroke for shape in shapes if shape.contours and shape.stroke)
    if strokes:
        return strokes.most_common(1)[0][0]
    fills = Counter(shape.fill for shape in shapes if shape.contours and shape.fill != "none")
    return StrokeStyle(color=fills.most_common(1)[0][0] if fills else "#000000", width=side / 200)
