"""Sketch files for the command line: reads any format, writes the formats asked for."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from creative_gen.interface.errors import InvalidMedia
from creative_gen.interface.jobs import Output, Result
from creative_gen.interface.wire import dumped, provenance
from creative_gen.media.ndjson import QuickDrawing, read_ndjson, simplified_line
from creative_gen.media.quickdraw_npz import npz_bytes, read_npz
from creative_gen.media.simplify import simplify
from creative_gen.media.sketch import Sketch
from creative_gen.media.svg_reader import SvgDrawing, read_svg
from creative_gen.media.svg_writer import add_strokes, write_svg

SHEET_COLUMNS = 3


@dataclass(frozen=True)
class Document:
    """A sketch, the name of its file without suffix, and the SVG drawing if it came from one."""

    sketch: Sketch
    stem: str
    drawing: SvgDrawing | None = None


def read_document(path: Path) -> Document:
    """Read a sketch. "drawings.npz#12" is drawing 12 of a file of many, counted from 0.

    Raises:
        MediaError: the file cannot be read.
        InvalidMedia: it has no such drawing, or its suffix is not one of a sketch.
    """
    name, _, number = path.name.partition("#") if not path.exists() else (path.name, "", "")
    file, index = path.with_name(name), int(number) if number.isdigit() else 0
    suffix = file.suffix.lower()
    if suffix == ".svg":
        drawing = read_svg(file)
        return Document(drawing.sketch, file.stem, drawing)
    if suffix == ".ndjson":
        sketches = [one.sketch for one, _ in zip(read_ndjson(file), range(index + 1), strict=False)]
    elif suffix == ".npz":
        # The first point has no row of its own in these files; it is drawn all the same.
        rows = [row for split in read_npz(file).values() for row in split]
        origin = np.zeros((1, 3), np.float32)
        sketches = [Sketch.from_stroke3(np.concatenate([origin, row])) for row in rows[: index + 1]]
    else:
        raise InvalidMedia(f"'{path}' is not a sketch.", "Give an .svg, .ndjson or .npz file.")
    if index >= len(sketches):
        raise InvalidMedia(
            f"'{file}' has no drawing {index}.", "Give a smaller number after the #."
        )
    return Document(sketches[index], file.stem)


def result_files(
    result: Result, formats: Sequence[str], document: Document | None
) -> tuple[dict[str, bytes], list[str]]:
    """The files of a result by name, and the name of each output's own file, if it has one."""
    stem = document.stem if document else str(result.options.get("category") or "sketch")
    stem = stem.replace(" ", "-")
    files: dict[str, bytes] = {}
    names: list[str] = []
    for number, output in enumerate(result.outputs, 1):
        if "svg" in formats:
            names.append(f"{stem}-{number}.svg")
            files[names[-1]] = svg_of(result, output, document)
    sketches = [_value(output) for output in result.outputs]
    if "ndjson" in formats:
        files[f"{stem}.ndjson"] = ndjson_of(result, sketches)
    if "npz" in formats:
        files[f"{stem}.npz"] = npz_of(sketches)
    if "png" in formats:
        files[f"{stem}-sheet.png"] = sheet_of(result, sketches)
    return files, names


def svg_of(result: Result, output: Output, document: Document | None) -> bytes:
    """A completion as the artist's own document with strokes added, anything else on its own."""
    sketch, facts = _value(output), provenance(result, output)
    drawing = document.drawing if document else None
    given = _given_strokes(output)
    if drawing is None or not given:
        return write_svg(sketch, drawing.style if drawing else None, facts)
    added = sketch.strokes[len(drawing.sketch.strokes) :]
    return add_strokes(drawing.source, added, drawing.style, facts, drawing.offset)


def ndjson_of(result: Result, sketches: Sequence[Sketch]) -> bytes:
    """Quick, Draw! lines, simplified."""
    lines = []
    for output, sketch in zip(result.outputs, sketches, strict=True):
        word = str(output.details.get("category", ""))
        lines.append(simplified_line(QuickDrawing(simplify(sketch)[0], word)))
    return "".join(line.rstrip("\n") + "\n" for line in lines).encode()


def npz_of(sketches: Sequence[Sketch]) -> bytes:
    """Sketch-RNN's own format: simplified, without the first point, one split "train"."""
    rows = []
    for sketch in sketches:
        canvas = simplify(sketch)[0]
        whole = Sketch(tuple(np.rint(stroke) for stroke in canvas.strokes), canvas.size)
        rows.append(whole.to_stroke3()[1:])
    return npz_bytes({"train": rows})


def sheet_of(result: Result, sketches: Sequence[Sketch]) -> bytes:
    """A contact sheet with the seeds below, the artist's own strokes told apart by colour."""
    # Here, because Pillow is needed for this alone.
    from creative_gen.media.raster import contact_sheet, png_info

    given = [int(output.details.get("given_points", 0)) for output in result.outputs]
    captions = [_caption(output) for output in result.outputs]
    columns = min(len(sketches), SHEET_COLUMNS if len(sketches) <= 9 else 6)
    highlights = given if any(given) else None
    sheet = contact_sheet(sketches, columns, highlights, captions)
    content = io.BytesIO()
    facts = {"creative_gen": dumped([provenance(result, one) for one in result.outputs])}
    sheet.save(content, "PNG", pnginfo=png_info(facts))
    return content.getvalue()


def _caption(output: Output) -> str:
    category, seed = output.details.get("category"), output.details.get("seed")
    return f"{category}, seed {seed}" if category else f"seed {seed}"


def _given_strokes(output: Output) -> bool:
    return "given_points" in output.details


def _value(output: Output) -> Sketch:
    assert isinstance(output.value, Sketch)
    return output.value
