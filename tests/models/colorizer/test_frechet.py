import numpy as np
import pytest
from scipy.signal import correlate

from creative_gen.measures.distances import frechet_distance
from creative_gen.models.colorizer import frechet
from creative_gen.models.colorizer.frechet import features

FROZEN = 24.497464
"""The sum of a black picture's features: distances that were published hold while it does."""


def scenes(count: int, seed: int) -> np.ndarray:
    """CIELAB pictures of a bright ground and a coloured square."""
    rng = np.random.default_rng(seed)
    lab = np.zeros((count, 64, 64, 3), np.float32)
    lab[..., 0] = 95
    for one in lab:
        row, column, side = *rng.integers(0, 40, 2), int(rng.integers(8, 24))
        one[row : row + side, column : column + side] = rng.normal((50, 20, 20), (10, 30, 30))
    return lab


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
