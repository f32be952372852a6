"""Sound files: WAV, FLAC and Ogg, in and out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from creative_gen.formats.file_name import file_stem
from creative_gen.interface.jobs import Chunk, Origin, Output
from creative_gen.interface.wire import provenance
from creative_gen.media.audio import Audio

if TYPE_CHECKING:
    from creative_gen.formats.medium import Document
    from creative_gen.media.audio_files import FileFormat, Subtype

FORMATS = ("wav", "flac", "ogg")

_SUBTYPES: dict[str, Subtype] = {
    "ALAW": "16",
    "PCM_16": "16",
    "PCM_24": "24",
    "PCM_S8": "16",
    "PCM_U8": "16",
    "ULAW": "16",
}
"""What holds the samples of a file exactly, by libsndfile's name; floats hold all others."""


@dataclass(frozen=True)
class AudioDocument:
    """A sound, the name of its file without suffix, the file, and what holds its samples."""

    value: Audio
    stem: str
    path: Path
    subtype: Subtype
    notes: tuple[str, ...] = ()


def read_document(path: Path, content_type: str | None = None) -> AudioDocument:
    """Read a sound, of whatever format its content is.

    Raises:
        MediaError: it cannot be read.
    """
    # Here, because libsndfile is loaded, and a command's help needs none.
    import soundfile

    from creative_gen.media.audio_files import read_audio

    audio = read_audio(path)
    with path.open("rb") as file:
        subtype = _SUBTYPES.get(soundfile.info(file).subtype, "float")
    return AudioDocument(audio, path.stem, path, subtype)


def encode(origin: Origin, output: Output, document: Document | None, file_format: str) -> bytes:
    """A whole sound, in what holds the samples of one that was gone on from, otherwise in 24 bits.

    FLAC has no floats: there it is 24 bits, too. Ogg is Vorbis, which keeps no sample as it is.
    """
    if file_format == "ogg":
        from creative_gen.media.ogg_files import ogg_bytes

        return ogg_bytes(sound_of(output), comment_of(origin, output))
    from creative_gen.media.audio_files import audio_bytes

    chosen: FileFormat = "flac" if file_format == "flac" else "wav"
    subtype = document.subtype if isinstance(document, AudioDocument) else "24"
    if chosen == "flac" and subtype == "float":
        subtype = "24"
    return audio_bytes(sound_of(output), chosen, subtype, comment_of(origin, output))


def stem(origin: Origin, document: Document | None) -> str:
    """The given sound's or notes', or else what kind of sound it is."""
    return file_stem(document.stem if document else str(origin.options.get("kind") or "sound"))


def comment_of(origin: Origin, made: Chunk | Output) -> str:
    """What a file says of how it was made, on one line."""
    return json.dumps(provenance(origin, made), sort_keys=True, ensure_ascii=False)


def sound_of(made: Chunk | Output) -> Audio:
    """The sound that an output or a part of it is."""
    assert isinstance(made.value, Audio)
    return made.value
