"""Texts in the XMP packet of a picture, for the formats that have no other place for them.

PNG files have texts of their own. JPEG, WebP and TIFF files have XMP (ISO 16684-1), and there
each text is a property of the namespace `urn:creative_gen:text`; what other programs wrote in
the packet stays.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

KEYWORD = "XML:com.adobe.xmp"
"""What a packet is called among the texts of a PNG file (XMP part 3, 1.1.5)."""

_NAMESPACE = "urn:creative_gen:text"
_START = f'<rdf:Description rdf:about="" xmlns:creative_gen="{_NAMESPACE}">'
_END = "</rdf:Description>"
_RDF_END = "</rdf:RDF>"
_EMPTY = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    f'{_RDF_END}</x:xmpmeta><?xpacket end="w"?>'
)
_OURS = re.compile(re.escape(_START) + "(.*?)" + re.escape(_END), re.DOTALL)
_PROPERTY = re.compile(r"<creative_gen:([\w.-]+)>(.*?)</creative_gen:\1>", re.DOTALL)
# In the order of writing. A reader of XML turns a bare carriage return into a new line.
_ENTITIES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"}
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_.-]|^(?=[^A-Za-z_])")
_NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ORIENTATION = re.compile(r"(tiff:Orientation(?:=[\"']|>))([1-8])")


def packet_with(texts: Mapping[str, str], packet: str | None = None) -> str:
    """A packet with texts in it.

    Args:
        texts: mapping. Keywords become names of XML: other characters are underscores.
            Characters that XML has not become U+FFFD.
        packet: str. What other programs wrote. Left out where it is no packet of RDF.
            Defaults to nothing.
    """
    properties = "".join(_property(*item) for item in texts.items())
    block = f"{_START}{properties}{_END}" if properties else ""
    before, end, after = (packet or "").rpartition(_RDF_END)
    if not end:
        before, end, after = _EMPTY.rpartition(_RDF_END)
    return f"{before}{block}{end}{after}"


def texts_of(packet: str) -> tuple[dict[str, str], str | None]:
    """The texts that `packet_with` put in, and the packet without them; None if none is left."""
    texts: dict[str, str] = {}
    for block in _OURS.findall(packet):
        texts.update((name, _unescaped(text)) for name, text in _PROPERTY.findall(block))
    rest = _OURS.sub("", packet)
    return texts, None if rest == _EMPTY else rest


def orientation(packet: str) -> int:
    """How the pixels lie, 1 (upright) to 8, as EXIF counts it; 0 where it does not say."""
    found = _ORIENTATION.search(packet)
    return int(found[2]) if found else 0


def upright(packet: str) -> str:
    """The packet, saying of the picture that it is upright if it says how it lies."""
    return _ORIENTATION.sub(r"\g<1>1", packet)


def _property(keyword: str, text: str) -> str:
    name = _NOT_IN_NAMES.sub("_", keyword)
    written = _NOT_IN_XML.sub("\ufffd", text)
    for character, entity in _ENTITIES.items():
        written = written.replace(character, entity)
    return f"<creative_gen:{name}>{written}</creative_gen:{name}>"


def _unescaped(text: str) -> str:
    for character, entity in reversed(_ENTITIES.items()):
        text = text.replace(entity, character)
    return text
