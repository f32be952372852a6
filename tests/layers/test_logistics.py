"""The likelihood of 16-bit samples, held to closed forms in float64 and to what is played."""

import numpy as np
import pytest
from scipy.special import expit, logsumexp, softmax
from scipy.stats import logistic

keras = pytest.importorskip("keras")

from creative_gen.kernels import logistics  # noqa: E402
from creative_gen.layers.logistics import logistics_negative_log_likelihood  # noqa: E402

HALF = 0.5 / 32768


def loss(parameters, samples, *half_step):
    found = logistics_negative_log_likelihood(
        np.float32(parameters), np.float32(samples), *(np.float32(one) for one in half_step)
    )
    return keras.ops.convert_to_numpy(found)


def random_parameters(rows, mixtures=4, seed=0):
    random = np.random.default_rng(seed)
    logits, means = random.normal(size=(2, rows, mixtures))
    log_scales = random.uniform(-7, -1, (rows, mixtures))
    return np.hstack([logits, 0.3 * means, log_scales]).astype("f")


def closed_form(parameters, samples, half):
    logits, means, log_scales = np.split(parameters.astype(np.float64), 3, axis=-1)
    x, scales = samples[..., None].astype(np.float64), np.exp(log_scales)
    above, below = (logistic.cdf(x + side * half, means, scales) for side in (1, -1))
    return -np.log((softmax(logits, axis=-1) * (above - below)).sum(axis=-1))


def test_it_is_a_difference_of_scipys_distribution_functions():
    parameters = random_parameters(400)
    samples = np.rint(np.random.default_rng(1).uniform(-0.9, 0.9, 400) * 32768) / 32768
    with np.errstate(divide="ignore"):
        expected = closed_form(parameters, samples, HALF)
    # Where SciPy's difference has digits left.
    likely = expected < 25
    assert likely.sum() > 200
    np.testing.assert_allclose(loss(parameters, samples)[likely], expected[likely], rtol=1e-4)


def test_every_sample_may_have_its_own_step():
    parameters = random_parameters(100)
    samples = parameters[:, 4:8].mean(axis=1)
    half = np.geomspace(HALF, 0.3, 100)
    expected = closed_form(parameters, samples, half[:, None])
    np.testing.assert_allclose(loss(parameters, samples, half), expected, rtol=1e-4, atol=1e-5)


def test_probabilities_add_up_to_one_over_the_grid():
    grid = np.arange(-32768, 32768) / 32768
    parameters = np.array([0.5, -0.5, 0.1, -0.2, -4.0, -5.5])
    nats = loss(np.tile(parameters, (len(grid), 1)), grid)
    assert logsumexp(-nats.astype(np.float64)) == pytest.approx(0, abs=1e-3)


def test_it_agrees_with_what_is_played():
    parameters = random_parameters(300, seed=2)
    codes = np.random.default_rng(3).integers(1, 65535, 300)
    played = logistics.log_probability(parameters, codes)
    np.testing.assert_allclose(loss(parameters, (codes - 32768) / 32768), -played, rtol=1e-3)


def test_narrow_scales_are_bounded():
    parameters = np.array([[0.0, 0.0, -20.0], [0.0, 0.0, -9.0]])
    narrow, bound = loss(parameters, [1e-3, 1e-3])
    assert narrow == bound
    at_mean = -np.log(2 * expit(HALF * np.exp(9)) - 1)
    assert loss(parameters, [0.0, 0.0])[0] == pytest.approx(at_mean, rel=1e-4)


@pytest.mark.parametrize("away", [1.0, 10.0])
def test_far_away_samples_cost_a_finite_amount_that_grows(away):
    # Beyond the mean a logistic's density is exp(-|x - mean| / s) / s.
    scale = np.exp(-5.0)
    expected = away / scale - np.log(2 * np.sinh(HALF / scale))
    for side in (-1, 1):
        assert loss([[0.0, 0.0, -5.0]], [side * away])[0] == pytest.approx(expected, rel=1e-4)


def test_leading_axes_stay():
    parameters = random_parameters(12).reshape(3, 4, 12)
    assert loss(parameters, np.zeros((3, 4))).shape == (3, 4)
