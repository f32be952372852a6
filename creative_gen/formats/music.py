"""Note files: MIDI in and out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from creative_gen.formats.audio import comment_of
from creative_gen.formats.file_name import file_stem
from creative_gen.interface.jobs import Origin, Output
from creative_gen.interface.values import medium_of

if TYPE_CHECKING:
    from note_seq import NoteSequence

    from creative_gen.formats.medium import Document

FORMATS = ("mid",)


@dataclass(frozen=True)
class MusicDocument:
    """Notes, and the name of their file without suffix."""

    value: NoteSequence
    stem: str
    notes: tuple[str, ...] = ()


def read_document(path: Path, content_type: str | None = None) -> MusicDocument:
    """Read a MIDI file.

    Raises:
        MediaError: it cannot be read.
    """
    # Here, because note_seq takes a second to import, and a command's help needs no notes.
    from creative_gen.media.music import read_midi

    return MusicDocument(read_midi(path), path.stem)


def encode(origin: Origin, output: Output, document: Document | None, file_format: str) -> bytes:
    """A MIDI file."""
    from creative_gen.media.music import write_midi

    assert medium_of(output.value) == "music"
    return write_midi(output.value, comment_of(origin, output))


def stem(origin: Origin, document: Document | None) -> str:
    """The given notes', or else what they are."""
    return file_stem(document.stem if document else "notes")
