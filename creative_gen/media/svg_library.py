"""The parts of svgelements that are used: it is untyped and raises errors of many kinds.

Paths, transforms and colours are read by it; everything it gets has been checked for size
before, and whatever it raises becomes a `MediaError`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import svgelements as svg  # type: ignore[import-untyped]
from numpy.typing import NDArray

from creative_gen.media.bezier import Contour, Piece
from creative_gen.media.errors import MediaError

MAX_TRANSFORM_LENGTH = 10_000
"""Characters of a `transform` attribute."""

_LIBRARY_FAULTS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    MemoryError,
    RecursionError,
    TypeError,
    ValueError,
)


def path_contours(data: str) -> list[Contour]:
    """The subpaths of a path's `d` attribute."""
    return _contours(_guarded(svg.Path, data))


def rectangle_contours(
    x: float, y: float, width: float, height: float, rx: float, ry: float
) -> list[Contour]:
    """The outline of a rectangle with corners rounded by the radii `rx` and `ry`."""
    return _contours(_guarded(svg.Path, _guarded(svg.Rect, x, y, width, height, rx, ry)))


def ellipse_contours(cx: float, cy: float, rx: float, ry: float) -> list[Contour]:
    """The outline of an ellipse around (cx, cy)."""
    return _contours(_guarded(svg.Path, _guarded(svg.Ellipse, cx, cy, rx, ry)))


def matrix_of(transform: str) -> NDArray[np.float64]:
    """The affine (2, 3) matrix of a `transform` attribute."""
    if len(transform) > MAX_TRANSFORM_LENGTH:
        raise MediaError("This SVG file has a transform that is too long.", "Simplify it.")
    # Its search for the brackets of a transform that never closes takes quadratic time.
    if transform.strip() and not transform.rstrip().endswith(")"):
        raise MediaError("This SVG file has a transform that is cut short.", "Correct it.")
    matrix = _guarded(svg.Matrix, transform)
    values = _guarded(
        lambda: np.array(
            [[matrix.a, matrix.c, float(matrix.e)], [matrix.b, matrix.d, float(matrix.f)]],
            np.float64,
        )
    )
    assert isinstance(values, np.ndarray)
    return values


def viewport_matrix(
    box: tuple[float, float, float, float],
    view_box: tuple[float, float, float, float],
    preserve_aspect_ratio: str | None,
) -> NDArray[np.float64]:
    """The affine (2, 3) matrix that fits a viewBox into a box, both (x, y, width, height)."""
    transform = svg.Viewbox.viewbox_transform
    return matrix_of(_guarded(transform, *box, *view_box, preserve_aspect_ratio))


def rgb(color: str) -> tuple[int, int, int] | None:
    """A CSS colour as red, green and blue from 0 to 255, or None if it is not one."""
    if len(color) > 100:
        return None
    try:
        value = _guarded(lambda: svg.Color(color))
        red, green, blue = int(value.red), int(value.green), int(value.blue)
    except (MediaError, TypeError, ValueError):
        return None
    return red, green, blue


def _contours(path: Any) -> list[Contour]:
    """The contours of an svgelements path; a lone move draws nothing."""
    result: list[Contour] = []
    contour: Contour = []
    for segment in path:
        if isinstance(segment, svg.Move):
            contour = []
            continue
        if not contour:
            result.append(contour)
        contour += _guarded(_pieces, segment)
    return [_joined(contour) for contour in result if contour]


def _pieces(segment: Any) -> list[Piece]:
    if isinstance(segment, svg.Arc):
        cubics = [curve for part in segment.as_cubic_curves() for curve in _pieces(part)]
        return cubics or [(1, _controls(segment.start, segment.end))]
    if isinstance(segment, svg.CubicBezier):
        ends = segment.start, segment.control1, segment.control2, segment.end
        return [(3, _controls(*ends))]
    if isinstance(segment, svg.QuadraticBezier):
        return [(2, _controls(segment.start, segment.control, segment.end))]
    return [(1, _controls(segment.start, segment.end))]


def _controls(*points: Any) -> NDArray[np.float64]:
    return np.array([(point.x, point.y) for point in points], np.float64)


def _joined(contour: Contour) -> Contour:
    """The contour with runs of straight lines made one piece."""
    result: Contour = []
    run: list[NDArray[np.float64]] = []
    for degree, points in contour:
        if degree == 1:
            run.append(points[1:] if run else points)
            continue
        if run:
            result.append((1, np.concatenate(run)))
            run = []
        result.append((degree, points))
    return [*result, (1, np.concatenate(run))] if run else result


def _guarded(call: Callable[..., Any], *arguments: object) -> Any:
    """What svgelements makes of the arguments, with one kind of error."""
    try:
        return call(*arguments)
    except _LIBRARY_FAULTS as error:
        raise MediaError(
            "This SVG file has a path, shape or transform that cannot be read.",
            "Open it in a drawing program and save it as plain SVG.",
        ) from error
