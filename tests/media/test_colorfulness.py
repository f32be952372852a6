import math

import numpy as np
import pytest

from creative_gen.media.colorfulness import colorfulness


def test_greys_have_no_colour():
    grey = np.random.default_rng(0).random((8, 8, 1)).repeat(3, axis=2)
    assert colorfulness(grey) == pytest.approx(0, abs=1e-9)


def test_one_colour_counts_by_its_distance_from_grey():
    red = np.zeros((4, 4, 3), np.float32)
    red[..., 0] = 1
    assert colorfulness(red) == pytest.approx(0.3 * math.hypot(255, 255 / 2))


def test_it_is_the_published_formula_pixel_by_pixel():
    rgb = np.random.default_rng(1).random((5, 6, 3))
    pixels = [[255 * value for value in pixel] for pixel in rgb.reshape(-1, 3)]
    rg = [red - green for red, green, _ in pixels]
    yb = [0.5 * (red + green) - blue for red, green, blue in pixels]

    def mean(values):
        return math.fsum(values) / len(values)

    def variance(values):
        return mean([(value - mean(values)) ** 2 for value in values])

    sigma = math.sqrt(variance(rg) + variance(yb))
    mu = math.sqrt(mean(rg) ** 2 + mean(yb) ** 2)
    assert colorfulness(rgb) == pytest.approx(sigma + 0.3 * mu)


def test_saturation_raises_it():
    rgb = np.random.default_rng(2).random((16, 16, 3))
    grey = rgb.mean(axis=2, keepdims=True)
    values = [colorfulness(grey + share * (rgb - grey)) for share in (0.25, 0.5, 1.0)]
    assert values == sorted(values)
