"""Files of the spool: plain names only, no links, and none that is seen half-written."""

from __future__ import annotations

import os
import re
import shutil
import stat
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from creative_gen.server.errors import WireError

PART = 1 << 20
"""Bytes that are read at a time."""

_PLAIN = re.compile(r"[A-Za-z0-9_-]{1,100}(\.[A-Za-z0-9]{1,10})")


def is_plain(name: str) -> bool:
    """Whether a name is letters, digits, - and _, with one suffix."""
    return _PLAIN.fullmatch(name) is not None


def size_of(file: Path) -> int | None:
    """The bytes of a file; None if it is none, or a link."""
    try:
        found = file.lstat()
    except OSError:
        return None
    return found.st_size if stat.S_ISREG(found.st_mode) else None


def opened(file: Path, limit: int) -> int:
    """The descriptor of a file that is read.

    Raises:
        WireError: it is not there, is a link or no file, or is larger than `limit` bytes.
    """
    flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    flags |= getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
    try:
        # Where a link cannot be refused when it is opened, it is before.
        if size_of(file) is None:
            raise FileNotFoundError
        descriptor = os.open(file, flags)
    except OSError as error:
        raise _unreadable(file) from error
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode) or found.st_size > limit:
        os.close(descriptor)
        raise _unreadable(file) if not stat.S_ISREG(found.st_mode) else _too_large(file, limit)
    return descriptor


def content_of(file: Path, limit: int) -> bytes:
    """A whole file, however long it has become since it was opened.

    Raises:
        WireError: see `opened`.
    """
    with open(opened(file, limit), "rb") as source:
        content = source.read(limit + 1)
    if len(content) > limit:
        raise _too_large(file, limit)
    return content


async def parts_of(file: Path, limit: int) -> AsyncIterator[bytes]:
    """A file, a part at a time.

    Raises:
        WireError: see `opened`.
    """
    with open(opened(file, limit), "rb") as source:
        count = 0
        while part := source.read(PART):
            count += len(part)
            if count > limit:
                raise _too_large(file, limit)
            yield part


def put(file: Path, content: str | bytes) -> None:
    """Write a file that nobody sees before it is whole.

    Raises:
        OSError: it cannot be written.
    """
    data = content.encode() if isinstance(content, str) else content
    with _put(file) as draft:
        draft.write(data)


def copy(source: Path, file: Path) -> None:
    """Copy a file to one that nobody sees before it is whole.

    Raises:
        OSError: it cannot be written.
    """
    with open(source, "rb") as content, _put(file) as draft:
        shutil.copyfileobj(content, draft, PART)


def drop(file: Path) -> None:
    """Delete a file or a link, if it is there and can be deleted."""
    with suppress(OSError):
        file.unlink()


@contextmanager
def _put(file: Path) -> Iterator[BinaryIO]:
    # A dot is in front of no plain name: it is never taken for a file of a tool.
    draft = file.with_name(f".{file.name}")
    drop(draft)
    try:
        with open(draft, "xb") as target:
            yield target
        os.replace(draft, file)
    except OSError:
        drop(draft)
        raise


def _unreadable(file: Path) -> WireError:
    return WireError(
        "invalid_request",
        f"There is no file '{file.name}' in the spool.",
        "Write the files before the request; links are not followed.",
    )


def _too_large(file: Path, limit: int) -> WireError:
    return WireError(
        "too_large", f"The file '{file.name}' is larger than {limit} bytes.", "Make it smaller."
    )
