"""Reads and writes the Quick, Draw! data set's `.ndjson` files: a drawing a line, as JSON.

Raw files give x, y and the time in ms of each point of each stroke, in the units of the
screen; simplified files give x and y, in canvas units (`creative_gen.media.simplify`).
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from creative_gen.media.errors import MediaError
from creative_gen.media.simplify import CANVAS_SIDE
from creative_gen.media.sketch import MAX_POINTS, Sketch, as_float32

MAX_LINE_BYTES = 16_000_000
"""The length of a line that is read."""

_HINT = "Use an .ndjson file of the Quick, Draw! data set."


@dataclass(frozen=True, eq=False)
class QuickDrawing:
    """A drawing of the Quick, Draw! data set.

    Args:
        sketch: Sketch. In canvas units when simplified, in screen units when raw.
        word: str. What was to be drawn.
        times: tuple of float32 (points,). For raw drawings, the ms since the drawing
            began, a stroke each; None for simplified ones.
        recognized: bool. Whether the game recognised it. Defaults to True.
        key_id: str. The drawing's name in the data set. Defaults to none.
    """

    sketch: Sketch
    word: str
    times: tuple[NDArray[np.float32], ...] | None = None
    recognized: bool = True
    key_id: str = ""


def read_ndjson(source: bytes | str | Path) -> Iterator[QuickDrawing]:
    """The drawings of a raw or simplified file, read line by line; blank lines are skipped.

    Raises:
        MediaError: the file cannot be opened; or, when that line is reached, a line is too
            long or is not a drawing. The message tells the line's number.
    """
    try:
        with _opened(source) as file:
            number = 0
            while line := file.readline(MAX_LINE_BYTES + 1):
                number += 1
                if line.strip():
                    yield _drawing(line, number)
    except OSError as error:
        raise MediaError(f"The file {str(source)!r} cannot be read.", "Check the path.") from error


def write_ndjson(path: str | Path, drawings: Iterable[QuickDrawing]) -> None:
    """Write drawings in the simplified form.

    Raises:
        MediaError: a sketch is not in canvas units; simplify it first.
    """
    lines = [simplified_line(drawing) for drawing in drawings]
    Path(path).write_text("".join(f"{line}\n" for line in lines), encoding="ascii")


def simplified_line(drawing: QuickDrawing) -> str:
    """A drawing in canvas units as a line of a simplified file: whole numbers from 0 to 255."""
    strokes = [np.rint(stroke).astype(np.int64) for stroke in drawing.sketch.strokes]
    if any(stroke.min() < 0 or stroke.max() > CANVAS_SIDE for stroke in strokes):
        raise MediaError(
            "A drawing in simplified form lies between 0 and 255.", "Simplify the sketch first."
        )
    value = {
        "word": drawing.word,
        "recognized": drawing.recognized,
        "key_id": drawing.key_id,
        "drawing": [stroke.T.tolist() for stroke in strokes],
    }
    return json.dumps(value, separators=(",", ":"))


def _opened(source: bytes | str | Path) -> IO[bytes]:
    if isinstance(source, bytes):
        return io.BytesIO(source)
    try:
        return open(source, "rb")
    except ValueError as error:
        raise MediaError("This path has a null character in it.", "Check the path.") from error


def _drawing(line: bytes, number: int) -> QuickDrawing:
    if len(line) > MAX_LINE_BYTES:
        raise MediaError(f"Line {number} is too long for a drawing.", _HINT)
    try:
        value = json.loads(line, parse_constant=_refuse_constant)
        strokes = value["drawing"]
        axes = [[as_float32(axis) for axis in stroke] for stroke in strokes]
        return _checked_drawing(value, axes)
    except MediaError as error:
        raise MediaError(f"Line {number}: {error.message}", error.hint or _HINT) from error
    except (KeyError, OverflowError, RecursionError, TypeError, ValueError) as error:
        raise MediaError(f"Line {number} is not a drawing in JSON.", _HINT) from error


def _checked_drawing(value: dict[str, Any], axes: list[list[NDArray[np.float32]]]) -> QuickDrawing:
    if len({len(stroke) for stroke in axes}) != 1 or len(axes[0]) not in (2, 3):
        raise MediaError("Each stroke has a list of x, a list of y and perhaps a list of times.")
    if any({axis.shape for axis in stroke} != {(len(stroke[0]),)} for stroke in axes):
        raise MediaError("The lists of a stroke have different lengths.")
    if sum(len(stroke[0]) for stroke in axes) > MAX_POINTS:
        raise MediaError(f"The drawing has more than {MAX_POINTS:,} points.")
    if not all(np.isfinite(axis).all() for stroke in axes for axis in stroke):
        raise MediaError("A coordinate is not a finite number.", "Remove NaN and infinity.")
    raw = len(axes[0]) == 3
    points = [np.stack(stroke[:2], axis=1) for stroke in axes]
    farthest = np.max([stroke.max(axis=0, initial=1.0) for stroke in points], axis=0).tolist()
    return QuickDrawing(
        Sketch(tuple(points), tuple(farthest) if raw else (CANVAS_SIDE, CANVAS_SIDE)),
        word=str(value.get("word", "")),
        times=tuple(stroke[2] for stroke in axes) if raw else None,
        recognized=bool(value.get("recognized", True)),
        key_id=str(value.get("key_id", "")),
    )


def _refuse_constant(name: str) -> float:
    raise MediaError(f"A coordinate is {name}.", "Remove NaN and infinity.")
