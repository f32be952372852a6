"""Where sounds go, and what is refused before any is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from creative_gen.interface.errors import InvalidRequest

if TYPE_CHECKING:
    from creative_gen.media.audio_files import FileFormat, Subtype

STANDARD_OUTPUT = Path("-")

FORMATS: dict[str, FileFormat] = {".wav": "wav", ".flac": "flac"}
"""What can be written, by the suffix that asks for it."""

OTHER_SUFFIXES = {".aac", ".aif", ".aiff", ".m4a", ".mp3", ".ogg", ".opus", ".wave", ".wma"}
"""Those that ask for a file of sound that cannot be written."""


@dataclass(frozen=True)
class SoundFormat:
    """How a sound is written.

    Args:
        file_format: "wav" or "flac".
        subtype: "16", "24" or "float".
        sample_rate: int. In Hz; None keeps that of the sound.
    """

    file_format: FileFormat
    subtype: Subtype
    sample_rate: int | None = None


@dataclass(frozen=True)
class Place:
    """Where the sounds of a result go.

    Args:
        folder: Path. Made when missing.
        stem: str. What they are named after.
        suffix: str. With its dot.
        single: bool. Whether there is one sound, which has that very name; they are numbered
            otherwise.
    """

    folder: Path
    stem: str
    suffix: str
    single: bool

    def name(self, index: int, suffix: str = "") -> str:
        """The name of a sound's file, or of another file beside it.

        Raises:
            InvalidRequest: there is a second sound, and there is one file for them.
        """
        refuse_many(index + 1, self.single, self.folder / f"{self.stem}{self.suffix}")
        number = "" if self.single else f"-{index + 1}"
        return f"{self.stem}{number}{suffix or self.suffix}"


def place_of(settings: Mapping[str, Any], stem: str, count: int) -> Place:
    """Where to write.

    Args:
        settings: the flags "output" and "format".
        stem: str. What sounds in a folder are named after.
        count: int. How many are asked for.

    Raises:
        InvalidRequest: it cannot be written, or not that many.
    """
    output: Path = settings["output"]
    suffix = output.suffix.lower()
    if suffix in OTHER_SUFFIXES:
        raise InvalidRequest(
            f"'{output}' cannot be written: sound goes into WAV and FLAC files.",
            "Give a name that ends in .wav or .flac, or a folder.",
        )
    if suffix not in FORMATS:
        return Place(output, stem, f".{settings['format'] or 'wav'}", False)
    if settings["format"] not in (None, FORMATS[suffix]):
        raise InvalidRequest(
            f"'{output}' is not the name of a {settings['format']} file.", "Leave --format out."
        )
    refuse_many(count, True, output)
    return Place(output.parent, output.stem, output.suffix, True)


def refuse_many(count: int, single: bool, output: Path) -> None:
    """Refuse more than one sound where there is one file.

    Raises:
        InvalidRequest: there are more.
    """
    if single and count > 1:
        where = "standard output" if output == STANDARD_OUTPUT else f"the file '{output}'"
        raise InvalidRequest(
            f"{count} sounds do not go into {where}: it takes one.",
            "Give a folder, such as -o sounds/, or --count 1.",
        )


def refuse_replacing(given: Path | None, output: Path) -> None:
    """Refuse to write over the sound that is gone on from.

    Raises:
        InvalidRequest: it is that file.
    """
    if given and output.exists() and output.samefile(given):
        raise InvalidRequest(
            f"The result would replace '{given}', which it is made from.",
            "Give another name with -o.",
        )


def format_of(
    settings: Mapping[str, Any], suffix: str, given: Subtype | None = None
) -> SoundFormat:
    """How to write.

    Args:
        settings: the flags "bits" and "sample_rate".
        suffix: str. That of the files.
        given: the subtype of the sound that is given, whose samples are to stay as they are.

    Raises:
        InvalidRequest: FLAC cannot hold it.
    """
    file_format = FORMATS[suffix.lower()]
    subtype: Subtype = settings["bits"] or given or "24"
    if file_format == "flac" and subtype == "float":
        raise InvalidRequest(
            "FLAC files hold integers, and this sound is of floats.", "Add --bits 24, or write WAV."
        )
    return SoundFormat(file_format, subtype, settings["sample_rate"])
