import html
import json
import re
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from creative_gen.media.errors import MediaError
from creative_gen.media.sketch import Sketch
from creative_gen.media.stroke_style import StrokeStyle
from creative_gen.media.svg_reader import read_svg
from creative_gen.media.svg_writer import add_strokes, write_svg

STYLE = StrokeStyle("#ff0000", 2.5, "square", "bevel", 0.5)
NEW = [np.array([[1, 2], [3.5, 4]]), np.array([[7, 8]])]
METADATA = {"seed": 7, "note": "</metadata> & Kätzchen -->"}
coordinate = st.floats(-1e6, 1e6, width=32)


def split(source, result):
    """What was put in, once the rest is seen to be the source."""
    added = len(result) - len(source)
    for place in range(len(source) + 1):
        if source[:place] + result[place : place + added] + source[place:] == result:
            return result[place : place + added]
    raise AssertionError("the document changed")


@given(
    st.lists(st.lists(st.tuples(coordinate, coordinate), min_size=1, max_size=5), min_size=1),
    st.tuples(st.floats(0.01, 1e6), st.floats(0.01, 1e6)),
)
@settings(max_examples=50, deadline=None)
def test_written_sketches_read_back_bit_for_bit(strokes, size):
    sketch = Sketch(tuple(np.array(stroke, np.float32) for stroke in strokes), size)
    drawing = read_svg(write_svg(sketch, STYLE, METADATA))
    assert drawing.sketch.size == sketch.size
    for read, written in zip(drawing.sketch.strokes, sketch.strokes, strict=True):
        dot = (written == written[0]).all()
        assert read.tolist() == (written[:1] if dot else written).tolist()
    assert drawing.style == STYLE


def test_the_document_holds_the_metadata():
    data = write_svg(Sketch((NEW[0],), (10, 10)), metadata=METADATA)
    root = ElementTree.fromstring(data)
    assert json.loads(root[0].text) == METADATA
    assert root.get("viewBox") == "0 0 10 10"


SOURCES = [
    b'<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0h1"/></svg>',
    b'<?xml version="1.0"?>\r\n<!-- </svg> -->\r\n<svg xmlns="http://www.w3.org/2000/svg" '
    b'a=">"><path d="M0 0h1"/><!-- </svg> --><style><![CDATA[ </svg> ]]></style>\r\n</svg\n>\n'
    b"<!-- </svg> -->",
    b'<s:svg xmlns:s="http://www.w3.org/2000/svg" xmlns="urn:x"><s:path d="M0 0h1"/></s:svg>',
    b'<svg><svg><path d="M0 0h1"/></svg></svg>',
    '<?xml version="1.0" encoding="utf-8"?><svg><title>猫</title><path d="M0 0h1"/></svg>'.encode(),
    '<svg><title>猫</title><path d="M0 0h1"/></svg>'.encode("utf-16"),
    '\ufeff<svg><title>猫 𝄞</title><path d="M0 0h1"/></svg>'.encode("utf-16-be"),
    '<?xml version="1.0" encoding="windows-1252"?><svg><title>é</title><path d="M0 0h1"/>'
    "</svg>".encode("windows-1252"),
    b'\xef\xbb\xbf<svg><path d="M0 0h1"/></svg>',
]


@pytest.mark.parametrize("source", SOURCES)
def test_added_strokes_leave_every_byte_of_the_document(source):
    result = add_strokes(source, NEW, STYLE, METADATA)
    assert b"creative-gen-" in split(source, result).replace(b"\0", b"")
    before, after = read_svg(source), read_svg(result)
    count = len(before.sketch.strokes)
    size = before.sketch.size
    moved = [
        Sketch((stroke,), size).transformed(1, after.offset) for stroke in after.sketch.strokes
    ]
    assert after.source == result
    assert [m.strokes[0].tolist() for m in moved[count:]] == [s.tolist() for s in NEW]
    # Twice, and the two groups have different names.
    twice = add_strokes(result, NEW, STYLE, METADATA).replace(b"\0", b"")
    assert len(set(re.findall(rb"creative-gen-\w+", twice))) == 2


@pytest.mark.parametrize(
    ("source", "opened"),
    [
        (b"<svg a=\"/>\" b='>'/><!-- end -->", b"<svg a=\"/>\" b='>'>"),
        (b'<s:svg xmlns:s="http://www.w3.org/2000/svg" />\n', b'2000/svg" >'),
        ('<svg title="猫"/>'.encode(), '<svg title="猫">'.encode()),
        ('<svg title="猫"/>\n'.encode("utf-16"), '<svg title="猫">'.encode("utf-16")),
    ],
)
def test_a_root_that_closes_itself_is_opened(source, opened):
    result = add_strokes(source, NEW, STYLE, METADATA)
    assert opened in result
    assert [s.tolist() for s in read_svg(result).sketch.strokes][1:] == [[[6, 6]]]
    tail = source[source.rindex(b">") + 1 :]
    assert result.endswith(tail)


def test_the_group_has_the_style_and_the_metadata():
    added = split(SOURCES[2], add_strokes(SOURCES[2], NEW, STYLE, METADATA)).decode()
    assert added.count("<s:g ") == 1
    assert added.count("<s:path ") == 2
    text = re.search("<s:metadata>(.*)</s:metadata>", added)[1]
    assert json.loads(html.unescape(text)) == METADATA
    assert "stroke:#ff0000;stroke-width:2.5" in added


def test_the_documents_style_sheet_does_not_restyle_the_strokes():
    source = b"<svg><style>path{stroke:blue;fill:green}</style><rect width='5' height='5'/></svg>"
    assert read_svg(add_strokes(source, NEW, STYLE, METADATA)).style == STYLE


def test_the_offset_takes_sketch_points_to_user_units():
    source = b'<svg viewBox="100 50 20 20"><path d="M100 50h1"/></svg>'
    drawing = read_svg(source)
    result = add_strokes(source, NEW, drawing.style, {}, drawing.offset)
    assert b'd="M101 52L103.5 54"' in result
    assert read_svg(result).sketch.strokes[1].tolist() == NEW[0].tolist()


@pytest.mark.parametrize(
    ("source", "strokes", "metadata"),
    [
        (b"<svg>", NEW, {}),
        (b"<svg/>", [], {}),
        (b"<svg/>", [np.array([[np.nan, 0]])], {}),
        (b"<svg/>", NEW, {"a": object()}),
        (b"<svg/>", NEW, {"a": float("nan")}),
    ],
)
def test_what_cannot_be_written_is_refused(source, strokes, metadata):
    with pytest.raises(MediaError) as caught:
        add_strokes(source, strokes, STYLE, metadata)
    assert caught.value.hint


@pytest.mark.parametrize(
    "values",
    [
        {"color": "red"},
        {"color": '#000000"/><script>'},
        {"width": 0},
        {"width": float("inf")},
        {"linecap": "none"},
        {"linejoin": ""},
        {"opacity": 2},
    ],
)
def test_a_style_that_svg_does_not_know_is_refused(values):
    with pytest.raises(MediaError, match="style"):
        StrokeStyle(**values)


@given(st.binary(max_size=100))
@settings(max_examples=100, deadline=None)
def test_any_document_is_added_to_or_refused(data):
    for source in (data, b"<svg>" + data + b"</svg>", b"<svg " + data + b"/>"):
        try:
            result = add_strokes(source, NEW, STYLE, METADATA)
        except MediaError:
            continue
        assert len(ElementTree.fromstring(result)) >= 1
