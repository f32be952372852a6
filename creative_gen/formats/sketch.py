"""Sketch files: SVG, ndjson and npz in, SVG out."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from creative_gen.formats.content_types import format_of
from creative_gen.formats.file_name import file_stem
from creative_gen.interface.errors import InvalidMedia
from creative_gen.interface.jobs import Origin, Output
from creative_gen.interface.wire import provenance
from creative_gen.media.sketch import Sketch
from creative_gen.media.svg_reader import SvgDrawing, read_svg
from creative_gen.media.svg_writer import add_strokes, write_svg

if TYPE_CHECKING:
    from creative_gen.formats.medium import Document

FORMATS = ("svg",)

_READABLE = ("svg", "ndjson", "npz")
_STARTS = {b"<": "svg", b"{": "ndjson", b"PK": "npz"}
_LONGEST_START = 64


@dataclass(frozen=True)
class SketchDocument:
    """A sketch, the name of its file without suffix, and the SVG drawing if it came from one."""

    sketch: Sketch
    stem: str
    drawing: SvgDrawing | None = None
    notes: tuple[str, ...] = ()

    @property
    def value(self) -> Sketch:
        """The sketch."""
        return self.sketch


def read_document(path: Path, content_type: str | None = None) -> SketchDocument:
    """Read a sketch. "drawings.npz#12" is drawing 12 of a file of many, counted from 0.

    Raises:
        MediaError: the file cannot be read.
        InvalidMedia: it has no such drawing, or is none.
    """
    if content_type is not None:
        return _document(path, 0, _told(path, content_type), "This file")
    numbered = None if path.exists() else re.fullmatch(r"(.+)#([0-9]{1,9})", path.name)
    file, index = (path.with_name(numbered[1]), int(numbered[2])) if numbered else (path, 0)
    file_format = file.suffix.lower().removeprefix(".")
    if file_format not in (_READABLE[1:] if numbered else _READABLE):
        raise InvalidMedia(f"'{path}' is not a sketch.", "Give an .svg, .ndjson or .npz file.")
    return _document(file, index, file_format, f"'{file}'")


def encode(origin: Origin, output: Output, document: Document | None, file_format: str) -> bytes:
    """A completion as the artist's own document with strokes added, anything else on its own."""
    sketch, facts = sketch_of(output), provenance(origin, output)
    drawing = document.drawing if isinstance(document, SketchDocument) else None
    if drawing is None:
        return write_svg(sketch, None, facts)
    added = sketch.strokes[len(drawing.sketch.strokes) :]
    if added and given_points(sketch, document):
        return add_strokes(drawing.source, added, drawing.style, facts, drawing.offset)
    growth = max(sketch.size) / max(drawing.sketch.size)
    return write_svg(sketch, replace(drawing.style, width=drawing.style.width * growth), facts)


def stem(origin: Origin, document: Document | None) -> str:
    """The given drawing's, or else the category."""
    return file_stem(document.stem if document else str(origin.options.get("category") or "sketch"))


def given_points(sketch: Sketch, document: Document | None) -> int:
    """How many of a sketch's first points are those of the document; 0 unless all of them are."""
    if not isinstance(document, SketchDocument):
        return 0
    given = document.sketch.strokes
    kept = len(sketch.strokes) >= len(given) and all(map(np.array_equal, sketch.strokes, given))
    return document.sketch.points if kept else 0


def sketch_of(output: Output) -> Sketch:
    """The sketch that an output is."""
    assert isinstance(output.value, Sketch)
    return output.value


def _told(path: Path, content_type: str) -> str:
    """The format that the content shows, or else the one that it is said to have."""
    with path.open("rb") as file:
        start = file.read(_LONGEST_START).removeprefix(b"\xef\xbb\xbf").lstrip()
    shown = next((name for sign, name in _STARTS.items() if start.startswith(sign)), None)
    told = shown or format_of(content_type)
    if told not in _READABLE:
        raise InvalidMedia("This file is not a sketch.", "Send an SVG, ndjson or npz file.")
    return told


def _document(file: Path, index: int, file_format: str, named: str) -> SketchDocument:
    if file_format == "svg":
        drawing = read_svg(file)
        return SketchDocument(drawing.sketch, file.stem, drawing)
    sketch = _ndjson_drawing(file, index) if file_format == "ndjson" else _npz_drawing(file, index)
    if sketch is None:
        raise InvalidMedia(f"{named} has no drawing {index}.", f"Give {file.name}#0 or so.")
    return SketchDocument(sketch, file.stem)


def _ndjson_drawing(file: Path, index: int) -> Sketch | None:
    # These formats are seldom read, and every command starts by importing this module.
    from creative_gen.media.ndjson import read_ndjson

    found = next(islice(read_ndjson(file), index, None), None)
    return found.sketch if found else None


def _npz_drawing(file: Path, index: int) -> Sketch | None:
    from creative_gen.media.quickdraw_npz import read_npz

    splits = read_npz(file)
    row = next(islice((row for split in splits.values() for row in split), index, None), None)
    if row is None:
        return None
    # The first point has no row of its own in these files; it is drawn all the same.
    return Sketch.from_stroke3(np.concatenate([np.zeros((1, 3), np.float32), row]))
