"""Parzen windows, against SciPy's Gaussians."""

import numpy as np
import pytest
from scipy.special import logsumexp
from scipy.stats import multivariate_normal

from creative_gen.models.gan.evaluation import distances, window_figures
from creative_gen.models.gan.parzen import DEVIATIONS, best_deviation, log_likelihoods


def test_a_windows_likelihood_is_the_mean_of_gaussians():
    rng = np.random.default_rng(0)
    pictures, made = rng.random((5, 7)), rng.random((11, 7))
    found = log_likelihoods(distances(pictures, made), 0.3, 7)
    each = [multivariate_normal(one, 0.09).logpdf(pictures) for one in made]
    expected = logsumexp(each, axis=0) - np.log(len(made))
    np.testing.assert_allclose(found, expected, rtol=1e-9)


def test_the_best_width_is_that_of_the_noise():
    rng = np.random.default_rng(1)
    centres = rng.random((20, 30))
    pictures = centres[rng.integers(20, size=400)] + rng.normal(0, 0.1, (400, 30))
    found = best_deviation(distances(pictures, centres), 30)
    assert found == pytest.approx(0.1, rel=0.1)
    assert found in DEVIATIONS


def test_pictures_of_the_same_kind_are_likelier():
    rng = np.random.default_rng(2)
    real, alike, other = rng.normal(0.5, 0.1, (3, 300, 16))
    near, error, _ = window_figures(distances(real, alike), 16)
    far, _, _ = window_figures(distances(real, other + 0.4), 16)
    assert near > far + 10 * error
