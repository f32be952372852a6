"""Sketches as JSON: what a tool draws on sends no file."""

from __future__ import annotations

from typing import Any

from creative_gen.media.errors import MediaError
from creative_gen.media.sketch import Sketch


def json_of_sketch(sketch: Sketch) -> dict[str, Any]:
    """The sketch as `{"strokes": [[[x, y], ...], ...], "size": [width, height]}`, in pixels."""
    return {"strokes": [stroke.tolist() for stroke in sketch.strokes], "size": list(sketch.size)}


def sketch_of_json(document: Any) -> Sketch:
    """The sketch that a document of that form is.

    Raises:
        MediaError: it is of another form, or a coordinate is not a finite number.
    """
    if not isinstance(document, dict) or set(document) != {"strokes", "size"}:
        raise MediaError(
            "A sketch has strokes and a size, and nothing else.",
            'Send {"strokes": [[[x, y], ...], ...], "size": [width, height]}.',
        )
    strokes, size = document["strokes"], document["size"]
    if not isinstance(strokes, list) or not isinstance(size, list):
        raise MediaError("The strokes and the size of a sketch are lists.", "Send numbers in them.")
    return Sketch(tuple(strokes), tuple(size))
