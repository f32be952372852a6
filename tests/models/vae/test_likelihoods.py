"""log p(x | z) of each likelihood, against SciPy in double precision."""

import numpy as np
import pytest
from scipy import special, stats

keras = pytest.importorskip("keras")

from creative_gen.layers.convolutional import as_picture  # noqa: E402
from creative_gen.models.vae.likelihoods import (  # noqa: E402
    discretised_logistic,
    log_likelihood,
)

LEVELS = np.arange(256) / 255


def batch(channels=1, count=4, seed=0):
    """Pictures of all levels, and logits."""
    rng = np.random.default_rng(seed)
    pictures = rng.choice(LEVELS, (count, 5, 6, channels)).astype(np.float32)
    return pictures, rng.normal(0, 2, pictures.shape).astype(np.float32)


def nats(name, pictures, logits, log_scale=0.0):
    found = np.asarray(log_likelihood(name, pictures, logits, np.float32(log_scale)))
    assert found.shape == (len(pictures),)
    return found


def doubles(*arrays):
    return [array.astype(np.float64) for array in arrays]


@pytest.mark.parametrize("channels", [1, 3])
def test_bernoulli(channels):
    pictures, logits = batch(channels)
    drawn = np.rint(pictures)
    values, chances = doubles(drawn, special.expit(logits.astype(np.float64)))
    expected = stats.bernoulli(chances).logpmf(values).sum((1, 2, 3))
    np.testing.assert_allclose(nats("bernoulli", drawn, logits), expected, rtol=1e-5)


def test_bernoulli_of_grey_values_is_the_mean_of_draws():
    pictures, logits = batch()
    chances = special.expit(logits.astype(np.float64))
    outcomes = [stats.bernoulli(chances).logpmf(outcome) for outcome in (0, 1)]
    expected = ((1 - pictures) * outcomes[0] + pictures * outcomes[1]).sum((1, 2, 3))
    np.testing.assert_allclose(nats("bernoulli", pictures, logits), expected, rtol=1e-5)


@pytest.mark.parametrize("log_scale", [-3.0, -0.5, 1.0])
def test_gaussian(log_scale):
    pictures, logits = batch(3)
    values, means = doubles(pictures, special.expit(logits.astype(np.float64)))
    expected = stats.norm(means, np.exp(log_scale)).logpdf(values).sum((1, 2, 3))
    found = nats("gaussian", pictures, logits, log_scale)
    np.testing.assert_allclose(found, expected, rtol=1e-4)


def bins(means, scale):
    """log P of the 256 levels, last axis, under a logistic distribution: its end bins are open."""
    edges = (np.arange(255) + 0.5) / 255
    below = stats.logistic(means[..., None], scale).cdf(edges)
    nothing, all_of_it = np.zeros_like(below[..., :1]), np.ones_like(below[..., :1])
    shares = np.diff(np.concatenate([nothing, below, all_of_it], -1), axis=-1)
    return np.log(np.maximum(shares, 1e-300))


@pytest.mark.parametrize("log_scale", [-5.0, -3.0, -1.0, 0.5])
def test_discretised_logistic(log_scale):
    means = np.array([0.02, 0.3, 0.5, 0.99])
    found = discretised_logistic(
        LEVELS.astype(np.float32), means[:, None].astype(np.float32), np.float32(log_scale)
    )
    expected = bins(means, np.exp(log_scale))
    # Where SciPy's differences of double precision are exact enough to compare with.
    near = expected > -20
    assert near.mean() > 0.1
    np.testing.assert_allclose(np.asarray(found)[near], expected[near], rtol=2e-3, atol=2e-3)


@pytest.mark.parametrize("log_scale", [-7.0, -4.0, -2.0, 1.0])
@pytest.mark.parametrize("mean", [0.0, 0.004, 0.5, 1.0])
def test_the_256_levels_share_all_probability(log_scale, mean):
    found = discretised_logistic(LEVELS.astype(np.float32), np.float32(mean), np.float32(log_scale))
    assert np.exp(np.asarray(found, np.float64)).sum() == pytest.approx(1, abs=1e-3)


def test_a_logistic_likelihood_sums_over_pixels():
    pictures, logits = batch(3)
    means = special.expit(logits.astype(np.float64))
    levels = np.rint(255 * pictures).astype(int)
    each = np.take_along_axis(bins(means, np.exp(-2)), levels[..., None], -1)
    found = nats("logistic", pictures, logits, -2.0)
    np.testing.assert_allclose(found, each.sum((1, 2, 3, 4)), rtol=1e-4)


@pytest.mark.parametrize("name", ["bernoulli", "gaussian", "logistic"])
def test_certainty_stays_a_number(name):
    """Black and white where the logits say so strongly, or say the opposite."""
    pictures = np.array([0.0, 1.0], np.float32).reshape(2, 1, 1, 1)
    sure = 80 * (2 * pictures - 1)
    for logits in (sure, -sure):
        assert np.isfinite(nats(name, pictures, logits, -6.0)).all()
    assert (nats(name, pictures, sure, -6.0) > nats(name, pictures, -sure, -6.0) + 70).all()


@pytest.mark.parametrize("name", ["bernoulli", "gaussian", "logistic"])
def test_colours_are_likely_as_they_are_played(name):
    """Of four channels the mean is what `as_picture` gives: the colour times alpha."""
    pictures, logits = batch(4)
    pictures[..., :3] *= pictures[..., 3:]
    pictures = np.rint(255 * pictures).astype(np.float32) / 255
    played = special.logit(np.asarray(as_picture(logits)).astype(np.float64))
    found = nats(name, pictures, logits, -1.5)
    # As of three channels, which are taken as they are, and of one.
    colors = nats(name, pictures[..., :3], played[..., :3].astype(np.float32), -1.5)
    alpha = nats(name, pictures[..., 3:], played[..., 3:].astype(np.float32), -1.5)
    np.testing.assert_allclose(found, colors + alpha, rtol=1e-3)
    sure = np.full((1, 1, 1, 4), 90.0, np.float32)
    for value in (0.0, 1.0):
        for sign in (1, -1):
            assert np.isfinite(nats(name, np.full_like(sure, value), sign * sure, -2.0)).all()
