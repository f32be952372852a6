"""Strokes traced from bitmaps that these tests draw: topology, order, and what is rejected."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from creative_gen.training.tracing import (
    TracingError,
    distinct,
    find_strokes,
    overlap,
    render,
    trace,
    trace_file,
)

Line = list[tuple[float, float]]
Bitmap = NDArray[np.uint8]


def bitmap_of(lines: Iterable[Line], width: float = 1.5, side: int = 28) -> Bitmap:
    """Lines in bitmap pixels, drawn at 16 times the size and averaged, as Quick, Draw! does."""
    finer = 16
    image = Image.new("L", (side * finer, side * finer))
    draw = ImageDraw.Draw(image)
    radius = width * finer / 2
    for line in lines:
        places = [((x + 0.5) * finer, (y + 0.5) * finer) for x, y in line]
        draw.line(places, fill=255, width=round(2 * radius))
        for x, y in places:
            draw.ellipse((x - radius, y - radius, x + radius, y + radius), fill=255)
    return np.asarray(image.reduce(finer))


def circle(x: float, y: float, radius: float) -> Line:
    angles = np.linspace(0, 2 * np.pi, 60)
    return [(x + radius * np.cos(a), y + radius * np.sin(a)) for a in angles.tolist()]


def cat() -> list[Line]:
    head = circle(14, 15, 9)
    ears: list[Line] = [[(7, 9), (7, 1), (12, 6)], [(16, 6), (21, 1), (21, 9)]]
    eyes: list[Line] = [[(11, 12), (11, 13)], [(17, 12), (17, 13)]]
    whiskers: list[Line] = [[(8, 17), (1, 15)], [(20, 17), (27, 15)], [(14, 17), (14, 20)]]
    return [head, *ears, *eyes, *whiskers]


def positions(stroke3: NDArray[np.float32]) -> NDArray[np.float64]:
    """Points of a drawing whose first point is the origin."""
    return np.concatenate([np.zeros((1, 2)), np.cumsum(stroke3[:, :2], axis=0, dtype=np.float64)])


def split(stroke3: NDArray[np.float32]) -> list[NDArray[np.float64]]:
    return np.split(positions(stroke3), np.flatnonzero(stroke3[:-1, 2]) + 2)


def signed_area(points: NDArray[np.float64]) -> float:
    """Positive when the points run clockwise on a screen, whose y points down."""
    x, y = points.T
    return 0.5 * float(np.sum(x * np.roll(y, -1) - y * np.roll(x, -1)))


def ends_of(stroke: NDArray[np.float64]) -> NDArray[np.float64]:
    return stroke[[0, -1]]


def test_a_circle_is_one_closed_stroke_from_the_top_left_counter_clockwise() -> None:
    (stroke,) = find_strokes(bitmap_of([circle(14, 13, 10)]))
    np.testing.assert_array_equal(stroke[0], stroke[-1])
    np.testing.assert_allclose(np.hypot(*(stroke - (14, 13)).T), 10, atol=0.4)
    assert signed_area(stroke) == pytest.approx(-np.pi * 100, rel=0.05)
    assert stroke[0, 0] < 14
    assert stroke[0, 1] < 6


@pytest.mark.parametrize("height", [3.0, 7.5])
def test_a_cross_is_two_strokes_that_run_straight_through(height: float) -> None:
    middle = 13.0
    lines: list[Line] = [
        [(3, middle), (24, middle)],
        [(13, middle - height - 3), (15, middle + height)],
    ]
    strokes = find_strokes(bitmap_of(lines))
    assert len(strokes) == 2
    for stroke, line in zip(strokes, lines, strict=True):
        np.testing.assert_allclose(ends_of(stroke), line, atol=0.6)


def test_a_shallow_crossing_is_two_straight_strokes() -> None:
    lines: list[Line] = [[(2, 8), (25, 19)], [(2, 18), (25, 8)]]
    strokes = find_strokes(bitmap_of(lines))
    starts = sorted(tuple(np.rint(stroke[0]).astype(int).tolist()) for stroke in strokes)
    assert starts == [(2, 8), (2, 18)]
    for stroke in strokes:
        chord = float(np.hypot(*(stroke[-1] - stroke[0])))
        assert chord == pytest.approx(np.hypot(*np.diff(stroke, axis=0).T).sum(), rel=0.02)


def test_a_letter_t_is_a_bar_and_a_stem_that_touches_it() -> None:
    bar, stem = find_strokes(bitmap_of([[(3, 5), (25, 5)], [(14, 5), (14, 24)]]))
    np.testing.assert_allclose(ends_of(bar), [(3, 5), (25, 5)], atol=0.6)
    np.testing.assert_allclose(ends_of(stem), [(14, 5), (14, 24)], atol=0.6)


def test_a_square_with_a_bar_across_keeps_its_outline_closed() -> None:
    outline: Line = [(4, 4), (23, 4), (23, 23), (4, 23), (4, 4)]
    strokes = find_strokes(bitmap_of([outline, [(4, 13), (23, 13)]]))
    assert len(strokes) == 2
    np.testing.assert_array_equal(strokes[0][0], strokes[0][-1])
    assert abs(signed_area(strokes[0])) == pytest.approx(19**2, rel=0.05)


def test_separate_shapes_are_separate_strokes_and_the_largest_comes_first() -> None:
    small, large = circle(4, 4, 2.5), circle(16, 16, 9)
    strokes = find_strokes(bitmap_of([small, large]))
    assert [round(float(np.ptp(stroke[:, 0]))) for stroke in strokes] == [18, 5]


def test_a_dot_is_a_stroke_of_its_own() -> None:
    face, eye = find_strokes(bitmap_of([circle(14, 14, 10), [(11, 11), (11, 11.4)]]))
    assert np.ptp(face, axis=0).max() > 18
    np.testing.assert_allclose(eye.mean(axis=0), (11, 11.2), atol=0.3)
    assert np.ptp(eye, axis=0).max() < 2


def test_a_thick_dot_is_a_small_ring() -> None:
    _, eye = find_strokes(bitmap_of([circle(14, 14, 10), circle(11, 11, 0.7)]))
    np.testing.assert_array_equal(eye[0], eye[-1])
    np.testing.assert_allclose((eye.min(axis=0) + eye.max(axis=0)) / 2, 11, atol=0.3)


def test_whiskers_leave_the_head_whole_and_run_outwards() -> None:
    head = circle(14, 14, 7)
    whiskers: list[Line] = [
        [(14 + side * 7, 14), (14 + side * 13, 14 + slope)] for side, slope in [(-1, -1), (1, 1)]
    ]
    strokes = find_strokes(bitmap_of([head, *whiskers]))
    assert len(strokes) == 3
    assert signed_area(strokes[0]) == pytest.approx(-np.pi * 49, rel=0.07)
    outwards = sorted(float(stroke[-1, 0] - stroke[0, 0]) for stroke in strokes[1:])
    np.testing.assert_allclose(outwards, [-6, 6], atol=1)


def test_open_strokes_run_rightwards_and_downwards() -> None:
    across, down = find_strokes(bitmap_of([[(25, 4), (2, 3)], [(20, 25), (19, 9)]]))
    np.testing.assert_allclose(ends_of(across), [(2, 3), (25, 4)], atol=0.6)
    np.testing.assert_allclose(ends_of(down), [(19, 9), (20, 25)], atol=0.6)


def test_a_drawing_is_whole_canvas_units_with_its_larger_side_255() -> None:
    stroke3 = trace(bitmap_of(cat()))
    assert stroke3.dtype == np.float32
    assert np.ptp(positions(stroke3), axis=0).max() == 255
    np.testing.assert_array_equal(stroke3, np.rint(stroke3))
    assert set(stroke3[:, 2]) == {0, 1}
    assert stroke3[-1, 2] == 1
    assert 15 <= len(stroke3) <= 110


def test_eyes_and_nose_of_a_cat_are_strokes_inside_its_head() -> None:
    strokes = split(trace(bitmap_of(cat())))
    extents = np.array([np.ptp(stroke, axis=0).max() for stroke in strokes])
    assert extents.argmax() == 0
    top, bottom = strokes[0][:, 1].min(), strokes[0][:, 1].max()
    inside = [s for s in strokes if np.ptp(s, axis=0).max() < 40 and top < s[:, 1].mean() < bottom]
    assert len(inside) >= 3


def test_a_rendered_trace_overlaps_with_its_bitmap() -> None:
    lines = cat()
    bitmap = bitmap_of(lines)
    points = np.concatenate([np.array(line) for line in lines])
    strokes = split(trace(bitmap))
    traced = np.concatenate(strokes)
    scale = np.ptp(points, axis=0).max() / 255
    corner = points.min(axis=0) - traced.min(axis=0) * scale
    drawn = bitmap_of([[(x, y) for x, y in (s * scale + corner).tolist()] for s in strokes])
    shared = np.minimum(drawn, bitmap).sum() / np.maximum(drawn, bitmap).sum()
    assert shared > 0.7


@pytest.mark.parametrize("line", [[(4, 6), (22, 9)], [(18, 21), (22, 9)], [(5, 13), (23, 13)]])
def test_a_rendering_has_the_ink_and_the_place_of_its_stroke(line: Line) -> None:
    rendered = render([np.array(line)], 28, pen=1.5)
    (x, y), (end_x, end_y) = line
    length = np.hypot(end_x - x, end_y - y)
    assert rendered.sum() / 255 == pytest.approx(1.5 * length + np.pi * 0.75**2, rel=0.1)
    for axis in (0, 1):
        centre = np.average(np.arange(28), weights=rendered.sum(axis=axis))
        assert centre == pytest.approx(np.mean(line, axis=0)[axis], abs=0.15)
    assert overlap([np.array(line)], bitmap_of([line])) > 0.75
    assert overlap([np.array(line)], bitmap_of([[(2, 26), (26, 26)]])) < 0.05


@pytest.mark.parametrize(
    ("bitmap", "reason"),
    [
        (np.zeros((28, 28), np.uint8), "blank"),
        (np.full((28, 28), 60, np.uint8), "blank"),
        (np.pad(np.full((12, 12), 255, np.uint8), 8), "filled"),
        (bitmap_of([[(2, 14), (25, 14)], [(14, 2), (14, 25)]]), "points"),
        (bitmap_of([circle(5, 5, 1.5)]), "small"),
        (np.zeros((28, 20), np.uint8), "square"),
        (np.zeros((28, 28), np.float32), "square"),
    ],
)
def test_what_cannot_be_a_drawing_is_rejected(bitmap: Bitmap, reason: str) -> None:
    with pytest.raises(TracingError, match=reason):
        trace(bitmap)


def test_hatching_that_a_trace_cannot_follow_is_rejected() -> None:
    noise = np.random.default_rng(1).integers(0, 256, (28, 28)).astype(np.uint8)
    with pytest.raises(TracingError):
        trace(noise)


def test_of_two_renderings_of_a_drawing_the_finer_is_kept() -> None:
    others = [bitmap_of([circle(6 + 2 * i, 14, 4), [(2, i), (25, 27 - 3 * i)]]) for i in range(5)]
    fine, bold = bitmap_of(cat()), bitmap_of(cat(), width=2)
    kept = distinct(np.stack([bold, *others, fine]))
    np.testing.assert_array_equal(kept, np.stack([*others, fine]))


def test_a_file_yields_good_drawings_in_an_order_that_the_seed_decides(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    drawings = [
        bitmap_of([[(x, y + rng.uniform(-1, 1)) for x, y in line] for line in cat()])
        for _ in range(6)
    ]
    blank = np.zeros((28, 28), np.uint8)
    path = tmp_path / "bitmaps.npz"
    bitmaps = np.stack([blank, *drawings])
    np.savez(path, cat=bitmaps, flat=bitmaps.reshape(7, 784))
    first = trace_file(path, "cat", limit=3, seed=1)
    assert len(first) == 3
    for one, other in zip(first, trace_file(path, "flat", limit=3, seed=1), strict=True):
        np.testing.assert_array_equal(one, other)
    expected = sorted(trace(bitmap).tobytes() for bitmap in distinct(bitmaps)[1:])
    every = trace_file(path, "cat", limit=100, seed=2)
    assert sorted(stroke3.tobytes() for stroke3 in every) == expected


def test_a_category_that_a_file_lacks_is_named(tmp_path: Path) -> None:
    np.savez(tmp_path / "bitmaps.npz", cat=np.zeros((1, 28, 28), np.uint8))
    with pytest.raises(TracingError, match="no 'dog' in this file"):
        trace_file(tmp_path / "bitmaps.npz", "dog", limit=1, seed=0)


point = st.tuples(st.floats(1, 26), st.floats(1, 26))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(point, min_size=1, max_size=6), max_size=8), st.floats(0.3, 4))
def test_any_lines_give_a_drawing_or_a_tracing_error(lines: list[Line], width: float) -> None:
    try:
        stroke3 = trace(bitmap_of(lines, width))
    except TracingError:
        return
    assert np.isfinite(stroke3).all()
    assert 250 < np.ptp(positions(stroke3), axis=0).max() <= 255
