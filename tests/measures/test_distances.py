from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.linalg import sqrtm

from creative_gen.measures.distances import frechet_distance, kernel_distance, squared_mmd

Floats = NDArray[np.float64]


def normal(count: int, size: int, seed: int, mean: float = 0.0) -> Floats:
    return np.random.default_rng(seed).normal(mean, 1, (count, size))


def with_moments(mean: Floats, covariance: Floats, seed: int, count: int = 50) -> Floats:
    """Rows whose mean and covariance are just these."""
    rows = normal(count, len(mean), seed)
    rows -= rows.mean(axis=0)
    whitening = np.linalg.inv(np.linalg.cholesky(np.cov(rows, rowvar=False))).T
    return rows @ whitening @ np.linalg.cholesky(covariance).T + mean


def covariance(seed: int, size: int) -> Floats:
    root = normal(size, size, seed)
    return root @ root.T + 0.1 * np.eye(size)


def test_axis_aligned_gaussians_have_the_closed_form() -> None:
    spread1, spread2 = np.array([1.0, 2.0, 0.5]), np.array([3.0, 1.0, 0.5])
    mean1, mean2 = np.zeros(3), np.array([1.0, -2.0, 0.5])
    first = with_moments(mean1, np.diag(spread1**2), 0)
    second = with_moments(mean2, np.diag(spread2**2), 1)
    expected = ((mean1 - mean2) ** 2).sum() + ((spread1 - spread2) ** 2).sum()
    assert frechet_distance(first, second) == pytest.approx(expected)


@pytest.mark.parametrize("size", [2, 16, 64])
def test_any_gaussians_have_the_distance_of_the_matrix_root(size: int) -> None:
    one, other = covariance(0, size), covariance(1, size)
    first = with_moments(np.zeros(size), one, 2, 3 * size)
    second = with_moments(np.ones(size), other, 3, 4 * size)
    expected = size + np.trace(one + other - 2 * sqrtm(one @ other).real)
    assert frechet_distance(first, second) == pytest.approx(expected, rel=1e-6)


def test_a_set_has_no_distance_from_itself_even_with_few_pictures() -> None:
    rows = normal(5, 64, 4)
    assert frechet_distance(rows, rows[::-1]) == pytest.approx(0, abs=1e-6)


def plain_mmd(first: Floats, second: Floats) -> float:
    """Equation 3 of Gretton et al. (2012), pair by pair."""

    def kernel(one: Floats, other: Floats) -> float:
        return float((one @ other / len(one) + 1) ** 3)

    def pairs(rows: Floats) -> float:
        count = len(rows)
        each = [kernel(rows[i], rows[j]) for i in range(count) for j in range(count) if i != j]
        return sum(each) / (count * (count - 1))

    between = np.mean([kernel(one, other) for one in first for other in second])
    return pairs(first) + pairs(second) - 2 * float(between)


def test_the_discrepancy_is_that_of_all_pairs() -> None:
    first, second = normal(9, 4, 0), normal(7, 4, 1, 0.5)
    assert squared_mmd(first, second) == pytest.approx(plain_mmd(first, second))
    assert squared_mmd(second, first) == pytest.approx(squared_mmd(first, second))


def test_shifted_gaussians_have_the_discrepancy_of_their_moments() -> None:
    # In one dimension (x y + 1)^3 = 1 + 3 x y + 3 x^2 y^2 + x^3 y^3: squared differences of
    # moments. Those of N(0, 1) are 0, 1, 0, those of N(m, 1) are m, 1 + m^2, 3 m + m^3.
    shift = 0.5
    expected = 3 * shift**2 + 3 * shift**4 + (3 * shift + shift**3) ** 2
    found = [
        squared_mmd(normal(2000, 1, seed), normal(2000, 1, seed + 50, shift)) for seed in range(20)
    ]
    assert np.mean(found) == pytest.approx(expected, rel=0.05)


def test_sets_of_one_distribution_are_at_a_distance_of_nothing_on_average() -> None:
    found = [squared_mmd(normal(40, 8, seed), normal(30, 8, seed + 500)) for seed in range(200)]
    error = np.std(found) / np.sqrt(len(found))
    assert min(found) < 0 < max(found)
    assert abs(np.mean(found)) < 3 * error


def test_blocks_estimate_the_discrepancy_of_the_whole() -> None:
    first, second = normal(900, 6, 0), normal(1100, 6, 1, 0.6)
    whole = squared_mmd(first, second)
    assert kernel_distance(first, second, block=2000) == whole
    parts = kernel_distance(first, second, block=200, blocks=40)
    assert parts == pytest.approx(whole, rel=0.1)
    assert parts == kernel_distance(first, second, block=200, blocks=40)
    assert parts != kernel_distance(first, second, block=200, blocks=40, seed=1)


def test_one_set_may_be_smaller_than_a_block() -> None:
    first, second = normal(60, 3, 0), normal(400, 3, 1, 1.0)
    whole = squared_mmd(first, second)
    assert kernel_distance(first, second, block=100) == pytest.approx(whole, rel=0.3)
