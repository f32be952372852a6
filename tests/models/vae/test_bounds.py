"""Bounds on log p(x) of a model with one latent unit, against its integral by quadrature."""

import itertools

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.special import expit, logsumexp
from scipy.stats import bernoulli, norm

from creative_gen.models.vae.bounds import (
    bernoulli_log_likelihood,
    bounds,
    draws,
    kl_from_prior,
    log_mean_exp,
    log_prior_ratio,
)

SLOPES, OFFSETS = np.array([[2.0, -1.5, 1.0], [0.3, -0.2, 0.7]])
PICTURES = np.array(list(itertools.product((0, 1), repeat=3)), np.float32)
COUNTS = (1, 10, 100, 5000)


def probabilities(latent):
    return expit(latent @ SLOPES[None] + OFFSETS).astype(np.float32)


def posterior(pictures):
    """Not the true one, but near it."""
    means = (0.6 * (2 * pictures - 1) @ SLOPES / np.abs(SLOPES).sum())[:, None]
    return means.astype(np.float32), np.full_like(means, 0.8, np.float32)


def likelihood(picture, z):
    return bernoulli(expit(SLOPES * z + OFFSETS)).pmf(picture).prod()


def evidence(picture):
    """log p(x) in nats."""
    return np.log(quad(lambda z: norm.pdf(z) * likelihood(picture, z), -12, 12)[0])


def expected_elbo(picture, mean, deviation):
    q = norm(mean, deviation)

    def integrand(z):
        return q.pdf(z) * (np.log(likelihood(picture, z)) + norm.logpdf(z) - q.logpdf(z))

    return quad(integrand, mean - 10 * deviation, mean + 10 * deviation)[0]


@pytest.fixture(scope="module")
def found():
    return bounds(PICTURES, posterior, probabilities, COUNTS, at_once=700)


def test_the_model_is_a_distribution():
    assert sum(np.exp(evidence(one)) for one in PICTURES) == pytest.approx(1)


def test_the_elbo_is_its_integral(found):
    expected = [expected_elbo(one, *map(float, np.ravel(posterior(one[None])))) for one in PICTURES]
    np.testing.assert_allclose(found.elbo, expected, atol=0.08)


def test_many_samples_come_to_log_p(found):
    expected = [evidence(one) for one in PICTURES]
    np.testing.assert_allclose(found.importance_weighted[5000], expected, atol=0.02)
    assert (found.elbo < expected).all()


def test_the_bound_rises_with_the_samples():
    pictures = np.tile(PICTURES, (250, 1))
    weighted = bounds(pictures, posterior, probabilities, (1, 4, 16, 256)).importance_weighted
    means = [weighted[k].mean() for k in (1, 4, 16, 256)]
    assert means == sorted(means)
    assert means[-1] < np.mean([evidence(one) for one in PICTURES]) + 0.01
    # Of one sample it is the ELBO on average (section 3).
    elbo = bounds(PICTURES, posterior, probabilities, (20_000,)).elbo.mean()
    error = weighted[1].std() / np.sqrt(len(pictures))
    assert means[0] == pytest.approx(elbo, abs=4 * error)


def test_a_decoder_that_ignores_its_latent_makes_all_bounds_tight():
    decoder = np.array([0.1, 0.5, 0.8], np.float32)
    prior = np.zeros((8, 2), np.float32), np.ones((8, 2), np.float32)
    found = bounds(PICTURES, lambda _: prior, lambda z: np.tile(decoder, (len(z), 1)), (1, 50))
    expected = bernoulli(decoder.astype(float)).logpmf(PICTURES).sum(1)
    for bound in (found.elbo, *found.importance_weighted.values()):
        np.testing.assert_allclose(bound, expected, rtol=1e-5)
    assert (found.kl == 0).all()


def test_draws_do_not_depend_on_the_passes_or_the_other_pictures(found):
    np.testing.assert_array_equal(
        np.concatenate(list(draws(23, 3, [1, 2], 23))),
        np.concatenate(list(draws(23, 3, [1, 2], 5))),
    )
    few = bounds(PICTURES[:3], posterior, probabilities, COUNTS, at_once=5000)
    np.testing.assert_allclose(few.elbo, found.elbo[:3], rtol=1e-6)
    for k in COUNTS:
        np.testing.assert_allclose(
            few.importance_weighted[k], found.importance_weighted[k][:3], rtol=1e-6
        )


def test_the_terms_of_a_weight_are_those_of_scipy():
    rng = np.random.default_rng(0)
    mean, noise = rng.normal(size=4), rng.normal(size=(6, 4))
    deviation = rng.uniform(0.2, 2, 4)
    latent = mean + deviation * noise
    expected = norm.logpdf(latent).sum(1) - norm(mean, deviation).logpdf(latent).sum(1)
    np.testing.assert_allclose(log_prior_ratio(latent, noise, deviation), expected)
    chances = rng.random((6, 2, 3))
    picture = (rng.random((2, 3)) < 0.5).astype(float)
    np.testing.assert_allclose(
        bernoulli_log_likelihood(picture, chances),
        bernoulli(chances).logpmf(picture).sum((1, 2)),
    )
    divergence = quad(
        lambda z: norm(0.7, 0.4).pdf(z) * (norm(0.7, 0.4).logpdf(z) - norm.logpdf(z)), -4, 5
    )[0]
    np.testing.assert_allclose(kl_from_prior(np.array([[0.7]]), np.array([[0.4]])), divergence)


def test_probabilities_of_zero_and_one_are_finite():
    found = bernoulli_log_likelihood(np.array([1.0, 0.0]), np.array([[0.0, 1.0], [1.0, 0.0]]))
    assert found[0] == pytest.approx(2 * np.log(np.finfo(np.float32).eps))
    assert -1e-6 < found[1] <= 0


def test_the_log_of_a_mean_does_not_overflow():
    values = np.random.default_rng(0).normal(-900, 300, (3, 50))
    np.testing.assert_allclose(log_mean_exp(values), logsumexp(values, axis=1) - np.log(50))


def test_greys_and_no_samples_are_refused():
    with pytest.raises(ValueError, match="binarise"):
        bounds(PICTURES * 0.5, posterior, probabilities)
    for counts in ((), (0, 5)):
        with pytest.raises(ValueError, match="at least one sample"):
            bounds(PICTURES, posterior, probabilities, counts)
