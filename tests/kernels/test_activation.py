import numpy as np
from scipy.special import expit

from creative_gen.kernels.activation import sigmoid, tanh

EVERYWHERE = np.concatenate(
    [np.linspace(-40, 40, 400_001), np.geomspace(1e-30, 1e30, 1001), [0.0, -0.0]]
).astype(np.float32)


def test_tanh_error_is_within_its_bound():
    exact = np.tanh(EVERYWHERE.astype(np.float64))
    assert tanh(EVERYWHERE).dtype == np.float32
    assert np.abs(tanh(EVERYWHERE) - exact).max() < 4e-7


def test_sigmoid_error_is_within_its_bound():
    exact = expit(EVERYWHERE.astype(np.float64))
    assert np.abs(sigmoid(EVERYWHERE) - exact).max() < 2.5e-7


def test_tanh_is_odd_and_exact_at_zero():
    assert tanh(np.float32([0.0]))[0] == 0.0
    assert (tanh(-EVERYWHERE) == -tanh(EVERYWHERE)).all()
