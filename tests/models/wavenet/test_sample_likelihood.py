"""The likelihood of 16-bit samples, by either head."""

from __future__ import annotations

import numpy as np
from scipy.special import expit, logsumexp, softmax

from creative_gen.media.mu_law import levels_of
from creative_gen.models.wavenet.sample_likelihood import grid_nats, share_of_level

GAINS = np.array([1.0, 0.3, 0.01])
GRID = np.arange(-40_000, 40_000) / 32768
HALF = 0.5 / 32768


def test_a_likelihood_is_a_difference_of_distribution_functions() -> None:
    random = np.random.default_rng(0)
    outputs = random.normal(size=(50, 6)) * [1, 1, 0.3, 0.3, 0.5, 0.5] - [0, 0, 0, 0, 2, 2]
    samples, half = random.uniform(-0.8, 0.8, 50), random.uniform(1e-3, 1e-2, 50)
    shares, means, scales = softmax(outputs[:, :2], axis=1), outputs[:, 2:4], np.exp(outputs[:, 4:])
    edges = [expit((samples[:, None] + s * half[:, None] - means) / scales) for s in (1, -1)]
    expected = -np.log((shares * (edges[0] - edges[1])).sum(axis=1))
    np.testing.assert_allclose(grid_nats(outputs, samples, half), expected, rtol=1e-6)


def test_the_probabilities_of_all_samples_add_up_to_one_whatever_the_gain() -> None:
    outputs = np.array([0.3, -0.2, 0.1, -0.4, -3.0, -4.0])
    for gain in GAINS:
        nats = grid_nats(
            np.tile(outputs, (len(GRID), 1)), GRID / gain, np.full(len(GRID), HALF / gain)
        )
        assert abs(logsumexp(-nats)) < 1e-3


def test_the_probability_of_a_level_is_shared_by_its_samples() -> None:
    # The finest levels are 1/32768 * 1.4 wide: where a step is wider than a level, the share is 1.
    samples = np.arange(-32767, 32768) / 32768
    shares = share_of_level(samples, np.full(len(samples), HALF))
    assert np.all((shares > 0) & (shares <= 1))
    sums = np.bincount(levels_of(samples), shares, minlength=256)
    # A level has a whole number of samples, whose ends do not fall on its own.
    wide = np.bincount(levels_of(samples), minlength=256) > 30
    # Half of an outer level is beyond full scale.
    np.testing.assert_allclose(sums[[0, 255]], 0.5, rtol=0.04)
    wide[[0, 255]] = False
    assert wide.sum() > 100
    np.testing.assert_allclose(sums[wide], 1, rtol=0.04)


def test_levels_beyond_full_scale_are_proper_too() -> None:
    samples = np.arange(32768, 400 * 32768, 64) / 32768
    total = share_of_level(samples, np.full(len(samples), HALF)).sum() * 64
    np.testing.assert_allclose(total, 0.5, rtol=0.02)
