"""WAV files as RIFF chunks: written as a stream, with text before the samples.

Written here because a WAV that is sent while it is made cannot be sought in, because
libsndfile puts the time of day into float files, and because it reads no text above 2 kB.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO

from creative_gen.media.errors import MediaError

UNKNOWN = 0xFFFFFFFF
"""The size that a stream gives before its end is known."""

_ENDLESS = 0x7FFF0000
"""Sizes from here on are what recorders and pipes write for a length they do not know."""

_PCM, _FLOAT = 1, 3
_SOFTWARE = b"creative_gen"


class WavStream:
    """Writes a WAV file to a binary stream.

    Until it is closed, and for good where one cannot seek, the header gives the sizes as
    unknown: a reader then takes what there is.

    Args:
        file: binary stream. Stays open.
        sample_rate: int. In Hz.
        channels: int.
        sample_bytes: int. Bytes of a sample: 2 or 3 for integers, 4 for floats.
        comment: str. Kept as ICMT in UTF-8. Nothing is written for an empty one.
    """

    def __init__(
        self, file: BinaryIO, sample_rate: int, channels: int, sample_bytes: int, comment: str
    ) -> None:
        """Write the header."""
        self._file = file
        self._frame_bytes = channels * sample_bytes
        self._written = 0
        is_float = sample_bytes == 4
        layout = struct.pack(
            "<HHIIHH",
            _FLOAT if is_float else _PCM,
            channels,
            sample_rate,
            sample_rate * self._frame_bytes,
            self._frame_bytes,
            8 * sample_bytes,
        )
        self._head = _chunk(b"fmt ", layout + b"\0\0" if is_float else layout)
        self._has_fact = is_float
        self._text = _info(comment) if comment else b""
        self._start = file.tell() if file.seekable() else 0
        file.write(self._header(UNKNOWN))

    def write(self, data: bytes) -> None:
        """Write whole frames: interleaved, little-endian.

        Raises:
            MediaError: the file would get larger than a WAV file can be.
        """
        if self._written + len(data) >= _ENDLESS:
            raise MediaError(
                "A WAV file of more than 2 GB cannot be read everywhere.",
                "Write FLAC, or the sound in parts.",
            )
        self._file.write(data)
        self._written += len(data)

    def close(self) -> None:
        """Write what the header could not know."""
        self._file.write(b"\0" * (self._written % 2))
        if self._file.seekable():
            end = self._file.tell()
            self._file.seek(self._start)
            self._file.write(self._header(self._written))
            self._file.seek(end)

    def _header(self, size: int) -> bytes:
        known = size != UNKNOWN
        count = size // self._frame_bytes if known else UNKNOWN
        fact = _chunk(b"fact", struct.pack("<I", count)) if self._has_fact else b""
        chunks = self._head + fact + self._text + b"data" + struct.pack("<I", size)
        whole = 4 + len(chunks) + size + size % 2 if known else UNKNOWN
        return b"RIFF" + struct.pack("<I", whole) + b"WAVE" + chunks


def comment_of_wav(file: BinaryIO) -> str:
    """The ICMT text of a WAV file; empty if it has none."""
    for name, size in _chunks(file):
        if name == b"LIST" and size < _ENDLESS:
            content = file.read(size)
            if content.startswith(b"INFO"):
                return _comment_in(content)
    return ""


def is_cut_short(file: BinaryIO) -> bool:
    """Whether a WAV file's samples end before its header says."""
    for name, size in _chunks(file):
        if name == b"data":
            start = file.tell()
            return size < _ENDLESS and start + size > file.seek(0, 2)
    return True


def _chunks(file: BinaryIO) -> Iterator[tuple[bytes, int]]:
    """Names and sizes; the stream stands at the content of each."""
    file.seek(12)
    while len(header := file.read(8)) == 8:
        name, size = struct.unpack("<4sI", header)
        start = file.tell()
        yield name, size
        file.seek(start + size + size % 2)


def _comment_in(content: bytes) -> str:
    place = 4
    while len(header := content[place : place + 8]) == 8:
        name, size = struct.unpack("<4sI", header)
        if name == b"ICMT":
            text = content[place + 8 : place + 8 + size]
            return text.partition(b"\0")[0].decode("utf-8", "replace")
        place += 8 + size + size % 2
    return ""


def _info(comment: str) -> bytes:
    texts = {b"ICMT": comment.encode("utf-8"), b"ISFT": _SOFTWARE}
    inside = b"".join(_chunk(name, text + b"\0") for name, text in texts.items())
    return _chunk(b"LIST", b"INFO" + inside)


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)
