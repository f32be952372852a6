import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from creative_gen.media.errors import MediaError
from creative_gen.media.sketch import (
    Sketch,
    stroke3_from_stroke5,
    stroke5_from_stroke3,
)

ROOF = Sketch((np.array([[1, 5], [4, 2], [7, 5]]), np.array([[2, 5], [2, 9]])), (10, 12))
ROOF_STROKE3 = [[1, 5, 0], [3, -3, 0], [3, 3, 1], [-5, 0, 0], [0, 4, 1]]
whole = st.integers(-1000, 1000)
strokes = st.lists(st.lists(st.tuples(whole, whole), min_size=1, max_size=6), max_size=5)


def test_a_sketch_knows_its_points_and_bounds():
    assert ROOF.points == 5
    assert ROOF.bounds == (1, 2, 7, 9)
    assert [stroke.dtype for stroke in ROOF.strokes] == [np.float32, np.float32]


def test_a_sketch_keeps_its_own_read_only_points():
    points = np.zeros((2, 2), np.float32)
    sketch = Sketch((points,), (1, 1))
    points[:] = 9
    assert sketch.strokes[0].max() == 0
    with pytest.raises(ValueError, match="read-only"):
        sketch.strokes[0][0, 0] = 1


@pytest.mark.parametrize(
    "stroke",
    [
        [[0, np.nan]],
        [[np.inf, 0]],
        [[1e300, 0]],
        [[2e9, 0]],
        [],
        [1, 2],
        [[1, 2, 3]],
        [["a", "b"]],
        [[1, 2], [3]],
    ],
)
def test_a_stroke_that_is_not_finite_points_is_refused(stroke):
    with pytest.raises(MediaError) as caught:
        Sketch((stroke,), (1, 1))
    assert caught.value.hint


@pytest.mark.parametrize("size", [(0, 1), (1, -1), (np.nan, 1), (np.inf, 1), (1,), 5, ("a", 1)])
def test_a_size_that_is_not_positive_is_refused(size):
    with pytest.raises(MediaError, match="size"):
        Sketch((), size)


def test_sketches_are_equal_when_their_points_and_size_are():
    copy = Sketch(ROOF.strokes, (10, 12))
    assert copy == ROOF
    assert hash(copy) == hash(ROOF)
    assert copy != ROOF.transformed(2)
    assert copy != ROOF.prefix(4)


def test_transformed_scales_and_then_moves():
    moved = ROOF.transformed(2, (10, -1))
    assert moved.strokes[1].tolist() == [[14, 9], [14, 17]]
    assert moved.size == (20, 24)
    assert ROOF.transformed(2, size=(3, 4)).size == (3, 4)
    with pytest.raises(MediaError, match="scaled"):
        ROOF.transformed(0)
    with pytest.raises(MediaError, match="finite"):
        ROOF.transformed(1e30)


@pytest.mark.parametrize("count", range(8))
def test_prefix_is_the_first_points(count):
    prefix = ROOF.prefix(count)
    assert prefix.points == min(count, 5)
    assert prefix.size == ROOF.size
    joined = np.concatenate([np.empty((0, 2)), *prefix.strokes])
    assert joined.tolist() == np.concatenate(ROOF.strokes)[:count].tolist()


def test_an_empty_sketch_has_no_bounds():
    with pytest.raises(MediaError, match="bounds"):
        Sketch((), (1, 1)).bounds  # noqa: B018


def test_stroke3_holds_offsets_and_lifts():
    assert ROOF.to_stroke3().tolist() == ROOF_STROKE3
    assert Sketch.from_stroke3(ROOF_STROKE3, (10, 12)) == ROOF


def test_stroke3_without_a_size_is_framed_by_the_drawing():
    sketch = Sketch.from_stroke3(ROOF_STROKE3)
    assert sketch.bounds == (0, 0, 6, 7)
    assert sketch.size == (6, 7)
    assert Sketch.from_stroke3([[5, 5, 1]]).size == (1, 1)


def test_a_stroke_that_is_never_lifted_is_kept():
    assert [len(s) for s in Sketch.from_stroke3([[0, 0, 1], [1, 1, 0]]).strokes] == [1, 1]


@given(strokes)
@settings(max_examples=50, deadline=None)
def test_whole_coordinates_survive_every_format(drawn):
    sketch = Sketch(tuple(np.array(stroke) for stroke in drawn), (7, 9))
    stroke5 = stroke5_from_stroke3(sketch.to_stroke3())
    assert Sketch.from_stroke3(stroke3_from_stroke5(stroke5), (7, 9)) == sketch


def test_stroke5_marks_pen_states_and_the_end():
    rows = stroke5_from_stroke3([[1, 2, 0], [3, 4, 1]], length=4)
    assert rows.tolist() == [
        [1, 2, 1, 0, 0],
        [3, 4, 0, 1, 0],
        [0, 0, 0, 0, 1],
        [0, 0, 0, 0, 1],
    ]
    assert (rows[:, 2:].sum(axis=1) == 1).all()


@pytest.mark.parametrize("rows", [[[1, 2]], [[1, 2, np.nan]], [["x", 1, 1]], [1, 2, 3]])
def test_rows_that_are_not_stroke3_are_refused(rows):
    with pytest.raises(MediaError):
        Sketch.from_stroke3(rows)


def test_a_drawing_longer_than_the_length_is_refused():
    with pytest.raises(MediaError, match="does not fit"):
        stroke5_from_stroke3(np.zeros((3, 3)), length=2)


def test_an_error_tells_the_sentence_and_the_fix():
    assert str(MediaError("Broken.", "Mend it.")) == "Broken. Mend it."
    assert str(MediaError("Broken.")) == "Broken."
