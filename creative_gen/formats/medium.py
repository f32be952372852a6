"""Values and files: each medium has a module of its own.

The module of the medium "sketch" is `formats/sketch.py`. It has `FORMATS`, those in which one value
can be written, the default first; `read_document`, if a task takes such values; unless there are no
formats, `encode` and `stem`; and `check_fits`, if a format may be unable to hold a value. Another
medium is another module.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Protocol

from creative_gen.interface.errors import InvalidRequest
from creative_gen.interface.jobs import Origin, Output, Request
from creative_gen.interface.tasks import Medium
from creative_gen.interface.values import Value


class Document(Protocol):
    """A value that was read, and what else its file says."""

    @property
    def value(self) -> Value:
        """What the task takes."""
        ...

    @property
    def stem(self) -> str:
        """What results are named after: the name of the file without its suffix."""
        ...

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences for the user: what of the file the value does not have."""
        ...


def read_document(medium: Medium, path: Path, content_type: str | None = None) -> Document:
    """Read the file of an input.

    Args:
        medium: str. What it is to be.
        path: Path. A file.
        content_type: str. What it is said to be, for a file whose name says nothing; the suffix
            tells otherwise. What the content itself shows is believed more than either.

    Raises:
        MediaError: it cannot be read.
        InvalidMedia: it is not of that medium.
    """
    document: Document = _module(medium).read_document(path, content_type)
    return document


def formats_of(medium: Medium) -> tuple[str, ...]:
    """The formats in which one value of a medium can be written, the default first.

    There are none for labels. `content_types.CONTENT_TYPES` has the name of each on the wire.
    """
    formats: tuple[str, ...] = _module(medium).FORMATS
    return formats


def checked_format(
    medium: Medium, file_format: str | None, request: Request | None = None
) -> str | None:
    """The format, or the default one for None; None if values of the medium have no files.

    Args:
        medium: str. That of what is made.
        file_format: str. What is asked for.
        request: Request. Whether the format can hold what is asked for is looked at, too, if that
            can be known before it is made.

    Raises:
        InvalidRequest: such values cannot be written in that format.
        MediaError: this value cannot.
    """
    formats = formats_of(medium)
    if file_format is None:
        return formats[0] if formats else None
    if file_format not in formats:
        raise InvalidRequest(
            f"What this makes cannot be written as '{file_format}'.",
            f"Use {' or '.join(formats)}." if formats else "Leave the format out.",
        )
    if request is not None and hasattr(_module(medium), "check_fits"):
        _module(medium).check_fits(request, file_format)
    return file_format


def encode(
    medium: Medium,
    origin: Origin,
    output: Output,
    document: Document | None = None,
    file_format: str | None = None,
) -> bytes:
    """The file of one output, with what it takes to make it again.

    Args:
        medium: str. That of the output.
        origin: Origin. The result.
        output: Output. One of the result's.
        document: Document. The task's first input: a sketch that was read from an SVG file is
            completed in that very drawing.
        file_format: str. One of `formats_of`. Defaults to the first.

    Raises:
        MediaError: the format cannot hold the value.
    """
    module = _module(medium)
    content: bytes = module.encode(origin, output, document, file_format or module.FORMATS[0])
    return content


def stem(medium: Medium, origin: Origin, document: Document | None = None) -> str:
    """What the files of a result are named after.

    Args:
        medium: str. That of the outputs.
        origin: Origin. The result.
        document: Document. The task's first input, if its name is known.
    """
    name: str = _module(medium).stem(origin, document)
    return name


def _module(medium: Medium) -> ModuleType:
    return import_module(f"creative_gen.formats.{medium}")
