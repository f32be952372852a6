from __future__ import annotations

import numpy as np
import pytest

from creative_gen.models.colorizer.domain_transform import distances, smoothed


def flat_ways(height: int, width: int) -> tuple[np.ndarray, np.ndarray]:
    return np.ones((height, width), np.float32), np.ones((height, width), np.float32)


def test_without_edges_sigma_is_the_standard_deviation():
    values = np.zeros((61, 61, 1), np.float32)
    values[30, 30] = 1
    result = smoothed(values, *flat_ways(61, 61), sigma=4.0)[..., 0]
    np.testing.assert_allclose(result, result[::-1], atol=1e-6)
    np.testing.assert_allclose(result, result.T, atol=1e-6)
    assert abs(result.sum() - 1) < 0.02
    offsets = np.arange(61) - 30.0
    assert abs(np.sqrt((result.sum(axis=1) * offsets**2).sum()) - 4.0) < 0.5


def test_one_pass_is_the_recursion_of_the_paper():
    random = np.random.default_rng(0)
    values = random.random((1, 9, 2)).astype(np.float32)
    across = (1 + 3 * random.random((1, 9))).astype(np.float32)
    share = np.exp(-np.sqrt(2) / 5.0) ** across[0].astype(np.float64)
    expected = values[0].astype(np.float64)
    for n in range(1, 9):
        expected[n] = (1 - share[n]) * expected[n] + share[n] * expected[n - 1]
    for n in range(7, -1, -1):
        expected[n] = (1 - share[n + 1]) * expected[n] + share[n + 1] * expected[n + 1]
    result = smoothed(values, np.ones((1, 9), np.float32), across, 5.0, iterations=1)
    np.testing.assert_allclose(result[0], expected, rtol=1e-5)


@pytest.mark.parametrize("axis", [0, 1])
def test_colours_stop_at_edges(axis: int):
    guide = np.zeros((20, 20, 1), np.float32)
    guide[10:] = 100
    values = np.where(guide > 50, 1.0, 0.0).astype(np.float32)
    values += np.random.default_rng(0).normal(0, 0.2, values.shape).astype(np.float32)
    if axis:
        guide, values = guide.swapaxes(0, 1), values.swapaxes(0, 1)
    result = smoothed(values, *distances(guide, 2.0), sigma=8.0)
    result = result.swapaxes(0, 1) if axis else result
    np.testing.assert_allclose(result[:10], 0, atol=0.1)
    np.testing.assert_allclose(result[10:], 1, atol=0.1)


def test_what_is_constant_stays():
    values = np.full((7, 5, 3), 0.25, np.float32)
    guide = np.random.default_rng(0).random((7, 5, 2)).astype(np.float32)
    np.testing.assert_allclose(smoothed(values, *distances(guide, 3.0), 4.0), 0.25, rtol=1e-5)


def test_distances_are_one_and_the_weighted_steps():
    guide = np.array([[[0.0, 0.0], [2.0, 1.0]], [[4.0, 0.0], [2.0, 1.0]]], np.float32)
    down, across = distances(guide, 2.0)
    np.testing.assert_array_equal(down[1], [1 + 2 * 4, 1])
    np.testing.assert_array_equal(across[:, 1], [1 + 2 * 3, 1 + 2 * 3])


def test_pictures_side_by_side_do_not_meet():
    random = np.random.default_rng(1)
    values = random.random((8, 9, 2, 3)).astype(np.float32)
    ways = [(1 + random.random((8, 9, 2))).astype(np.float32) for _ in range(2)]
    both = smoothed(values, *ways, sigma=3.0)
    alone = smoothed(values[:, :, 1], *(way[..., 1] for way in ways), sigma=3.0)
    np.testing.assert_allclose(both[:, :, 1], alone, rtol=1e-6)
