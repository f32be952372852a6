from __future__ import annotations

import numpy as np
import pytest

from creative_gen.interface.errors import InvalidMedia
from creative_gen.media.quickdraw_npz import drawing_rows
from creative_gen.media.sketch import Sketch
from creative_gen.models.sketch_rnn.drawings import extent, positions
from creative_gen.models.sketch_rnn.placing import (
    MARGIN,
    added_strokes,
    centred,
    joined_to,
    over,
    place,
)
from tests.toy_assets import half_a_drawing

ROWS = np.array([[10, 0, 0], [0, 20, 1], [5, 5, 0], [5, 0, 1]], np.float32)


def test_the_larger_side_of_the_frame_becomes_the_canvas() -> None:
    sketch = half_a_drawing()
    placed = place(sketch, (0.0, 0.0, *sketch.size), 100)
    assert placed.scale == pytest.approx(255 / 200)
    left, top, right, bottom = sketch.bounds
    side = placed.scale * max(right - left, bottom - top)
    assert extent(placed.drawing) == pytest.approx(side, abs=0.5)
    own = place(sketch, sketch.bounds, 100)
    assert extent(own.drawing) == pytest.approx(255, abs=0.5)


def test_a_placed_drawing_comes_back_to_where_it_was() -> None:
    sketch = half_a_drawing()
    placed = place(sketch, (0.0, 0.0, *sketch.size), 100)
    points = positions(placed.drawing) + placed.origin
    back = placed.back(Sketch((points,), (255, 255)))
    assert back.size == sketch.size
    np.testing.assert_allclose(back.strokes[0][0], sketch.strokes[0][0], atol=1e-3)
    np.testing.assert_allclose(back.strokes[0][-1], sketch.strokes[-1][-1], atol=1e-3)


def test_a_sketch_without_strokes_or_with_too_many_points_is_refused() -> None:
    with pytest.raises(InvalidMedia, match="no strokes"):
        place(Sketch((), (10, 10)), (0, 0, 10, 10), 100)
    zigzag = np.stack([np.arange(60), 30 * (np.arange(60) % 2)], axis=1)
    with pytest.raises(InvalidMedia, match="needs 59 points even when simplified"):
        place(Sketch((zigzag,), (60, 30)), (0, 0, 60, 30), 40)


def test_new_strokes_start_where_the_pen_was_lifted() -> None:
    sketch = half_a_drawing()
    placed = place(sketch, (0.0, 0.0, *sketch.size), 100)
    added = added_strokes(placed, ROWS)
    assert [len(stroke) for stroke in added] == [2, 2]
    last = sketch.strokes[-1][-1]
    step = 1 / placed.scale
    np.testing.assert_allclose(added[0], last + step * np.array([[10, 0], [10, 20]]), atol=1e-3)
    np.testing.assert_allclose(added[1], last + step * np.array([[15, 25], [20, 25]]), atol=1e-3)


def test_a_stroke_that_goes_on_starts_at_the_last_given_point() -> None:
    sketch = half_a_drawing()
    placed = joined_to(place(sketch, (0.0, 0.0, *sketch.size), 100), True)
    assert placed.drawing[-1, 2] == 0
    added = added_strokes(placed, ROWS)
    assert [len(stroke) for stroke in added] == [3, 2]
    np.testing.assert_allclose(added[0][0], sketch.strokes[-1][-1], atol=1e-3)


def test_a_dot_is_continued_too() -> None:
    dot = Sketch(([[5, 5]],), (10, 10))
    for goes_on, lengths in ((False, [2, 2]), (True, [3, 2])):
        placed = joined_to(place(dot, (0, 0, 10, 10), 100), goes_on)
        assert [len(stroke) for stroke in added_strokes(placed, ROWS)] == lengths


def test_a_drawing_of_the_model_is_centred_with_a_margin() -> None:
    sketch = centred(ROWS)
    left, top, right, bottom = sketch.bounds
    assert sketch.size == (255 + 2 * MARGIN, 255 + 2 * MARGIN)
    assert left == pytest.approx(sketch.size[0] - right)
    assert top == pytest.approx(sketch.size[1] - bottom)
    np.testing.assert_array_equal(drawing_rows(sketch), ROWS)


def test_a_large_drawing_gets_a_larger_frame() -> None:
    sketch = centred(ROWS * [40, 40, 1])
    left, top, right, bottom = sketch.bounds
    assert min(left, top) >= MARGIN - 1e-3
    assert max(right, bottom) <= sketch.size[0] - MARGIN + 1e-3


def test_a_reconstruction_lies_on_the_original() -> None:
    sketch = half_a_drawing()
    placed = place(sketch, sketch.bounds, 100)
    redrawn = over(placed.drawing, placed)
    assert redrawn.size == sketch.size
    np.testing.assert_allclose(redrawn.bounds, sketch.bounds, atol=2)
