import numpy as np
import pytest
from scipy.special import expit, logsumexp

from creative_gen.kernels import logistics


def random_outputs(rows, size=4, seed=0):
    random = np.random.default_rng(seed)
    logits, means = random.normal(size=(2, rows, size))
    return np.hstack([logits, means * 0.3, random.uniform(-7, -1, (rows, size))])


def test_the_probabilities_of_all_codes_add_up_to_one():
    outputs = random_outputs(2)
    outputs[1, 8:] = (-20.0, -9.0, 0.0, 40.0)
    codes = np.arange(logistics.CODES)
    for row in outputs:
        terms = logistics.log_probability(np.tile(row, (len(codes), 1)), codes)
        assert abs(logsumexp(terms)) < 1e-9


def test_a_probability_is_a_difference_of_distribution_functions():
    outputs = random_outputs(200)
    codes = np.random.default_rng(1).integers(1, logistics.CODES - 1, 200)
    logits, means, log_scales = np.split(outputs, 3, axis=1)
    x = (codes[:, None] - 32768) / 32768
    scales, shares = np.exp(log_scales), np.exp(logits) / np.exp(logits).sum(1, keepdims=True)
    edges = [expit((x + half - means) / scales) for half in (2**-16, -(2**-16))]
    probability = ((edges[0] - edges[1]) * shares).sum(axis=1)
    seen = probability > 1e-6
    actual = np.exp(logistics.log_probability(outputs, codes))
    assert seen.sum() > 50
    np.testing.assert_allclose(actual[seen], probability[seen], rtol=1e-6)


def test_far_away_codes_have_exact_likelihoods():
    outputs = np.array([[0.0, 0.9, -9.0]])
    steps = np.array([-32000])
    # Far below the mean the logistic's density is exp((x - mean) / s) / s, its scale s.
    s = np.exp(-9.0)
    expected = (steps / 32768 - 0.9) / s + np.log(np.sinh(0.5 / 32768 / s) * 2)
    np.testing.assert_allclose(logistics.log_probability(outputs, steps + 32768), expected)


def test_narrow_components_are_drawn_at_their_means():
    outputs = np.tile([3.0, -3.0, 0.25, -0.5, -9.0, -9.0], (2000, 1))
    u = np.random.default_rng(2).random((2000, 2))
    values = (logistics.draw(outputs, u, 1.0) - 32768) / 32768
    high = values > 0
    assert high.mean() == pytest.approx(expit(6.0), abs=0.005)
    assert values[high].mean() == pytest.approx(0.25, abs=1e-4)
    assert values[high].std() == pytest.approx(np.exp(-9) * np.pi / np.sqrt(3), rel=0.05)
    assert (logistics.draw(outputs, u, 0.0) == 32768 + 8192).all()


def test_draws_stay_within_16_bits():
    outputs = np.tile([0.0, 1.5, -1.0], (100, 1))
    codes = logistics.draw(outputs, np.random.default_rng(3).random((100, 2)), 1.0)
    assert codes.min() >= 0 and codes.max() == 65535
