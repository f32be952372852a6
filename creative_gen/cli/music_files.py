"""Note files for the command line."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from note_seq import NoteSequence


@dataclass(frozen=True)
class MusicDocument:
    """Notes, and the name of their file without suffix."""

    value: NoteSequence
    stem: str
    notes: tuple[str, ...] = ()


def read_document(path: Path) -> MusicDocument:
    """Read a MIDI file.

    Raises:
        MediaError: it cannot be read.
    """
    # Here, because note_seq takes a second to import, and a command's help needs no notes.
    from creative_gen.media.music import read_midi

    return MusicDocument(read_midi(path), path.stem)
