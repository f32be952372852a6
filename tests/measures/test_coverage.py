from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

from creative_gen.interface.errors import InvalidRequest
from creative_gen.measures import nearest
from creative_gen.measures.coverage import density_coverage, precision_recall
from creative_gen.measures.nearest import blocks_of_distances, kth_nearest

Floats = NDArray[np.float64]


def normal(count: int, size: int, seed: int, mean: float = 0.0) -> Floats:
    return np.random.default_rng(seed).normal(mean, 1, (count, size))


def straightforward(real: Floats, made: Floats, k: int) -> dict[str, float]:
    """As the papers write them, row by row."""

    def radius(rows: Floats, index: int) -> float:
        others = np.delete(rows, index, axis=0)
        return float(np.sort(np.linalg.norm(others - rows[index], axis=1))[k - 1])

    def inside(row: Floats, centres: Floats) -> list[bool]:
        return [
            bool(np.linalg.norm(row - centre) <= radius(centres, index))
            for index, centre in enumerate(centres)
        ]

    balls = np.array([inside(row, real) for row in made])
    return {
        "precision": float(balls.any(axis=1).mean()),
        "recall": float(np.mean([any(inside(row, made)) for row in real])),
        "density": float(balls.sum() / (k * len(made))),
        "coverage": float(balls.any(axis=0).mean()),
    }


@pytest.mark.parametrize("mean", [0.0, 0.7])
@pytest.mark.parametrize("k", [1, 3, 5])
def test_measures_are_those_of_the_papers(mean: float, k: int) -> None:
    real, made = normal(30, 3, 0), normal(25, 3, 1, mean)
    found = precision_recall(real, made, k) | density_coverage(real, made, k)
    assert found == pytest.approx(straightforward(real, made, k))


def test_equal_sets_cover_each_other() -> None:
    rows = normal(50, 4, 2)
    assert precision_recall(rows, rows) == {"precision": 1, "recall": 1}
    assert density_coverage(rows, rows)["coverage"] == 1


def test_sets_of_one_distribution_have_a_density_of_one() -> None:
    found = [density_coverage(normal(400, 4, seed), normal(400, 4, seed + 9)) for seed in range(5)]
    assert np.mean([one["density"] for one in found]) == pytest.approx(1, abs=0.05)
    # Naeem et al., 2020, section 3.2: 1 - (N - 1) ... (N - k) / ((2 N - 1) ... (2 N - k)).
    n, k = 400, 5
    expected = 1 - np.prod([(n - i) / (2 * n - i) for i in range(1, k + 1)])
    assert np.mean([one["coverage"] for one in found]) == pytest.approx(expected, abs=0.02)


def test_disjoint_sets_do_not_cover_each_other() -> None:
    real, made = normal(40, 3, 0), normal(40, 3, 1, 100.0)
    found = precision_recall(real, made) | density_coverage(real, made)
    assert set(found.values()) == {0}


def test_a_collapsed_set_is_precise_and_covers_little() -> None:
    real = normal(300, 3, 0)
    made = real[:1] + 1e-3 * normal(300, 3, 1)
    figures = precision_recall(real, made)
    assert figures["precision"] == 1
    assert figures["recall"] < 0.05
    assert density_coverage(real, made)["coverage"] < 0.1


def test_too_few_pictures_are_refused() -> None:
    with pytest.raises(InvalidRequest, match="too few"):
        precision_recall(normal(3, 2, 0), normal(9, 2, 1))
    with pytest.raises(InvalidRequest, match="too few"):
        density_coverage(normal(9, 2, 0), normal(5, 2, 1))


@pytest.mark.parametrize("pairs", [1, 100, 1 << 20])
def test_distances_come_in_blocks_of_any_size(pairs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nearest, "_PAIRS", pairs)
    # Far from 0, where squares of large numbers would hide the differences.
    first, second = normal(17, 5, 0, 1e4), normal(23, 5, 1, 1e4)
    found = np.concatenate([distances for _, distances in blocks_of_distances(first, second)])
    assert np.allclose(found, cdist(first, second), atol=1e-6)
    expected = np.sort(cdist(first, first), axis=1)
    assert np.allclose(kth_nearest(first, 4), expected[:, 4], atol=1e-6)
