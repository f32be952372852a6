"""Sketch files for the command line: reads any format, writes the formats asked for."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

import click
import numpy as np

from creative_gen.cli.medium import Report, ResultWriter, Sources
from creative_gen.cli.output import MANIFEST, file_stem, write_result
from creative_gen.engine.job import Job
from creative_gen.interface.errors import InvalidMedia
from creative_gen.interface.jobs import Chunk, Output, Result
from creative_gen.interface.tasks import Task
from creative_gen.interface.wire import dumped, manifest, provenance
from creative_gen.media.sketch import Sketch
from creative_gen.media.svg_reader import SvgDrawing, read_svg
from creative_gen.media.svg_writer import add_strokes, write_svg

FORMATS = ("svg", "png", "ndjson", "npz")

MAX_ON_SHEET = 100
"""Sketches on a contact sheet; of more, the first ones."""


@dataclass(frozen=True)
class Document:
    """A sketch, the name of its file without suffix, and the SVG drawing if it came from one."""

    sketch: Sketch
    stem: str
    drawing: SvgDrawing | None = None
    notes: tuple[str, ...] = ()

    @property
    def value(self) -> Sketch:
        """The sketch."""
        return self.sketch


def read_document(path: Path) -> Document:
    """Read a sketch. "drawings.npz#12" is drawing 12 of a file of many, counted from 0.

    Raises:
        MediaError: the file cannot be read.
        InvalidMedia: it has no such drawing, or its suffix is not one of a sketch.
    """
    numbered = None if path.exists() else re.fullmatch(r"(.+)#([0-9]{1,9})", path.name)
    file, index = (path.with_name(numbered[1]), int(numbered[2])) if numbered else (path, 0)
    suffix = file.suffix.lower()
    if suffix == ".svg" and not numbered:
        drawing = read_svg(file)
        return Document(drawing.sketch, file.stem, drawing)
    if suffix not in (".ndjson", ".npz"):
        raise InvalidMedia(f"'{path}' is not a sketch.", "Give an .svg, .ndjson or .npz file.")
    sketch = _ndjson_drawing(file, index) if suffix == ".ndjson" else _npz_drawing(file, index)
    if sketch is None:
        raise InvalidMedia(f"'{file}' has no drawing {index}.", f"Give {file.name}#0 or so.")
    return Document(sketch, file.stem)


def result_files(
    result: Result, formats: Sequence[str], document: Document | None
) -> tuple[dict[str, bytes], list[str]]:
    """The files of a result by name, and the name of each output's own file, if it has one."""
    named = document.stem if document else str(result.options.get("category") or "sketch")
    stem = file_stem(named)
    sketches = [_sketch(output) for output in result.outputs]
    files: dict[str, bytes] = {}
    if "svg" in formats:
        for number, output in enumerate(result.outputs, 1):
            files[f"{stem}-{number}.svg"] = svg_of(result, output, document)
    names = list(files)
    if "ndjson" in formats:
        files[f"{stem}-all.ndjson"] = ndjson_of(result, sketches)
    if "npz" in formats:
        files[f"{stem}-all.npz"] = npz_of(sketches)
    if "png" in formats:
        files[f"{stem}-sheet.png"] = sheet_of(result, sketches, document)
    return files, names


def svg_of(result: Result, output: Output, document: Document | None) -> bytes:
    """A completion as the artist's own document with strokes added, anything else on its own."""
    sketch, facts = _sketch(output), provenance(result, output)
    drawing = document.drawing if document else None
    if drawing is None:
        return write_svg(sketch, None, facts)
    added = sketch.strokes[len(drawing.sketch.strokes) :]
    if added and given_points(sketch, document):
        return add_strokes(drawing.source, added, drawing.style, facts, drawing.offset)
    growth = max(sketch.size) / max(drawing.sketch.size)
    return write_svg(sketch, replace(drawing.style, width=drawing.style.width * growth), facts)


def ndjson_of(result: Result, sketches: Sequence[Sketch]) -> bytes:
    """Quick, Draw! lines, simplified."""
    # These formats are seldom asked for, and every command starts by importing this module.
    from creative_gen.media.ndjson import QuickDrawing, simplified_line
    from creative_gen.media.simplify import simplify

    lines = []
    for output, sketch in zip(result.outputs, sketches, strict=True):
        word = str(output.details.get("category", ""))
        lines.append(simplified_line(QuickDrawing(simplify(sketch)[0], word)) + "\n")
    return "".join(lines).encode()


def npz_of(sketches: Sequence[Sketch]) -> bytes:
    """Sketch-RNN's own format: simplified, without the first point, one split "train"."""
    from creative_gen.media.quickdraw_npz import drawing_rows, npz_bytes
    from creative_gen.media.simplify import simplify

    rows = []
    for sketch in sketches:
        canvas = simplify(sketch)[0]
        whole = Sketch(tuple(np.rint(stroke) for stroke in canvas.strokes), canvas.size)
        rows.append(drawing_rows(whole))
    return npz_bytes({"train": rows})


def sheet_of(result: Result, sketches: Sequence[Sketch], document: Document | None) -> bytes:
    """A contact sheet with the seeds below, the artist's own strokes told apart by colour."""
    from creative_gen.media.raster import contact_sheet, png_info

    shown = sketches[:MAX_ON_SHEET]
    given = [given_points(sketch, document) for sketch in shown]
    captions = [_caption(output) for output in result.outputs[:MAX_ON_SHEET]]
    columns = 3 if len(shown) <= 9 else 6
    sheet = contact_sheet(shown, columns, given if any(given) else None, captions)
    content = io.BytesIO()
    facts = png_info({"creative_gen": dumped(manifest(result, []))})
    sheet.save(content, "PNG", pnginfo=facts)
    return content.getvalue()


def given_points(sketch: Sketch, document: Document | None) -> int:
    """How many of a sketch's first points are those of the document; 0 unless all of them are."""
    if document is None:
        return 0
    given = document.sketch.strokes
    kept = len(sketch.strokes) >= len(given) and all(map(np.array_equal, sketch.strokes, given))
    return document.sketch.points if kept else 0


def _ndjson_drawing(file: Path, index: int) -> Sketch | None:
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


def _caption(output: Output) -> str:
    category, seed = output.details.get("category"), output.details.get("seed")
    return f"{category}, seed {seed}" if category else f"seed {seed}"


def _sketch(output: Output) -> Sketch:
    assert isinstance(output.value, Sketch)
    return output.value


class SketchWriter:
    """Writes sketches into a folder, in the formats that were asked for."""

    def flags(self, task: Task) -> list[click.Option]:
        """The folder and the formats."""
        output = click.Option(
            ["-o", "--output"],
            type=click.Path(file_okay=False, path_type=Path),
            default=Path("out"),
            help="The folder for the results.  [default: out]",
        )
        formats = click.Option(
            ["--format"],
            default="svg,png",
            callback=_formats,
            help="What to write: svg (a file each), png (a contact sheet), ndjson, npz; several "
            "with commas.  [default: svg,png]",
        )
        return [output, formats]

    def begin(
        self, job: Job, sources: Sources, settings: Mapping[str, Any]
    ) -> AbstractContextManager[SketchWriting]:
        """Nothing is written before the end."""
        drawn = sources.document if isinstance(sources.document, Document) else None
        return nullcontext(SketchWriting(settings["output"], settings["format"], drawn))


@dataclass(frozen=True)
class SketchWriting:
    """The writing of one result: its folder, its formats, and the artist's own drawing."""

    folder: Path
    formats: Sequence[str]
    document: Document | None

    def add(self, chunk: Chunk) -> None:
        """Sketches are small: they are written when all are there."""

    def finish(self, result: Result) -> Report:
        """Write all files, or none."""
        files, names = result_files(result, self.formats, self.document)
        facts = manifest(result, names, [*files])
        write_result(self.folder, files | {MANIFEST: dumped(facts).encode()})
        return Report(facts, self._summary(result, files))

    def _summary(self, result: Result, files: Mapping[str, bytes]) -> str:
        count = len(result.outputs)
        sheet = next((name for name in files if name.endswith(".png")), None)
        lines = [f"{count} {'sketch' if count == 1 else 'sketches'} in {self.folder}"]
        lines += [f"All on one sheet: {self.folder / sheet}"] if sheet else []
        return "\n".join([*lines, f"Seed {result.options['seed']}, asset '{result.asset}'."])


WRITER: ResultWriter = SketchWriter()


def _formats(ctx: click.Context, option: click.Parameter, text: str) -> tuple[str, ...]:
    names = tuple(name.strip() for name in text.split(",") if name.strip())
    unknown = [name for name in names if name not in FORMATS]
    if unknown or not names:
        raise click.BadParameter(f"{text!r}: choose from {', '.join(FORMATS)}.")
    return names
