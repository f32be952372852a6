"""Reads what GIMP has saved: the layers of an XCF file, without their pixels.

The format is described in GIMP's sources, devel-docs/xcf.txt.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path

_END, _VISIBLE, _OFFSETS, _PARENT_PATH = 0, 8, 15, 30
_RGB = 0
_FIRST_WITH_PRECISION, _FIRST_OF_64_BITS = 4, 11


@dataclass(frozen=True)
class Layer:
    """A layer, as the file says it.

    Args:
        name: str.
        size: (width, height). In pixels.
        offsets: (x, y). Of its upper left corner in the image.
        visible: bool.
        has_mask: bool.
        has_alpha: bool.
        depth: int. How many groups it is in.
    """

    name: str
    size: tuple[int, int]
    offsets: tuple[int, int]
    visible: bool
    has_mask: bool
    has_alpha: bool
    depth: int


@dataclass(frozen=True)
class Drawing:
    """An image.

    Args:
        size: (width, height). In pixels.
        is_rgb: bool. Rather than grey or of a palette.
        layers: tuple of Layer. The topmost first.
    """

    size: tuple[int, int]
    is_rgb: bool
    layers: tuple[Layer, ...]


class _Reader:
    def __init__(self, content: bytes) -> None:
        assert content.startswith(b"gimp xcf ")
        self.content = content
        tag = content[9:13].rstrip(b"\0")
        self.version = 0 if tag == b"file" else int(tag[1:])
        self.place = 14

    def words(self, count: int, kind: str = "I") -> tuple[int, ...]:
        found = struct.unpack_from(f">{count}{kind}", self.content, self.place)
        self.place += 4 * count
        return found

    def text(self) -> str:
        (length,) = self.words(1)
        start, self.place = self.place, self.place + length
        return self.content[start : self.place - 1].decode() if length else ""

    def pointer(self) -> int:
        if self.version < _FIRST_OF_64_BITS:
            return self.words(1)[0]
        high, low = self.words(2)
        return (high << 32) + low

    def properties(self) -> dict[int, bytes]:
        found = {}
        while True:
            kind, length = self.words(2)
            if kind == _END:
                return found
            found[kind] = self.content[self.place : self.place + length]
            self.place += length

    def layer(self, place: int) -> Layer:
        self.place = place
        width, height, kind = self.words(3)
        name, said = self.text(), self.properties()
        _, mask = self.pointer(), self.pointer()
        x, y = struct.unpack(">2i", said[_OFFSETS])
        path = said.get(_PARENT_PATH, b"")
        visible = said[_VISIBLE] != bytes(4)
        depth = max(0, len(path) // 4 - 1)
        return Layer(name, (width, height), (x, y), visible, mask != 0, kind % 2 == 1, depth)


def read_xcf(path: Path) -> Drawing:
    """The image of a file."""
    reader = _Reader(path.read_bytes())
    width, height, kind = reader.words(3)
    if reader.version >= _FIRST_WITH_PRECISION:
        reader.words(1)
    reader.properties()
    places = []
    while place := reader.pointer():
        places.append(place)
    layers = tuple(reader.layer(place) for place in places)
    return Drawing((width, height), kind == _RGB, layers)
