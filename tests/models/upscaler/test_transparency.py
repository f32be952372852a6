from __future__ import annotations

import numpy as np
import pytest
from scipy.ndimage import maximum_filter, minimum_filter

from creative_gen.models.upscaler.transparency import FLAT_RADIUS, bled, flat, is_hard


def test_what_is_visible_keeps_its_colours():
    random = np.random.default_rng(0)
    rgb = random.random((12, 15, 3), np.float32)
    visible = random.random((12, 15)) < 0.4
    np.testing.assert_array_equal(bled(rgb, visible, 3)[visible], rgb[visible])


def test_colours_run_as_far_as_they_are_asked_to():
    rgb = np.zeros((1, 20, 3), np.float32)
    rgb[:] = (1, 0, 1)
    rgb[0, 5] = (0.2, 0.4, 0.6)
    visible = np.zeros((1, 20), bool)
    visible[0, 5] = True
    result = bled(rgb, visible, 4)
    np.testing.assert_allclose(result[0, 1:10], np.tile(rgb[0, 5], (9, 1)), rtol=1e-6)
    np.testing.assert_array_equal(result[0, 10:], rgb[0, 10:])


def test_a_pixel_between_two_colours_takes_their_mean():
    rgb = np.zeros((1, 3, 3), np.float32)
    rgb[0, 0], rgb[0, 2] = 0.2, 0.8
    result = bled(rgb, np.array([[True, False, True]]), 1)
    np.testing.assert_allclose(result[0, 1], 0.5, rtol=1e-6)


def test_nothing_visible_leaves_everything():
    rgb = np.random.default_rng(0).random((3, 3, 3), np.float32)
    np.testing.assert_array_equal(bled(rgb, np.zeros((3, 3), bool), 5), rgb)


def test_flat_is_where_all_around_is_the_same():
    alpha = np.random.default_rng(1).integers(0, 40, (30, 25)).astype(np.float32) // 39
    size = 2 * FLAT_RADIUS + 1
    expected = maximum_filter(alpha, size) == minimum_filter(alpha, size)
    np.testing.assert_array_equal(
        flat(alpha), expected[FLAT_RADIUS:-FLAT_RADIUS, FLAT_RADIUS:-FLAT_RADIUS]
    )
    assert 0.05 < flat(alpha).mean() < 0.95


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_only_two_values_are_a_hard_edge(dtype: type[np.uint8 | np.uint16]):
    alpha = np.array([[0, np.iinfo(dtype).max]], dtype)
    assert is_hard(alpha)
    alpha[0, 0] = 1
    assert not is_hard(alpha)
