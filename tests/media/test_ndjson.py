import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from creative_gen.media import ndjson
from creative_gen.media.errors import MediaError
from creative_gen.media.ndjson import QuickDrawing, read_ndjson, simplified_line, write_ndjson
from creative_gen.media.sketch import Sketch

SIMPLE = b'{"word":"cat","recognized":false,"key_id":"5","drawing":[[[0,255],[3,4]],[[9],[9]]]}\n'
RAW = b'{"word":"owl","drawing":[[[1.5,700],[2,300.25],[0,16]]]}\n'


def test_simplified_and_raw_drawings_are_read():
    cat, owl = read_ndjson(SIMPLE + b"\n" + RAW)
    assert (cat.word, cat.recognized, cat.key_id, cat.times) == ("cat", False, "5", None)
    assert [s.tolist() for s in cat.sketch.strokes] == [[[0, 3], [255, 4]], [[9, 9]]]
    assert cat.sketch.size == (255, 255)
    assert owl.sketch.strokes[0].tolist() == [[1.5, 2], [700, 300.25]]
    assert owl.sketch.size == (700, 300.25)
    assert owl.times[0].tolist() == [0, 16]
    assert owl.recognized


def test_written_drawings_read_back(tmp_path):
    path = tmp_path / "cats.ndjson"
    drawings = list(read_ndjson(SIMPLE * 3))
    write_ndjson(path, drawings)
    again = list(read_ndjson(path))
    assert [d.sketch for d in again] == [d.sketch for d in drawings]
    assert [(d.word, d.recognized, d.key_id) for d in again] == [("cat", False, "5")] * 3
    assert json.loads(path.read_text().splitlines()[0]) == json.loads(SIMPLE)


def test_coordinates_are_rounded_and_must_be_canvas_units():
    drawing = QuickDrawing(Sketch((np.array([[0.4, 254.6]]),), (255, 255)), "dot")
    assert json.loads(simplified_line(drawing))["drawing"] == [[[0], [255]]]
    with pytest.raises(MediaError, match="0 and 255"):
        simplified_line(QuickDrawing(Sketch((np.array([[0, 300]]),), (300, 300)), "dot"))


def test_drawings_before_a_bad_line_are_given():
    drawings = read_ndjson(SIMPLE + b"oops\n")
    assert next(drawings).word == "cat"
    with pytest.raises(MediaError, match="Line 2"):
        next(drawings)


@pytest.mark.parametrize(
    "line",
    [
        b"{",
        b"[]",
        b"3",
        b'"drawing"',
        b"{}",
        b"\xff\xfe",
        b'{"drawing":[]}',
        b'{"drawing":{}}',
        b'{"drawing":[[]]}',
        b'{"drawing":[[[1],[2,3]]]}',
        b'{"drawing":[[[],[]]]}',
        b'{"drawing":[[[1],[2]],[[1],[2],[3]]]}',
        b'{"drawing":[[[1],[2],[3],[4]]]}',
        b'{"drawing":[[["a"],["b"]]]}',
        b'{"drawing":["ab"]}',
        b'{"drawing":[[[NaN],[1]]]}',
        b'{"drawing":[[[1],[Infinity]]]}',
        b'{"drawing":[[[1e999],[1]]]}',
        b'{"drawing":[[[1e39],[1]]]}',
        b'{"drawing":[[[null],[1]]]}',
        b'{"drawing":[[[1],[1],[null]]]}',
        b'{"drawing":[[[[1]],[[1]]]]}',
        b"[" * 100_000,
        b'{"drawing":[[[' + b"1" * 5000 + b"],[1]]]}",
        b'{"drawing":[[[' + b"1," * 100_000 + b"1],[" + b"1," * 100_000 + b"1]]]}",
    ],
)
def test_a_bad_line_is_refused_with_its_number(line):
    with pytest.raises(MediaError, match="Line 3") as caught:
        list(read_ndjson(b"\n\n" + line))
    assert caught.value.hint


def test_a_line_beyond_the_limit_is_refused(monkeypatch):
    monkeypatch.setattr(ndjson, "MAX_LINE_BYTES", 50)
    with pytest.raises(MediaError, match="too long"):
        list(read_ndjson(SIMPLE))


@pytest.mark.parametrize("path", ["missing.ndjson", ".", "nul\0"])
def test_a_file_that_cannot_be_opened_is_refused(path):
    with pytest.raises(MediaError) as caught:
        list(read_ndjson(path))
    assert caught.value.hint


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=12,
)


@given(st.binary(max_size=100) | values.map(lambda value: json.dumps({"drawing": value}).encode()))
@settings(max_examples=100, deadline=None)
def test_any_line_is_read_or_refused(line):
    try:
        drawings = list(read_ndjson(line))
    except MediaError:
        return
    assert all(drawing.sketch.points for drawing in drawings)
