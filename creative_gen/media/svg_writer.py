"""Writes sketches as SVG documents, and adds strokes to the documents of others."""

from __future__ import annotations

import hashlib
import html
import json
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from creative_gen.media.errors import MediaError
from creative_gen.media.sketch import Sketch
from creative_gen.media.stroke_style import StrokeStyle
from creative_gen.media.svg_xml import SVG_NAMESPACE, parse_svg


def write_svg(
    sketch: Sketch,
    style: StrokeStyle | None = None,
    metadata: Mapping[str, object] | None = None,
) -> bytes:
    """An SVG document of a sketch, whose coordinates read back bit for bit.

    Args:
        sketch: Sketch. Its size becomes the document's, in px.
        style: StrokeStyle. Defaults to a round black line, a 128th of the larger side wide.
        metadata: mapping. JSON values, such as the provenance. Defaults to none.
    """
    style = style or StrokeStyle(width=max(sketch.size) / 128)
    width, height = (_decimal(side) for side in sketch.size)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<svg xmlns="{SVG_NAMESPACE}" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}">',
        *_metadata_lines(metadata, ""),
        *(_path(stroke, style, "") for stroke in sketch.strokes),
        "</svg>\n",
    ]
    return "\n".join(lines).encode("ascii")


def add_strokes(
    source: bytes,
    strokes: Sequence[NDArray[np.float32]],
    style: StrokeStyle,
    metadata: Mapping[str, object],
    offset: tuple[float, float] = (0.0, 0.0),
) -> bytes:
    """Add strokes on top of an SVG document, which is otherwise kept byte for byte.

    One group is put before the root's closing tag; its id starts with "creative-gen-" and
    tells it from those added before. (A root without content, `<svg ... />`, loses its
    slash and gets a closing tag.)

    Args:
        source: bytes. The document, in any encoding that `read_svg` reads.
        strokes: sequence of float32 (points, 2). What to add.
        style: StrokeStyle. Its width is in the document's user units.
        metadata: mapping. JSON values, kept in the group's `<metadata>`.
        offset: (x, y). Added to each point to get the document's user units: the `offset`
            of the `SvgDrawing` that the strokes continue. Defaults to (0, 0).

    Raises:
        MediaError: the document is not sound SVG, there are no strokes, or one of them is
            not made of finite points.
    """
    tree = parse_svg(source)
    moved = Sketch(tuple(strokes), (1, 1)).transformed(1, offset).strokes
    if not moved:
        raise MediaError("There are no strokes to add.", "Give at least one stroke.")
    content = "\n".join(
        [
            *_metadata_lines(metadata, tree.prefix),
            *(_path(stroke, style, tree.prefix) for stroke in moved),
        ]
    )
    digest = hashlib.sha256(source + content.encode("ascii")).hexdigest()[:12]
    name = f"{tree.prefix}g"
    group = f'<{name} id="creative-gen-{digest}">\n{content}\n</{name}>\n'
    before, after = source[: tree.end], source[tree.end :]
    if tree.closes_itself:
        before = before.removesuffix("/>".encode(tree.encoding))
        group = f">\n{group}</{tree.prefix}svg>"
    return before + group.encode(tree.encoding) + after


def _metadata_lines(metadata: Mapping[str, object] | None, prefix: str) -> list[str]:
    if metadata is None:
        return []
    try:
        text = json.dumps(metadata, ensure_ascii=True, allow_nan=False)
    except (TypeError, ValueError) as error:
        raise MediaError(
            "The metadata cannot be written as JSON.", "Use text, numbers, lists and mappings."
        ) from error
    return [f"<{prefix}metadata>{html.escape(text, quote=False)}</{prefix}metadata>"]


def _path(stroke: NDArray[np.float32], style: StrokeStyle, prefix: str) -> str:
    # A `style` attribute, since the document's own style sheet could match a bare path.
    return f'<{prefix}path d="{path_data(stroke)}" style="{style.css()}"/>'


def path_data(stroke: NDArray[np.float32]) -> str:
    """The `d` attribute of a stroke (points, 2), in the fewest digits that keep float32."""
    pairs = [f"{_decimal(x)} {_decimal(y)}" for x, y in stroke]
    # A dot is a line of no length: its round cap is what one sees.
    return "M" + "L".join(pairs if len(pairs) > 1 else pairs * 2)


def _decimal(value: float | np.float32) -> str:
    return np.format_float_positional(value, trim="-")
