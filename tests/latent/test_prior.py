from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save

from creative_gen.interface.errors import InvalidAsset
from creative_gen.latent.player import LatentPlayer
from creative_gen.latent.prior import Prior
from creative_gen.latent.sampling import standard_normal
from creative_gen.store.asset import WEIGHTS, Asset
from tests.toy_latent_assets import TOY_DRAWINGS, latent_weights, with_file, write_latent

Arrays = dict[str, np.ndarray]
COVARIANCE = np.diag([1.0, 0.5, 0.25, 2.0]) + 0.2


def mixture() -> Arrays:
    """Two components for each of three classes, far from each other."""
    mean = np.zeros((3, 2, 4), np.float32)
    mean[:, 0, 0], mean[:, 1, 0] = -50, 50
    mean[:, :, 1] = 100 * np.arange(3)[:, None]
    root = np.tile(np.linalg.cholesky(COVARIANCE).astype(np.float32), (3, 2, 1, 1))
    weight = np.tile(np.array([0.3, 0.7], np.float32), (3, 1))
    return {"prior.weight": weight, "prior.mean": mean, "prior.root": root}


def player(folder: Path, arrays: Arrays) -> LatentPlayer:
    content = save(latent_weights(TOY_DRAWINGS) | arrays)
    return LatentPlayer(Asset(with_file(write_latent(folder), WEIGHTS, content)))


def test_without_a_mixture_it_is_standard_normal(tmp_path: Path):
    prior = Prior(LatentPlayer(Asset(write_latent(tmp_path))))
    seeds, labels = np.arange(5, dtype=np.uint64), np.eye(3, dtype=np.float32)[[0, 1, 2, 0, 1]]
    np.testing.assert_allclose(
        prior.drawn(seeds, labels, 0.7), 0.7 * standard_normal(seeds, 4), rtol=1e-6
    )


def test_draws_are_those_of_the_mixture(tmp_path: Path):
    prior = Prior(player(tmp_path, mixture()))
    seeds, label = np.arange(6000, dtype=np.uint64), np.array([0, 0, 1], np.float32)
    drawn = prior.drawn(seeds, np.tile(label, (6000, 1)), 1.0)
    right = drawn[:, 0] > 0
    assert right.mean() == pytest.approx(0.7, abs=0.02)
    np.testing.assert_allclose(drawn[right].mean(axis=0), [50, 200, 0, 0], atol=0.1)
    np.testing.assert_allclose(np.cov(drawn[right].T), COVARIANCE, atol=0.15)


def test_a_draw_depends_on_its_own_seed_and_class(tmp_path: Path):
    prior = Prior(player(tmp_path, mixture()))
    seeds, labels = np.arange(9, dtype=np.uint64), np.eye(3, dtype=np.float32)[np.arange(9) % 3]
    drawn = prior.drawn(seeds, labels, 1.0)
    for row in range(9):
        alone = prior.drawn(seeds[row : row + 1], labels[row : row + 1], 1.0)
        np.testing.assert_array_equal(alone[0], drawn[row])


def test_without_temperature_it_is_the_heaviest_components_mean(tmp_path: Path):
    prior = Prior(player(tmp_path, mixture()))
    drawn = prior.drawn(np.arange(3, dtype=np.uint64), np.eye(3, dtype=np.float32), 0.0)
    np.testing.assert_array_equal(drawn, mixture()["prior.mean"][:, 1])


@pytest.mark.parametrize(
    "wrong",
    [
        {"prior.mean": np.zeros((3, 2, 5), np.float32)},
        {"prior.weight": np.ones((2, 2), np.float32)},
        {"prior.root": np.full((3, 2, 4, 4), np.nan, np.float32)},
    ],
)
def test_what_does_not_fit_is_refused(tmp_path: Path, wrong: Arrays):
    with pytest.raises(InvalidAsset, match="prior does not fit"):
        Prior(player(tmp_path, mixture() | wrong))
