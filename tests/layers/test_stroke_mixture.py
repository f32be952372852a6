"""The likelihood of a stroke, held to SciPy's normals and to closed forms."""

import numpy as np
import pytest
from scipy.special import logsumexp, softmax
from scipy.stats import multivariate_normal

keras = pytest.importorskip("keras")

from creative_gen.layers.stroke_mixture import stroke_negative_log_likelihood  # noqa: E402

M = 3


def loss(output, target):
    offset, pen = stroke_negative_log_likelihood(np.float32(output), np.float32(target))
    return keras.ops.convert_to_numpy(offset), keras.ops.convert_to_numpy(pen)


def target_at(x, y, pen=0):
    return np.array([[x, y, *np.eye(3)[pen]]])


def single(mu_x=0.0, mu_y=0.0, log_x=0.0, log_y=0.0, atanh_rho=0.0):
    return np.array([[0, 0, 0, 0, mu_x, mu_y, log_x, log_y, atanh_rho]])


def scipy_offset(output, target):
    pi, mu_x, mu_y, log_x, log_y, atanh_rho = output[3:].reshape(6, -1)
    terms = []
    for k in range(len(pi)):
        sx, sy, rho = np.exp(log_x[k]), np.exp(log_y[k]), np.tanh(atanh_rho[k])
        normal = multivariate_normal(
            [mu_x[k], mu_y[k]], [[sx * sx, rho * sx * sy], [rho * sx * sy, sy * sy]]
        )
        terms.append(np.log(softmax(pi)[k]) + normal.logpdf(target[:2]))
    return -logsumexp(terms)


def test_offsets_are_scipys_mixture():
    random = np.random.default_rng(0)
    output = random.normal(0, 0.8, (4, 5, 6 * M + 3))
    target = np.concatenate(
        [random.normal(0, 2, (4, 5, 2)), np.eye(3)[random.integers(0, 3, (4, 5))]], axis=-1
    )
    offset, pen = loss(output, target)
    for row in np.ndindex(4, 5):
        np.testing.assert_allclose(offset[row], scipy_offset(output[row], target[row]), rtol=1e-4)
        expected = -np.log(softmax(output[row][:3])) @ target[row][2:]
        np.testing.assert_allclose(pen[row], expected, rtol=1e-5)


def test_a_standard_normal_costs_what_it_must():
    offset, pen = loss(single(), target_at(3, 4))
    np.testing.assert_allclose(offset, np.log(2 * np.pi) + 12.5, rtol=1e-6)
    np.testing.assert_allclose(pen, np.log(3), rtol=1e-6)


def test_a_point_far_away_costs_a_finite_amount_that_grows():
    near, far = (loss(single(log_x=-4, log_y=-4), target_at(x, 0))[0][0] for x in (10, 100))
    assert np.isfinite(far) and far > 90 * near


@pytest.mark.parametrize("atanh_rho", [-5.0, 5.0])
def test_strong_correlation_loses_no_digits(atanh_rho):
    output, target = single(atanh_rho=atanh_rho), target_at(1.5, np.sign(atanh_rho) * 1.5)
    # With x = +-y the quadratic form is 2 x^2 / (1 + |rho|), far from its cancelling terms.
    rho = np.tanh(abs(atanh_rho))
    expected = np.log(2 * np.pi) - np.log(np.cosh(5)) + 1.5**2 / (1 + rho)
    np.testing.assert_allclose(loss(output, target)[0], expected, rtol=1e-3)


def test_a_mixture_with_extreme_correlations_stays_finite():
    random = np.random.default_rng(1)
    output = random.normal(0, 1, (1, 6 * M + 3))
    output[0, -M:] = [40, -40, 0]
    offset, pen = loss(output, target_at(50, -80, pen=2))
    assert np.isfinite(offset).all() and np.isfinite(pen).all()
