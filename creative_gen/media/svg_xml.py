"""Safe reading of an SVG file's XML, and where its root element ends.

Entities are refused before they are expanded, external files are never opened, and comments
and CDATA sections are told from tags because expat does the parsing.
"""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from creative_gen.media.errors import MediaError

MAX_BYTES = 20_000_000
"""The size of an SVG file that is read."""

MAX_DEPTH = 200
"""How deep elements may be nested."""

MAX_ELEMENTS = 200_000
"""How many elements a document may have."""

SVG_NAMESPACE = "http://www.w3.org/2000/svg"

_RESAVE = "Open it in a drawing program and save it as plain SVG."


@dataclass(frozen=True)
class SvgTree:
    """An SVG document: its elements and where its root is in the bytes.

    Args:
        root: Element. Tags and attributes in ElementTree's form, "{namespace}name".
        prefix: str. What the root writes before its name: "svg:", or nothing.
        end: int. The byte where the root's closing tag starts; for a root that closes
            itself, where its tag has ended.
        closes_itself: bool. Whether the root is `<svg ... />`.
        encoding: str. A codec with which one can find and write ASCII in the bytes.
    """

    root: Element
    prefix: str
    end: int
    closes_itself: bool
    encoding: str


def parse_svg(data: bytes) -> SvgTree:
    """Parse an SVG document.

    Raises:
        MediaError: the document is empty, cut short, not SVG, too large or nested too
            deep, or it declares entities.
    """
    if not data.strip():
        raise MediaError("This SVG file is empty.", "Draw something and save it again.")
    if data.startswith(b"\x1f\x8b"):
        raise MediaError("This SVG file is compressed (.svgz).", _RESAVE)
    if len(data) > MAX_BYTES:
        raise MediaError(
            f"This SVG file is larger than {MAX_BYTES // 1_000_000} MB.",
            "Remove embedded images or split the drawing.",
        )
    reader = _Reader()
    try:
        reader.parser.Parse(data, True)
    except expat.ExpatError as error:
        raise MediaError(
            f"This SVG file is not well-formed XML: {expat.ErrorString(error.code)}, "
            f"line {error.lineno}.",
            "It may be cut short; save it again.",
        ) from error
    except (LookupError, ValueError) as error:
        if isinstance(error, MediaError):
            raise
        raise MediaError("This SVG file has an encoding that cannot be read.", _RESAVE) from error
    encoding = _encoding(data)
    closes_itself = not data.startswith("</".encode(encoding), reader.end)
    return SvgTree(reader.builder.close(), reader.prefix, reader.end, closes_itself, encoding)


def local_name(element: Element) -> str:
    """The name of an SVG element, or nothing for an element of another namespace."""
    namespace, _, name = element.tag.rpartition("}")
    return name if namespace in ("", "{" + SVG_NAMESPACE) else ""


class _Reader:
    """Builds the tree from expat's events, and notes where the root ends."""

    def __init__(self) -> None:
        self.builder = TreeBuilder()
        self.prefix = ""
        self.end = 0
        self.depth = 0
        self.elements = 0
        self.parser = expat.ParserCreate(namespace_separator="}")
        self.parser.namespace_prefixes = True
        self.parser.specified_attributes = True
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self.builder.data
        self.parser.EntityDeclHandler = self._refuse_entity

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag, prefix = _qualified(name)
        if self.depth == 0:
            self._start_root(tag, prefix)
        self.depth += 1
        self.elements += 1
        if self.depth > MAX_DEPTH:
            raise MediaError(f"This SVG file nests more than {MAX_DEPTH} groups.", _RESAVE)
        if self.elements > MAX_ELEMENTS:
            raise MediaError(f"This SVG file has more than {MAX_ELEMENTS:,} elements.", _RESAVE)
        named = {_qualified(key)[0]: value for key, value in attributes.items()}
        self.builder.start(tag, named)

    def _start_root(self, tag: str, prefix: str) -> None:
        if tag not in ("svg", f"{{{SVG_NAMESPACE}}}svg"):
            raise MediaError("This XML file is not an SVG drawing.", "Give an .svg file.")
        self.prefix = prefix

    def _end(self, name: str) -> None:
        self.depth -= 1
        if self.depth == 0:
            self.end = self.parser.CurrentByteIndex
        self.builder.end(_qualified(name)[0])

    def _refuse_entity(self, *_: object) -> None:
        raise MediaError("This SVG file declares XML entities, which are not read.", _RESAVE)


def _qualified(name: str) -> tuple[str, str]:
    """ElementTree's form of expat's "namespace}name}prefix", and the prefix with its colon."""
    parts = name.split("}")
    if len(parts) == 1:
        return name, ""
    return f"{{{parts[0]}}}{parts[1]}", f"{parts[2]}:" if len(parts) == 3 else ""


def _encoding(data: bytes) -> str:
    if data[:2] == b"\xff\xfe" or data[1:2] == b"\0":
        return "utf-16-le"
    if data[:2] == b"\xfe\xff" or data[:1] == b"\0":
        return "utf-16-be"
    # Every other encoding that expat reads has ASCII in its place, a byte a character.
    return "latin-1"
