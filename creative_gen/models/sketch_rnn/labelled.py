"""Archives of drawings of many classes: flat arrays and labels, no pickles.

Arrays: `strokes` (all rows of all drawings, 3), stroke-3; `offsets` (drawings + 1,), where each
drawing starts; `label` (drawings,), an index into `classes` (names).
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from creative_gen.media.errors import MediaError
from creative_gen.models.sketch_rnn.drawings import Stroke3

ARRAYS = {"strokes", "offsets", "label", "classes"}
_FAULTS = (EOFError, OSError, KeyError, TypeError, ValueError, zipfile.BadZipFile, zlib.error)


def is_labelled(path: Path) -> bool:
    """Whether a file is such an archive."""
    try:
        with zipfile.ZipFile(path) as file:
            return {f"{name}.npy" for name in ARRAYS} <= set(file.namelist())
    except _FAULTS:
        return False


def labelled(path: Path, known: Sequence[str] = ()) -> Iterator[tuple[str, list[Stroke3]]]:
    """The classes in an archive and the drawings of each, stroke-3 float32 (points, 3).

    Args:
        path: Path. The archive.
        known: the classes that are wanted; all by default.

    Raises:
        MediaError: the file is not such an archive.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            strokes, offsets, label, classes = (
                np.asarray(file[name]) for name in ("strokes", "offsets", "label", "classes")
            )
    except _FAULTS as error:
        raise _unreadable(path) from error
    if strokes.ndim != 2 or strokes.shape[1:] != (3,) or offsets.shape != (len(label) + 1,):
        raise _unreadable(path)
    for index, name in enumerate(map(str, classes)):
        if not known or name in known:
            rows = np.flatnonzero(label == index)
            yield name, [strokes[offsets[r] : offsets[r + 1]].astype(np.float32) for r in rows]


def read_labelled(path: Path, label: str) -> list[Stroke3]:
    """The drawings of one class.

    Raises:
        MediaError: the file is not such an archive, or has no such class.
    """
    for _, drawings in labelled(path, [label]):
        return drawings
    raise MediaError(f"'{path.name}' has no class '{label}'.", "Check the label.")


def _unreadable(path: Path) -> MediaError:
    message = f"'{path}' is not an archive of labelled drawings that can be read."
    return MediaError(message, "Check the path.")
