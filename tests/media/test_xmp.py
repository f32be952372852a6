from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from creative_gen.media import xmp

RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
OTHERS = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/">'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description '
    'rdf:about="" xmlns:tiff="http://ns.adobe.com/tiff/1.0/" tiff:Orientation="8"/></rdf:RDF>'
    '</x:xmpmeta>   <?xpacket end="w"?>'
)
XML_TEXT = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\ufffe\uffff", min_codepoint=32)
    | st.sampled_from("\t\n\r<>&;'\"#1")
)


def properties_of(packet):
    """What a reader of XML sees: the elements of each description."""
    root = ElementTree.fromstring(packet)
    return [
        {item.tag: item.text or "" for item in found} for found in root.iter(f"{RDF}Description")
    ]


@given(
    st.dictionaries(
        st.from_regex(r"[A-Za-z_][\w.-]{0,9}", fullmatch=True).filter(str.isascii), XML_TEXT
    )
)
def test_texts_come_back(texts):
    for others in (None, OTHERS):
        packet = xmp.packet_with(texts, others)
        assert xmp.texts_of(packet) == (texts, others)


@given(XML_TEXT)
def test_a_reader_of_xml_sees_the_same_text(text):
    packet = xmp.packet_with({"Title": text}, OTHERS)
    assert properties_of(packet) == [{}, {"{urn:creative_gen:text}Title": text}]


def test_keywords_become_names():
    packet = xmp.packet_with({"Creation Time": "a", "3d <model>": "b", "Größe": "c"})
    names = {name.split("}")[1] for name in properties_of(packet)[0]}
    assert names == {"Creation_Time", "_3d__model_", "Gr__e"}


def test_characters_that_xml_has_not_are_replaced():
    packet = xmp.packet_with({"Title": "a\0b\x1fc\ud800"})
    assert properties_of(packet)[0]["{urn:creative_gen:text}Title"] == "a\ufffdb\ufffdc\ufffd"


def test_what_is_no_packet_is_left_out():
    assert xmp.packet_with({"Title": "a"}, "nonsense") == xmp.packet_with({"Title": "a"})
    assert xmp.texts_of(xmp.packet_with({})) == ({}, None)


@pytest.mark.parametrize(
    "how",
    ['tiff:Orientation="{}"', "tiff:Orientation='{}'", "<tiff:Orientation>{}</tiff:Orientation>"],
)
def test_how_a_picture_lies(how):
    packet = f"before {how} after"
    assert xmp.orientation(packet.format(6)) == 6
    assert xmp.upright(packet.format(6)) == packet.format(1)
    assert xmp.orientation("nothing") == xmp.orientation(packet.format(9)) == 0
