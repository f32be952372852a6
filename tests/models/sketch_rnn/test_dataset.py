from itertools import islice

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from creative_gen.models.sketch_rnn.config import SketchRNNConfig
from creative_gen.models.sketch_rnn.dataset import (
    Drawings,
    augment,
    buckets,
    training_batches,
    validation_batches,
)
from creative_gen.models.sketch_rnn.drawings import inside_strokes, positions
from creative_gen.models.sketch_rnn.objective import Objective

PLAIN = Objective(batch_size=4, random_scale=0, drop_points=0)


def drawing_of(lengths, seed=0):
    """Strokes of so many points, the first of which has a row less."""
    random = np.random.default_rng(seed)
    rows = np.zeros((sum(lengths) - 1, 3), np.float32)
    rows[:, :2] = random.integers(-50, 51, (len(rows), 2))
    rows[np.cumsum(lengths) - 2, 2] = 1
    return rows


def as_drawings(items, weight=None):
    category = np.arange(len(items), dtype=np.int32) % 2
    return Drawings(items, category, np.ones(len(items)) if weight is None else np.array(weight))


strokes = st.lists(st.integers(2, 6), min_size=1, max_size=6)


@settings(max_examples=40)
@given(strokes, st.integers(0, 99))
def test_dropping_points_keeps_the_ends_of_strokes(lengths, seed):
    drawing = drawing_of(lengths)
    goal = Objective(random_scale=0, drop_points=0.5)
    augmented = augment(drawing, goal, np.random.default_rng(seed))
    assert augmented[:, 2].sum() == len(lengths)
    lifts, kept = (np.flatnonzero(d[:, 2]) for d in (drawing, augmented))
    np.testing.assert_array_equal(positions(augmented)[kept + 1], positions(drawing)[lifts + 1])
    np.testing.assert_array_equal(positions(augmented)[-1], positions(drawing)[-1])
    # So are the points that strokes begin with, the row after each lift.
    starts, kept = lifts[:-1] + 1, kept[:-1] + 1
    np.testing.assert_array_equal(positions(augmented)[kept + 1], positions(drawing)[starts + 1])


def test_a_line_of_two_points_stays_one():
    drawing = drawing_of([2, 2, 2, 2])
    goal = Objective(random_scale=0, drop_points=0.99)
    assert (augment(drawing, goal, np.random.default_rng(0)) == drawing).all()


def test_the_wanted_share_of_inner_points_is_dropped():
    drawing = drawing_of([2000, 2000])
    inner = int(inside_strokes(drawing).sum())
    assert inner == 1999 - 1 + 2000 - 2
    goal = Objective(random_scale=0, drop_points=0.1)
    augmented = augment(drawing, goal, np.random.default_rng(0))
    assert (len(drawing) - len(augmented)) / inner == pytest.approx(0.1, abs=0.02)


def test_stretches_are_within_bounds_and_one_an_axis():
    drawing = drawing_of([9, 5])
    goal, random = Objective(random_scale=0.15, drop_points=0), np.random.default_rng(0)
    rows = np.abs(drawing[:, :2]).min(axis=1) > 0
    augmented = np.array([augment(drawing, goal, random)[rows, :2] for _ in range(300)])
    stretches = augmented / drawing[rows, :2]
    assert np.ptp(stretches, axis=1).max() < 1e-5
    assert 0.85 <= stretches.min() < 0.86 and 1.14 < stretches.max() <= 1.15
    x, y = stretches[:, 0].T
    assert abs(np.corrcoef(x, y)[0, 1]) < 0.2
    assert (augment(drawing, goal, random)[:, 2] == drawing[:, 2]).all()


def test_the_scale_factor_is_the_spread_of_all_offsets():
    items = [drawing_of([5, 4]), drawing_of([30], 1)]
    both = np.concatenate([item[:, :2].ravel() for item in items])
    spread = as_drawings(items).offsets_std()
    assert spread == pytest.approx(np.sqrt((both.astype(float) ** 2).mean()))
    thrice = np.concatenate([both, items[0][:, :2].ravel(), items[0][:, :2].ravel()])
    spread = as_drawings(items, [3.0, 1.0]).offsets_std()
    assert spread == pytest.approx(np.sqrt((thrice.astype(float) ** 2).mean()))


@pytest.mark.parametrize("longest", [2, 31, 32, 33, 100, 250, 251, 1000])
def test_buckets_rise_to_the_longest_drawing(longest):
    sizes = buckets(longest)
    assert sizes[-1] == longest and sizes == sorted(set(sizes))
    assert all(2 * small > large for small, large in zip(sizes, sizes[1:], strict=False))


def test_a_batch_is_of_one_bucket_and_begins_with_the_start_token():
    items = [drawing_of([n]) for n in (5, 20, 40, 41, 90)]
    drawings = as_drawings(items)
    config = SketchRNNConfig(scale_factor=20.0, max_points=90)
    for batch in islice(training_batches(drawings, config, PLAIN, 0), 30):
        longest = int(batch["lengths"].max())
        padded = batch["points"].shape[1] - 1
        assert padded == min(size for size in buckets(90) if size >= longest)
        assert (batch["points"][:, 0] == [0, 0, 1, 0, 0]).all()
        assert (batch["points"][:, 1:] == batch["target"][:, :-1]).all()
        for row, length in enumerate(batch["lengths"]):
            item = items[[len(other) for other in items].index(length)]
            np.testing.assert_allclose(batch["target"][row, :length, :2] * 20, item[:, :2], 1e-5)
            assert (batch["target"][row, length:] == [0, 0, 0, 0, 1]).all()
            assert 0 < batch["seen"][row] <= length


def test_sources_are_drawn_as_often_as_they_weigh():
    drawings = as_drawings([drawing_of([6]), drawing_of([60])], [1.0, 3.0])
    config = SketchRNNConfig(max_points=90)
    lengths = [b["lengths"] for b in islice(training_batches(drawings, config, PLAIN, 0), 800)]
    assert np.mean(np.concatenate(lengths) == 59) == pytest.approx(0.75, abs=0.05)


def test_seeds_choose_the_batches():
    drawings = as_drawings([drawing_of([n], n) for n in range(3, 30)])
    config = SketchRNNConfig(max_points=90)

    def first(seed):
        return next(training_batches(drawings, config, Objective(batch_size=6), seed))["points"]

    assert (first([1, 0]) == first([1, 0])).all()
    assert (first([1, 0]) != first([1, 9])).any() and (first([1, 0]) != first([2, 0])).any()


def test_validation_sees_every_drawing_once():
    items = [drawing_of([n]) for n in (41, 5, 90, 20, 40, 6, 7)]
    config = SketchRNNConfig(max_points=90)
    batches = list(validation_batches(as_drawings(items), config, 3))
    lengths = np.concatenate([batch["lengths"] for batch in batches])
    assert list(lengths) == sorted(len(item) for item in items)
    assert {batch["points"].shape[1] - 1 for batch in batches} <= set(buckets(90))
    seen = np.concatenate([batch["seen"] for batch in batches])
    assert (seen == (lengths + 1) // 2).all()
