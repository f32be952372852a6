import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from creative_gen.media.errors import MediaError
from creative_gen.media.simplify import canvas_transform, rdp, resample, simplify, simplify_framed
from creative_gen.media.sketch import Sketch


def recursive_rdp(points, epsilon):
    """The textbook algorithm, in float64, one point at a time."""
    if len(points) < 3:
        return points
    start, end = points[0], points[-1]
    distances = [segment_distance(point, start, end) for point in points[1:-1]]
    farthest = int(np.argmax(distances))
    if distances[farthest] <= epsilon:
        return [start, end]
    middle = farthest + 1
    left = recursive_rdp(points[: middle + 1], epsilon)
    return left[:-1] + recursive_rdp(points[middle:], epsilon)


def segment_distance(point, start, end):
    (px, py), (ax, ay), (bx, by) = point, start, end
    length = (bx - ax) ** 2 + (by - ay) ** 2
    t = ((px - ax) * (bx - ax) + (py - ay) * (by - ay)) / length if length else 0
    t = min(max(t, 0), 1)
    return ((px - ax - t * (bx - ax)) ** 2 + (py - ay - t * (by - ay)) ** 2) ** 0.5


@pytest.mark.parametrize("seed", range(10))
def test_rdp_keeps_the_points_of_the_recursive_algorithm(seed):
    rng = np.random.default_rng(seed)
    stroke = np.cumsum(rng.normal(size=(200, 2)), axis=0).astype(np.float32)
    expected = recursive_rdp([tuple(map(float, point)) for point in stroke], 1.0)
    assert rdp(stroke, 1.0).tolist() == [list(point) for point in expected]


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=30))
@settings(max_examples=50, deadline=None)
def test_rdp_keeps_the_ends_and_stays_near(points):
    stroke = np.array(points, np.float32)
    kept = rdp(stroke, 2.0)
    assert kept[0].tolist() == stroke[0].tolist()
    assert kept[-1].tolist() == stroke[-1].tolist()
    if len(kept) > 1:
        pairs = list(zip(kept, kept[1:], strict=False))
        assert all(min(segment_distance(p, a, b) for a, b in pairs) <= 2.001 for p in stroke)


def test_resample_steps_evenly_and_keeps_the_ends():
    corner = np.array([[0, 0], [0, 0], [3, 0], [3, 2.5]], np.float32)
    steps = [[0, 0], [1, 0], [2, 0], [3, 0], [3, 1], [3, 2], [3, 2.5]]
    assert resample(corner).tolist() == steps
    assert resample(corner[:1]).tolist() == [[0, 0]]


def test_simplify_aligns_scales_and_thins():
    line = np.stack([np.linspace(10, 110, 101), np.linspace(20, 70, 101)], axis=1)
    simple, scale, offset = simplify(Sketch((line,), (500, 500)))
    assert scale == pytest.approx(2.55)
    assert offset == pytest.approx((-25.5, -51))
    assert simple.strokes[0] == pytest.approx(np.array([[0, 0], [255, 127.5]]))
    assert simple.size == pytest.approx((255, 127.5))
    back = (simple.strokes[0] - offset) / scale
    assert back == pytest.approx(np.array([[10, 20], [110, 70]]), abs=1e-4)


def test_simplify_framed_uses_the_frame_of_the_whole():
    half = Sketch((np.array([[0, 0], [10, 0], [10, 10]]),), (1, 1))
    simple, scale, offset = simplify_framed(half, (0, 0, 51, 20))
    assert (scale, offset) == (5, (0, 0))
    assert simple.strokes[0].tolist() == [[0, 0], [50, 0], [50, 50]]
    assert simple.size == (255, 100)


def test_a_dot_keeps_its_scale_and_one_point():
    simple, scale, offset = simplify(Sketch((np.array([[3, 4], [3, 4]]),), (9, 9)))
    assert simple.strokes[0].tolist() == [[0, 0]]
    assert (scale, offset) == (1, (-3, -4))
    assert canvas_transform((0, 0, 1e-40, 0))[0] == 1


def test_an_empty_sketch_cannot_be_simplified():
    with pytest.raises(MediaError):
        simplify(Sketch((), (1, 1)))


def test_a_hundred_thousand_points_are_simplified_fast():
    rng = np.random.default_rng(0)
    scribble = Sketch((np.cumsum(rng.normal(size=(100_000, 2)), axis=0),), (1, 1))
    before = time.process_time()
    assert 2 < simplify(scribble)[0].points < 20_000
    assert 2 < len(rdp(scribble.strokes[0], 2.0)) < 100_000
    assert time.process_time() - before < 10
