"""EXIF of pictures, changed where it lies: what is not known here stays as it is.

A block is a TIFF structure (TIFF 6.0, section 2; EXIF 2.32, 4.6), without the "Exif" that
some files have before it.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import NamedTuple

PREFIX = b"Exif\0\0"

ORIENTATION = 0x0112
_WIDTH, _HEIGHT = 0x0100, 0x0101
_X_RESOLUTION, _Y_RESOLUTION, _RESOLUTION_UNIT = 0x011A, 0x011B, 0x0128
_EXIF = 0x8769
_PIXEL_WIDTH, _PIXEL_HEIGHT = 0xA002, 0xA003
_SHORT, _LONG, _RATIONAL = 3, 4, 5
_INCH, _CENTIMETRE = 2, 3
_ORDERS = {b"II*\0": "<", b"MM\0*": ">"}
_DENOMINATOR = 1_000


class _Entry(NamedTuple):
    tag: int
    kind: int
    length: int
    place: int
    """Where in the block its value lies, or the offset of the value."""


class _Block:
    """A block that can be changed.

    Raises (here and in every method):
        struct.error: an offset leads out of it.
    """

    def __init__(self, exif: bytes) -> None:
        self.data = bytearray(exif)
        if exif[:4] not in _ORDERS:
            raise struct.error("no TIFF header")
        self.order = _ORDERS[exif[:4]]
        self.first = self.number("I", 4)

    def number(self, kind: str, place: int) -> int:
        return int(struct.unpack_from(self.order + kind, self.data, place)[0])

    def entries(self, directory: int) -> Iterator[_Entry]:
        for index in range(self.number("H", directory)):
            start = directory + 2 + 12 * index
            tag, kind, length = struct.unpack_from(self.order + "HHI", self.data, start)
            yield _Entry(tag, kind, length, start + 8)

    def set_integer(self, entry: _Entry, value: int) -> None:
        whole = entry.tag, _LONG, 1, value
        struct.pack_into(self.order + "HHII", self.data, entry.place - 8, *whole)

    def set_short(self, entry: _Entry, value: int) -> None:
        whole = entry.tag, _SHORT, 1, value, 0
        struct.pack_into(self.order + "HHIHH", self.data, entry.place - 8, *whole)

    def set_ratio(self, entry: _Entry, value: float) -> None:
        if entry.kind == _RATIONAL:
            ratio = round(value * _DENOMINATOR), _DENOMINATOR
            struct.pack_into(self.order + "II", self.data, self.number("I", entry.place), *ratio)

    def ratio(self, entry: _Entry) -> float:
        place = self.number("I", entry.place)
        return self.number("I", place) / max(self.number("I", place + 4), 1)

    def end_first_directory(self) -> None:
        """No second directory: that is the thumbnail, and it shows another picture."""
        after = self.first + 2 + 12 * self.number("H", self.first)
        if after + 4 <= len(self.data):
            self.data[after : after + 4] = bytes(4)


def orientation(exif: bytes) -> int:
    """How the pixels lie, 1 (upright) to 8; 0 where the block does not say."""
    try:
        block = _Block(exif)
        entries = [entry for entry in block.entries(block.first) if entry.tag == ORIENTATION]
        found = [block.number("H", entry.place) for entry in entries]
    except struct.error:
        return 0
    return found[0] if found and 1 <= found[0] <= 8 else 0


def resolution(exif: bytes) -> tuple[float, float] | None:
    """Pixels to an inch, (x, y), or None where the block does not say."""
    try:
        block = _Block(exif)
        entries = {entry.tag: entry for entry in block.entries(block.first)}
        if not {_X_RESOLUTION, _Y_RESOLUTION} <= entries.keys():
            return None
        unit = entries.get(_RESOLUTION_UNIT)
        kind = block.number("H", unit.place) if unit else _INCH
        x, y = block.ratio(entries[_X_RESOLUTION]), block.ratio(entries[_Y_RESOLUTION])
    except struct.error:
        return None
    scale = {_INCH: 1.0, _CENTIMETRE: 2.54}.get(kind, 0.0)
    return (x * scale, y * scale) if x * y * scale > 0 else None


def described(
    exif: bytes, width: int, height: int, dpi: tuple[float, float] | None = None
) -> bytes | None:
    """The block of an upright picture of this size, without a thumbnail.

    Only what the block says already is changed, so that a camera's own notes keep their
    places.

    Returns:
        bytes of the same length, or None if the block is broken.
    """
    try:
        block = _Block(exif)
        for entry in list(block.entries(block.first)):
            _describe(block, entry, width, height, dpi)
        block.end_first_directory()
    except struct.error:
        return None
    return bytes(block.data)


def with_resolution(dpi: tuple[float, float]) -> bytes:
    """A block that says nothing but the pixels to an inch."""
    ratios = [round(value * _DENOMINATOR) for value in dpi]
    start = 8 + 2 + 3 * 12 + 4
    directory = struct.pack("<H", 3)
    directory += struct.pack("<HHII", _X_RESOLUTION, _RATIONAL, 1, start)
    directory += struct.pack("<HHII", _Y_RESOLUTION, _RATIONAL, 1, start + 8)
    directory += struct.pack("<HHIHHI", _RESOLUTION_UNIT, _SHORT, 1, _INCH, 0, 0)
    values = struct.pack("<IIII", ratios[0], _DENOMINATOR, ratios[1], _DENOMINATOR)
    return b"II*\0" + struct.pack("<I", 8) + directory + values


def _describe(
    block: _Block, entry: _Entry, width: int, height: int, dpi: tuple[float, float] | None
) -> None:
    if entry.tag == ORIENTATION:
        block.set_short(entry, 1)
    elif entry.tag in (_WIDTH, _HEIGHT):
        block.set_integer(entry, width if entry.tag == _WIDTH else height)
    elif entry.tag == _EXIF:
        for inner in list(block.entries(block.number("I", entry.place))):
            if inner.tag in (_PIXEL_WIDTH, _PIXEL_HEIGHT):
                block.set_integer(inner, width if inner.tag == _PIXEL_WIDTH else height)
    elif dpi and entry.tag in (_X_RESOLUTION, _Y_RESOLUTION):
        block.set_ratio(entry, dpi[0] if entry.tag == _X_RESOLUTION else dpi[1])
    elif dpi and entry.tag == _RESOLUTION_UNIT:
        block.set_short(entry, _INCH)
