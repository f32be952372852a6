"""Units of a linear-Gaussian model, whose posterior is known in closed form."""

import numpy as np
import pytest

from creative_gen.models.vae.active_units import latent_usage


def posterior_of(values, weights, noise):
    """Of z ~ N(0, 1) given x = weights * z + noise * e, each unit seeing a value of its own."""
    gain = weights / (weights**2 + noise**2)
    deviations = noise / np.sqrt(weights**2 + noise**2)
    return values * gain, np.broadcast_to(deviations, values.shape)


def test_units_are_active_as_far_as_they_shape_the_pictures():
    rng = np.random.default_rng(0)
    weights, noise = np.array([3.0, 1.0, 0.12, 0.08, 0.0]), 1.0
    values = weights * rng.normal(size=(40_000, 5)) + noise * rng.normal(size=(40_000, 5))
    usage = latent_usage(*posterior_of(values, weights, noise))
    # The posterior mean's variance is w^2 / (w^2 + s^2), and the mean KL half the log of 1 + w^2.
    np.testing.assert_allclose(usage.variances, weights**2 / (weights**2 + 1), rtol=0.03)
    np.testing.assert_allclose(usage.kl, 0.5 * np.log1p(weights**2), rtol=0.03, atol=1e-9)
    assert usage.active.tolist() == [True, True, True, False, False]


def test_a_unit_that_is_the_same_for_all_pictures_is_not_active_whatever_its_mean():
    means = np.full((10, 1), 5.0, np.float32)
    usage = latent_usage(means, np.ones_like(means))
    assert not usage.active.any()
    assert usage.kl == pytest.approx(12.5)


def test_one_picture_has_no_variance():
    with pytest.raises(ValueError, match="two"):
        latent_usage(np.zeros((1, 3), np.float32), np.ones((1, 3), np.float32))
