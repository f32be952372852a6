"""Sketch files for the command line: writes the formats asked for."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import numpy as np

from creative_gen.cli.medium import Report, ResultWriter, Sources
from creative_gen.cli.output import MANIFEST, write_result
from creative_gen.engine.job import Job
from creative_gen.formats.sketch import SketchDocument, encode, given_points, sketch_of
from creative_gen.formats.sketch import stem as stem_of
from creative_gen.interface.jobs import Chunk, Output, Result
from creative_gen.interface.tasks import Task
from creative_gen.interface.wire import dumped, manifest
from creative_gen.media.sketch import Sketch

FORMATS = ("svg", "png", "ndjson", "npz")

MAX_ON_SHEET = 100
"""Sketches on a contact sheet; of more, the first ones."""


def result_files(
    result: Result, formats: Sequence[str], document: SketchDocument | None
) -> tuple[dict[str, bytes], list[str]]:
    """The files of a result by name, and the name of each output's own file, if it has one."""
    stem = stem_of(result, document)
    sketches = [sketch_of(output) for output in result.outputs]
    files: dict[str, bytes] = {}
    if "svg" in formats:
        for number, output in enumerate(result.outputs, 1):
            files[f"{stem}-{number}.svg"] = encode(result, output, document, "svg")
    names = list(files)
    if "ndjson" in formats:
        files[f"{stem}-all.ndjson"] = ndjson_of(result, sketches)
    if "npz" in formats:
        files[f"{stem}-all.npz"] = npz_of(sketches)
    if "png" in formats:
        files[f"{stem}-sheet.png"] = sheet_of(result, sketches, document)
    return files, names


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


def sheet_of(result: Result, sketches: Sequence[Sketch], document: SketchDocument | None) -> bytes:
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


def _caption(output: Output) -> str:
    category, seed = output.details.get("category"), output.details.get("seed")
    return f"{category}, seed {seed}" if category else f"seed {seed}"


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
        drawn = sources.document if isinstance(sources.document, SketchDocument) else None
        return nullcontext(SketchWriting(settings["output"], settings["format"], drawn))


@dataclass(frozen=True)
class SketchWriting:
    """The writing of one result: its folder, its formats, and the artist's own drawing."""

    folder: Path
    formats: Sequence[str]
    document: SketchDocument | None

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
