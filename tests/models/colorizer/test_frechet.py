import numpy as np
import pytest
from scipy.linalg import sqrtm
from scipy.signal import correlate

from creative_gen.models.colorizer import frechet
from creative_gen.models.colorizer.frechet import features, frechet_distance

FROZEN = 24.497464
"""The sum of a black picture's features: distances that were published hold while it does."""


def with_moments(mean: np.ndarray, covariance: np.ndarray, seed: int, count: int = 50):
    """Rows whose mean and covariance are just these."""
    rows = np.random.default_rng(seed).normal(size=(count, len(mean)))
    rows -= rows.mean(axis=0)
    whitening = np.linalg.inv(np.linalg.cholesky(np.cov(rows, rowvar=False))).T
    return rows @ whitening @ np.linalg.cholesky(covariance).T + mean


def covariance(seed: int, size: int) -> np.ndarray:
    root = np.random.default_rng(seed).normal(size=(size, size))
    return root @ root.T + 0.1 * np.eye(size)


def scenes(count: int, seed: int) -> np.ndarray:
    """CIELAB pictures of a bright ground and a coloured square."""
    rng = np.random.default_rng(seed)
    lab = np.zeros((count, 64, 64, 3), np.float32)
    lab[..., 0] = 95
    for one in lab:
        row, column, side = *rng.integers(0, 40, 2), int(rng.integers(8, 24))
        one[row : row + side, column : column + side] = rng.normal((50, 20, 20), (10, 30, 30))
    return lab


def test_axis_aligned_gaussians_have_the_closed_form():
    spread1, spread2 = np.array([1.0, 2.0, 0.5]), np.array([3.0, 1.0, 0.5])
    mean1, mean2 = np.zeros(3), np.array([1.0, -2.0, 0.5])
    first = with_moments(mean1, np.diag(spread1**2), 0)
    second = with_moments(mean2, np.diag(spread2**2), 1)
    expected = ((mean1 - mean2) ** 2).sum() + ((spread1 - spread2) ** 2).sum()
    assert frechet_distance(first, second) == pytest.approx(expected)


@pytest.mark.parametrize("size", [2, 16, 64])
def test_any_gaussians_have_the_distance_of_the_matrix_root(size):
    one, other = covariance(0, size), covariance(1, size)
    first = with_moments(np.zeros(size), one, 2, 3 * size)
    second = with_moments(np.ones(size), other, 3, 4 * size)
    expected = size + np.trace(one + other - 2 * sqrtm(one @ other).real)
    assert frechet_distance(first, second) == pytest.approx(expected, rel=1e-6)


def test_a_set_has_no_distance_from_itself_even_with_few_pictures():
    rows = np.random.default_rng(4).normal(size=(5, 64))
    assert frechet_distance(rows, rows[::-1]) == pytest.approx(0, abs=1e-6)


def test_features_are_those_of_plain_convolutions():
    lab = scenes(40, 5)
    planes = (lab[33].astype(float) - (50, 0, 0)) / frechet._SCALES
    for kernel, bias in frechet._layers():
        taps = kernel.astype(float).reshape(planes.shape[2], 3, 3, -1)
        sums = [
            sum(
                correlate(planes[..., channel], taps[channel, :, :, out], mode="valid")
                for channel in range(planes.shape[2])
            )
            for out in range(taps.shape[3])
        ]
        planes = np.maximum(np.stack(sums, axis=-1)[::2, ::2] + bias, 0)
    assert np.allclose(features(lab)[33], planes.mean(axis=(0, 1)), atol=1e-5)


def test_the_network_is_the_same_everywhere():
    kernel, bias = frechet._layers()[0]
    # PCG64's first numbers under this seed.
    expected = np.sqrt(6 / 27) * (2 * np.random.default_rng(2020).random(2) - 1)
    assert np.allclose(kernel.ravel()[:2], expected)
    assert kernel.shape == (27, 32)
    assert features(np.zeros((1, 64, 64, 3), np.float32)).sum() == pytest.approx(FROZEN, rel=1e-5)
    assert np.abs(bias).max() <= 0.5


def test_the_less_of_the_colour_is_left_the_larger_the_distance():
    true, other = scenes(150, 6), scenes(150, 7)
    distances = [frechet_distance(features(true), features(other))]
    for share in (0.7, 0.4, 0.0):
        paler = true * np.array([1, share, share], np.float32)
        distances.append(frechet_distance(features(true), features(paler)))
    assert distances == sorted(distances)
    assert distances[3] > 10 * distances[0]
