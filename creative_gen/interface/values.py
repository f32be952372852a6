"""The values that go into tasks and come out of them."""

from __future__ import annotations

import hashlib
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from creative_gen.media.audio import Audio
from creative_gen.media.image import Image
from creative_gen.media.sketch import Sketch

if TYPE_CHECKING:
    from note_seq import NoteSequence

BLOCK = 1 << 16
"""Frames of sound that are looked at at a time: the samples may be those of a file."""

ROWS = 256
"""Rows of a picture that are looked at at a time."""


@dataclass(frozen=True)
class Label:
    """A name and how probable it is, from 0 to 1."""

    name: str
    probability: float


@dataclass(frozen=True)
class Labels:
    """Names for one input, the most probable first."""

    labels: tuple[Label, ...]


Value: TypeAlias = "Sketch | Labels | Audio | NoteSequence | Image"
"""Pen drawings, names, sound, notes as `note_seq` has them, and pictures."""


def as_value(given: object) -> object:
    """What was given as a task takes it: a Pillow picture as an `Image`, all else as it is.

    Raises:
        MediaError: a Pillow picture cannot be one.
    """
    # Whoever has such a picture has imported Pillow.
    module = sys.modules.get("PIL.Image")
    if module is not None and isinstance(given, module.Image):
        return Image.from_pil(given)
    return given


def medium_of(value: object) -> str | None:
    """The medium of a value, as tasks name it; None if it is no value."""
    if _is_note_sequence(value):
        return "music"
    found = (name for name, kind in _KINDS.items() if isinstance(value, kind))
    return next(found, None)


def digest(value: Value) -> str:
    """SHA-256 of a value's content, the same on every machine: which input a result is of.

    That of a picture is of its pixels and its colour space, not of what else its file says.
    """
    whole = hashlib.sha256()
    if isinstance(value, Labels):
        whole.update(repr([(label.name, label.probability) for label in value.labels]).encode())
    elif isinstance(value, Audio):
        whole.update(repr((value.sample_rate, value.samples.shape)).encode())
        for channel in value.samples:
            for start in range(0, len(channel), BLOCK):
                whole.update(channel[start : start + BLOCK].astype("<f4").tobytes())
    elif isinstance(value, Image):
        whole.update(repr((value.pixels.shape, value.bits)).encode() + (value.icc_profile or b""))
        pixels = value.pixels.astype(value.pixels.dtype.newbyteorder("<"), copy=False)
        for row in range(0, value.height, ROWS):
            whole.update(pixels[row : row + ROWS].tobytes())
    elif isinstance(value, Sketch):
        whole.update(repr(value.size).encode())
        for stroke in value.strokes:
            whole.update(len(stroke).to_bytes(8, "little") + stroke.astype("<f4").tobytes())
    else:
        whole.update(value.SerializeToString(deterministic=True))
    return whole.hexdigest()


_KINDS: dict[str, type[Any]] = {
    "sketch": Sketch,
    "labels": Labels,
    "audio": Audio,
    "image": Image,
}


def _is_note_sequence(value: object) -> bool:
    # note_seq takes a second to import, and whoever has a sequence has imported it.
    module = sys.modules.get("note_seq")
    return module is not None and isinstance(value, module.NoteSequence)
