import math
import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from creative_gen.media.errors import MediaError
from creative_gen.media.stroke_style import StrokeStyle
from creative_gen.media.svg_reader import read_svg
from creative_gen.media.svg_writer import write_svg

OPEN = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'


def document(content, attributes='width="100" height="100"'):
    return f"{OPEN} {attributes}>{content}</svg>".encode()


def strokes(content, attributes='width="100" height="100"', **options):
    sketch = read_svg(document(content, attributes), **options).sketch
    return [np.round(stroke.astype(float), 4).tolist() for stroke in sketch.strokes]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ('<line x1="1" y1="2" x2="3" y2="4"/>', [[[1, 2], [3, 4]]]),
        ('<polyline points="1,2 3,4-5 6.5.5 1e1"/>', [[[1, 2], [3, 4], [-5, 6.5], [0.5, 10]]]),
        ('<polygon points="1 2 3 4 5 6"/>', [[[1, 2], [3, 4], [5, 6], [1, 2]]]),
        ('<rect x="1" y="2" width="3" height="4"/>', [[[1, 2], [4, 2], [4, 6], [1, 6], [1, 2]]]),
        ('<path d="M1 2L3 4H5V6h1v1l1,1"/>',
         [[[1, 2], [3, 4], [5, 4], [5, 6], [6, 6], [6, 7], [7, 8]]]),
        ('<path d="m1 2 3 4zm1 1 1 1"/>', [[[1, 2], [4, 6], [1, 2]], [[2, 3], [3, 4]]]),
        ('<path d="M1 1 2 2M5 5z M6 6"/>', [[[1, 1], [2, 2]], [[5, 5]]]),
        ('<path d="M3 3h0"/>', [[[3, 3]]]),
        ('<rect width="0" height="3"/><circle r="0"/><line x2="1"/>', [[[0, 0], [1, 0]]]),
    ],
)  # fmt: skip
def test_straight_shapes_become_their_points(content, expected):
    assert strokes(content) == expected


def test_curves_stay_within_the_tolerance():
    (circle,) = read_svg(
        document('<circle cx="50" cy="40" r="30"/>'), tolerance=0.05
    ).sketch.strokes
    middles = (circle[1:] + circle[:-1]) / 2
    for points in (circle, middles):
        radii = np.hypot(*(points - (50, 40)).T)
        assert radii == pytest.approx(30, abs=0.06)
    assert 20 < len(circle) < 200
    assert circle[0] == pytest.approx(circle[-1])


def test_a_bezier_curve_ends_where_it_says_and_passes_its_middle():
    (cubic,) = read_svg(document('<path d="M0 0C0 40 40 40 40 0"/>'), tolerance=0.01).sketch.strokes
    assert cubic[0].tolist() == [0, 0]
    assert cubic[-1].tolist() == [40, 0]
    assert np.hypot(*(cubic - (20, 30)).T).min() < 0.5
    (quadratic,) = read_svg(document('<path d="M0 0Q20 40 40 0"/>')).sketch.strokes
    assert quadratic[:, 1].max() == pytest.approx(20, abs=0.1)


def test_an_arc_keeps_its_radius():
    (arc,) = read_svg(document('<path d="M0 0A5 5 0 0 1 10 0"/>'), tolerance=0.01).sketch.strokes
    assert np.hypot(*(arc - (5, 0)).T) == pytest.approx(5, abs=0.01)
    assert arc[:, 1].min() == pytest.approx(-5, abs=0.01)


def test_a_rounded_rectangle_has_rounded_corners():
    (outline,) = read_svg(document('<rect width="20" height="10" rx="3"/>')).sketch.strokes
    corner = outline[(outline[:, 0] < 3) & (outline[:, 1] < 3)]
    assert np.hypot(*(corner - (3, 3)).T) == pytest.approx(3, abs=0.05)


@pytest.mark.parametrize(
    ("transform", "expected"),
    [
        ("translate(10 20)", [[11, 22]]),
        ("translate(10)", [[11, 2]]),
        ("scale(2,3)", [[2, 6]]),
        ("rotate(90)", [[-2, 1]]),
        ("rotate(90, 1, 1)", [[0, 1]]),
        ("skewX(45)", [[3, 2]]),
        ("matrix(1 2 3 4 5 6)", [[12, 16]]),
        ("translate(10,0) scale(2)", [[12, 4]]),
    ],
)
def test_transforms(transform, expected):
    assert strokes(f'<g transform="{transform}"><path d="M1 2h0"/></g>') == [expected]


def test_nested_transforms_apply_from_the_inside():
    content = '<g transform="translate(10 0)"><g transform="scale(2)">{}</g></g>'
    assert strokes(content.format('<path transform="translate(1 1)" d="M1 2h0"/>')) == [[[14, 6]]]


def test_the_view_box_gives_size_and_origin():
    drawing = read_svg(
        document('<path d="M30 40h10"/>', 'width="50mm" height="10cm" viewBox="10 20 200 100"')
    )
    assert drawing.sketch.size == (200, 100)
    assert drawing.offset == (10, 20)
    assert drawing.sketch.strokes[0].tolist() == [[20, 20], [30, 20]]


def test_units_are_96_an_inch():
    assert read_svg(document('<path d="M0 0h1"/>', 'width="2in" height="25.4mm"')).sketch.size == (
        pytest.approx((192, 96))
    )
    lines = strokes('<line x1="1in" y1="2.54cm" x2="72pt" y2="6pc"/>')
    assert lines == [[[96, 96]]]


def test_percentages_refer_to_the_view_box():
    lines = strokes('<line x2="50%" y2="50%"/>', 'width="9" height="9" viewBox="0 0 200 100"')
    assert lines == [[[0, 0], [100, 50]]]


def test_without_a_size_the_drawing_is_its_own_frame():
    drawing = read_svg(document('<path d="M5 6h10v20"/>', ""))
    assert drawing.sketch.size == (10, 20)
    assert drawing.offset == (5, 6)
    assert drawing.sketch.bounds == (0, 0, 10, 20)


@pytest.mark.parametrize("href", ["href", "xlink:href"])
def test_use_draws_a_definition_in_its_place(href):
    content = f"""<defs><g id="d"><path d="M1 1h2"/></g></defs>
      <use {href}="#d" x="10" y="20"/><g transform="scale(2)"><use {href}="#d"/></g>"""
    assert strokes(content) == [[[11, 21], [13, 21]], [[2, 2], [6, 2]]]


def test_symbols_and_nested_documents_have_their_own_view_box():
    symbol = '<symbol id="s" viewBox="0 0 10 10"><path d="M5 5h5"/></symbol>'
    use = '<use href="#s" x="10" y="10" width="20" height="20"/>'
    assert strokes(symbol + use) == [[[20, 20], [30, 20]]]
    nested = (
        '<svg x="10" y="10" width="20" height="40" viewBox="0 0 10 10"><path d="M5 5h5"/></svg>'
    )
    assert strokes(nested) == [[[20, 30], [30, 30]]]


@pytest.mark.parametrize(
    "hidden",
    [
        '<path d="M0 0h1" display="none"/>',
        '<g style="display: none"><path d="M0 0h1"/></g>',
        '<path d="M0 0h1" visibility="hidden"/>',
        '<path d="M0 0h1" fill="none"/>',
        '<g fill="none" stroke="none"><path d="M0 0h1"/></g>',
        '<style>.x{display:none}</style><path class="x" d="M0 0h1"/>',
        '<style>@media screen { path { fill: none } }</style><path class="x" d="M0 0h1"/>',
        '<defs><path d="M0 0h1"/></defs>',
        '<clipPath><path d="M0 0h1"/></clipPath>',
        '<text x="3" y="3">word</text>',
        '<use href="#nothing"/>',
        "<!-- <path d='M0 0h1'/> -->",
        "",
    ],
)
def test_what_is_not_seen_is_not_read(hidden):
    with pytest.raises(MediaError, match="no shapes"):
        read_svg(document(hidden))
    assert strokes(hidden + '<path id="seen" stroke="red" fill="#fff" d="M2 2h1"/>')[-1] == [
        [2, 2],
        [3, 2],
    ]


def test_the_style_is_that_of_most_strokes():
    content = """<style>/* } */ .pen { stroke: rgb(0, 128, 255); stroke-linejoin: bevel }</style>
      <g fill="none" stroke="red" stroke-width="2" stroke-linecap="round" transform="scale(1 4)">
      <path d="M0 0h1"/><path class="pen" d="M0 1h1"/>
      <path class="pen" style="stroke-width:2; stroke-opacity:.5" d="M0 2h1"/>
      <path class="pen" style="stroke-width:2; stroke-opacity:.5" d="M0 3h1"/></g>"""
    assert read_svg(document(content)).style == StrokeStyle("#0080ff", 4, "round", "bevel", 0.5)


def test_a_drawing_of_fills_gets_a_line_in_its_colour():
    style = read_svg(
        document('<g color="#123456"><rect fill="currentColor" width="5" height="5"/></g>')
    )
    assert style.style == StrokeStyle("#123456", 0.5)


@pytest.mark.parametrize("stroke", ["url(#gradient)", "nonsense", "rgb(", "#" + "1" * 200])
def test_a_paint_that_is_no_colour_counts_as_black(stroke):
    assert read_svg(document(f'<path d="M0 0h1" stroke="{stroke}"/>')).style.color == "#000000"


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_encodings(codec):
    text = document("<title>Kätzchen 猫</title><path d='M1 1h1'/>").decode()
    assert read_svg(text.encode(codec)).sketch.strokes[0].tolist() == [[1, 1], [2, 1]]


def test_a_prefix_and_a_plain_doctype_are_fine():
    data = b"""<?xml version="1.0" encoding="ISO-8859-1"?>
      <!DOCTYPE s:svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
      <s:svg xmlns:s="http://www.w3.org/2000/svg" width="9" height="9"><s:path d="M1 1h1"/>
      <path xmlns="urn:other" d="M5 5h1"/></s:svg>"""
    assert read_svg(data).sketch.points == 2


BOMB = b"""<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
  <!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]><svg xmlns="http://www.w3.org/2000/svg">&c;</svg>"""
FILE = b"""<!DOCTYPE svg [<!ENTITY f SYSTEM "file:///etc/hostname">]>
  <svg xmlns="http://www.w3.org/2000/svg"><text>&f;</text></svg>"""
PARAMETER = b'<!DOCTYPE svg [<!ENTITY % p "x">]><svg xmlns="http://www.w3.org/2000/svg"/>'
USE_BOMB = "".join(f'<g id="g{i}">' + f'<use href="#g{i - 1}"/>' * 10 + "</g>" for i in range(1, 9))


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b"\x1f\x8b\x08", "compressed"),
        (b"<html/>", "not an SVG"),
        (b"<svg xmlns='urn:other'/>", "not an SVG"),
        (document('<path d="M0 0h1"/>')[:-9], "well-formed"),
        (document('<path d="M0 0h1"/>')[:70], "well-formed"),
        (document("&undeclared;"), "well-formed"),
        (b'<?xml version="1.0" encoding="x-nothing"?><svg/>', "."),
        (BOMB, "entities"),
        (FILE, "entities"),
        (PARAMETER, "entities"),
        (document('<g id="a"><use href="#a"/></g>'), "inside itself"),
        (document('<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>'), "inside itself"),
        (document('<path id="g0" d="M0 0h1"/>' + USE_BOMB), "too many"),
        (document("<g>" * 300 + "</g>" * 300), "nests"),
        (document('<path d="M0 0L1 nan"/>'), "path data"),
        (document('<path d="M0 0L1 inf"/>'), "path data"),
        (document('<path d="M0 0L1e999 1"/>'), "finite"),
        (document('<path d="M0 0L1e30 1"/>'), "too large"),
        (document('<path d="M0 0L1"/>'), "cannot be read"),
        (document('<path d="L1 1"/>'), "."),
        (document('<polyline points="0 0 nan 1"/>'), "finite"),
        (document('<polyline points="0 0 1e999 1"/>'), "finite"),
        (document('<line x2="nan"/>'), "x2"),
        (document('<rect width="1e999" height="1"/>'), "width"),
        (document('<circle r="5furlongs"/>'), "r="),
        (document('<g transform="scale(1e200) scale(1e200)"><path d="M0 0h1"/></g>'), "finite"),
        (document('<g transform="matrix(1 2)"><path d="M0 0h1"/></g>'), "cannot be read"),
        (document('<g transform="scale(2"><path d="M0 0h1"/></g>'), "cut short"),
        (document("<g/>" * 200_001), "200,000"),
        (document(f'<g transform="{"scale(2)" * 9000}"><path d="M0 0h1"/></g>'), "too long"),
        (document('<path d="M0 0h1"/>', 'viewBox="0 0 0 10"'), "viewBox"),
        (document('<path d="M0 0h1"/>', 'viewBox="0 0 10"'), "viewBox"),
        (document('<path d="M0 0h1"/>', 'viewBox="0 0 nan 10"'), "finite"),
        (document(f'<polyline points="{"1 2 3 4 " * 50_001}"/>'), "100,000"),
        (document(f'<path d="M0 0{"l1 1" * 100_001}"/>'), "100,000"),
        (document('<circle r="5"/>' * 9_000), "100,000"),
        (document(f'<path d="M0 0{"z" * 50_000}"/>'), "closes"),
    ],
)  # fmt: skip
def test_a_bad_document_is_refused_with_a_reason(data, message, capsys):
    with pytest.raises(MediaError, match=message) as caught:
        read_svg(data)
    assert caught.value.hint
    assert capsys.readouterr() == ("", "")


def test_a_document_beyond_the_size_limit_is_refused_at_once(tmp_path):
    path = tmp_path / "large.svg"
    path.write_bytes(b" " * 20_000_001)
    with pytest.raises(MediaError, match="20 MB"):
        read_svg(path)
    with pytest.raises(MediaError, match="cannot be opened"):
        read_svg(tmp_path / "none.svg")


def test_almost_a_hundred_thousand_points_are_read_in_seconds():
    before = time.process_time()
    data = document(f'<path d="M0 0{"l1-1" * 49_000}"/><polyline points="{"1 2 3 4 " * 25_000}"/>')
    assert read_svg(data).sketch.points == 99_001
    assert time.process_time() - before < 10


def test_unended_style_comments_take_no_time():
    before = time.process_time()
    style = "/*" * 200_000 + "{" * 100_000
    assert strokes(f"<style>{style}</style><path d='M0 0h1'/>") == [[[0, 0], [1, 0]]]
    assert time.process_time() - before < 5


def test_spirals_of_digits_take_no_time():
    before = time.process_time()
    for value in ("1" * 200_000 + "x", "." * 200_000, "1e" * 100_000, "-" * 200_000):
        for attribute in (f'path d="{value}"', f'polyline points="{value}"', f'line x2="{value}"'):
            with pytest.raises(MediaError):
                read_svg(document(f"<{attribute}/>"))
    assert time.process_time() - before < 5


@given(st.binary(max_size=200))
@settings(max_examples=100, deadline=None)
def test_any_bytes_are_read_or_refused(data):
    try_reading(data)
    try_reading(b"<svg>" + data + b"</svg>")


NAMES = """d points x y width height r rx ry cx cy x1 x2 viewBox transform stroke
    stroke-width style href preserveAspectRatio"""
SOUND = ["M0 0L1 1", "1", "5%", "scale(0)", "rotate(1,2)", "#a", "0 0 1 1", "M0 0A"]
attribute_text = st.text(alphabet="MmZzLlHhVvCcSsQqTtAa0123456789.-+e, %()#nan", max_size=30)


@given(
    st.sampled_from(["path", "rect", "circle", "ellipse", "line", "polygon", "svg", "use", "g"]),
    st.dictionaries(
        st.sampled_from(NAMES.split()), attribute_text | st.sampled_from(SOUND), max_size=6
    ),
)
@settings(max_examples=300, deadline=None)
def test_any_attributes_are_read_or_refused(name, attributes):
    text = " ".join(f'{key}="{value}"' for key, value in attributes.items())
    try_reading(
        document(f'<g id="a"><path d="M0 0h1"/></g><{name} {text}><path d="M1 1h2"/></{name}>')
    )
    try_reading(document('<path d="M0 0h1"/>', text))


@given(st.text(alphabet="MmZzLlHhVvCcSsQqTtAa019.- ,e", max_size=40))
@settings(max_examples=200, deadline=None)
def test_any_path_data_is_read_or_refused(data):
    try_reading(document(f'<path d="M0 0{data}"/>'))


def try_reading(data):
    try:
        drawing = read_svg(data)
    except MediaError:
        return
    assert 0 < drawing.sketch.points <= 100_000
    assert math.isfinite(sum(drawing.offset))
    again = read_svg(write_svg(drawing.sketch)).sketch
    assert len(again.strokes) == len(drawing.sketch.strokes)
