"""Mixtures of Gaussians where latent vectors lie: planted clusters are found again."""

import numpy as np
import pytest

from creative_gen.fitting.latent_prior import COMPONENTS, FEWEST, prior
from creative_gen.interface.errors import InvalidRequest

CENTRES = np.array([[4.0, 0, 0], [0, -4, 0], [0, 0, 6]])
ROOTS = np.array(
    [
        [[1.0, 0, 0], [0.5, 0.6, 0], [0, 0, 0.4]],
        [[0.5, 0, 0], [0, 0.5, 0], [-0.4, 0.3, 0.7]],
        [[0.3, 0, 0], [0, 0.9, 0], [0, 0, 0.3]],
    ]
)


def drawn(rng, count, weights):
    kinds = rng.choice(len(CENTRES), count, p=weights)
    noise = rng.normal(size=(count, 3))
    return CENTRES[kinds] + np.einsum("nij,nj->ni", ROOTS[kinds], noise)


def moments(fitted, label):
    """Mean and covariance of a class's mixture, by the law of total covariance."""
    weights, means, roots = (
        fitted[f"prior.{name}"][label].astype(float) for name in ("weight", "mean", "root")
    )
    mean = weights @ means
    spread = roots @ roots.swapaxes(1, 2) + np.einsum("mi,mj->mij", means - mean, means - mean)
    return mean, np.einsum("m,mij->ij", weights, spread)


def test_mixtures_have_the_moments_of_what_they_were_fitted_to():
    rng = np.random.default_rng(0)
    latents = drawn(rng, 1500, [0.2, 0.3, 0.5])
    labels = (np.arange(1500) % 2).astype(np.int16)
    latents[labels == 1] += 3
    fitted = prior(latents.astype(np.float32), labels, 2)
    shapes = {name: array.shape for name, array in fitted.items()}
    assert shapes == {
        "prior.weight": (2, COMPONENTS),
        "prior.mean": (2, COMPONENTS, 3),
        "prior.root": (2, COMPONENTS, 3, 3),
    }
    assert all(array.dtype == np.float16 for array in fitted.values())
    np.testing.assert_allclose(fitted["prior.weight"].sum(1, dtype=float), 1, rtol=2e-3)
    assert (np.triu(fitted["prior.root"], 1) == 0).all()
    for label in range(2):
        mean, covariance = moments(fitted, label)
        mine = latents[labels == label]
        np.testing.assert_allclose(mean, mine.mean(0), atol=0.01)
        np.testing.assert_allclose(covariance, np.cov(mine.T), atol=0.05)


def test_planted_clusters_are_found(monkeypatch):
    monkeypatch.setattr("creative_gen.fitting.latent_prior.COMPONENTS", 3)
    weights = np.array([0.2, 0.3, 0.5])
    latents = drawn(np.random.default_rng(1), 6000, weights).astype(np.float32)
    fitted = prior(latents, np.zeros(6000, np.int16), 1)
    means = fitted["prior.mean"][0]
    order = np.linalg.norm(CENTRES[:, None] - means, axis=2).argmin(1)
    assert sorted(order) == [0, 1, 2]
    np.testing.assert_allclose(fitted["prior.weight"][0, order], weights, atol=0.03)
    np.testing.assert_allclose(means[order], CENTRES, atol=0.1)
    np.testing.assert_allclose(fitted["prior.root"][0, order], ROOTS, atol=0.1)


def test_a_few_pictures_have_a_mixture_of_few():
    # For each component and each of the three dimensions.
    enough = 3 * FEWEST
    latents = np.random.default_rng(2).normal(size=(2 * enough + 5, 3)).astype(np.float32)
    labels = np.array([0] * (2 * enough) + [1] * 5, np.int16)
    fitted = prior(latents, labels, 2)
    np.testing.assert_array_equal((fitted["prior.weight"] > 0).sum(1), [2, 1])
    assert all(np.isfinite(array).all() for array in fitted.values())
    # What is missing is never drawn, and is at nothing.
    assert not fitted["prior.mean"][1, 1:].any() and not fitted["prior.root"][1, 1:].any()


def test_the_same_seed_fits_the_same_mixture():
    latents = drawn(np.random.default_rng(3), 400, [0.3, 0.3, 0.4]).astype(np.float32)
    first, again = (prior(latents, np.zeros(400, np.int16), 1, seed=5) for _ in range(2))
    for name, values in first.items():
        np.testing.assert_array_equal(values, again[name])


def test_a_class_of_one_picture_is_refused():
    latents = np.random.default_rng(2).normal(size=(5, 3)).astype(np.float32)
    with pytest.raises(InvalidRequest, match="class 1, 2") as raised:
        prior(latents, np.array([0, 0, 0, 0, 2], np.int16), 3)
    assert "Add pictures" in raised.value.hint
