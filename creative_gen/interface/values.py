"""The values that go into tasks and come out of them."""

from __future__ import annotations

import hashlib
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from creative_gen.media.audio import Audio
from creative_gen.media.sketch import Sketch

if TYPE_CHECKING:
    from note_seq import NoteSequence

BLOCK = 1 << 16
"""Frames of sound that are looked at at a time: the samples may be those of a file."""


@dataclass(frozen=True)
class Label:
    """A name and how probable it is, from 0 to 1."""

    name: str
    probability: float


@dataclass(frozen=True)
class Labels:
    """Names for one input, the most probable first."""

    labels: tuple[Label, ...]


Value: TypeAlias = "Sketch | Labels | Audio | NoteSequence"
"""Pen drawings, names, sound, and notes as `note_seq` has them."""


def medium_of(value: object) -> str | None:
    """The medium of a value, as tasks name it; None if it is no value."""
    if _is_note_sequence(value):
        return "music"
    found = (name for name, kind in _KINDS.items() if isinstance(value, kind))
    return next(found, None)


def digest(value: Value) -> str:
    """SHA-256 of a value's content, the same on every machine: which input a result is of."""
    whole = hashlib.sha256()
    if isinstance(value, Labels):
        whole.update(repr([(label.name, label.probability) for label in value.labels]).encode())
    elif isinstance(value, Audio):
        whole.update(repr((value.sample_rate, value.samples.shape)).encode())
        for channel in value.samples:
            for start in range(0, len(channel), BLOCK):
                whole.update(channel[start : start + BLOCK].astype("<f4").tobytes())
    elif isinstance(value, Sketch):
        whole.update(repr(value.size).encode())
        for stroke in value.strokes:
            whole.update(len(stroke).to_bytes(8, "little") + stroke.astype("<f4").tobytes())
    else:
        whole.update(value.SerializeToString(deterministic=True))
    return whole.hexdigest()


_KINDS: dict[str, type[Any]] = {"sketch": Sketch, "labels": Labels, "audio": Audio}


def _is_note_sequence(value: object) -> bool:
    # note_seq takes a second to import, and whoever has a sequence has imported it.
    module = sys.modules.get("note_seq")
    return module is not None and isinstance(value, module.NoteSequence)
