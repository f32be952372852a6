"""Archives of drawings of many classes: flat arrays and labels, no pickles.

Arrays: `strokes` (all rows of all drawings, 3), stroke-3; `offsets` (drawings + 1,), where each
drawing starts; `label` (drawings,), an index into `classes` (names).
"""

from __future__ import annotations

import zipfile
from pathlib import Path

import numpy as np

from creative_gen.media.errors import MediaError
from creative_gen.models.sketch_rnn.drawings import Stroke3

ARRAYS = {"strokes", "offsets", "label", "classes"}
_FAULTS = (OSError, KeyError, ValueError, zipfile.BadZipFile)


def is_labelled(path: Path) -> bool:
    """Whether a file is such an archive."""
    try:
        with np.load(path, allow_pickle=False) as file:
            return set(file.files) >= ARRAYS
    except _FAULTS:
        return False


def read_labelled(path: Path, label: str) -> list[Stroke3]:
    """The drawings of one class, stroke-3 float32 (points, 3).

    Raises:
        MediaError: the file is not such an archive, or has no such class.
    """
    try:
        with np.load(path, allow_pickle=False) as file:
            classes, offsets, strokes = list(file["classes"]), file["offsets"], file["strokes"]
            labels = file["label"]
    except _FAULTS as error:
        message = f"'{path}' is not an archive of labelled drawings that can be read."
        raise MediaError(message, "Check the path.") from error
    if label not in classes:
        raise MediaError(f"'{path.name}' has no class '{label}'.", "Check the label.")
    rows = np.flatnonzero(labels == classes.index(label))
    return [strokes[offsets[row] : offsets[row + 1]].astype(np.float32) for row in rows]
