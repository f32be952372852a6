import numpy as np
import pytest
from skimage.color import deltaE_ciede2000

from creative_gen.media.color_difference import ciede2000

BLUE, GREYISH, RED = (50, 0, -82.7485), (50, 2.49, -0.001), (50, 2.5, 0)
SHARMA = [
    ((50, 2.6772, -79.7751), BLUE, 2.0425),
    ((50, 3.1571, -77.2803), BLUE, 2.8615),
    ((50, 2.8361, -74.0200), BLUE, 3.4412),
    ((50, -1.3802, -84.2814), BLUE, 1.0000),
    ((50, -1.1848, -84.8006), BLUE, 1.0000),
    ((50, -0.9009, -85.5211), BLUE, 1.0000),
    ((50, 0, 0), (50, -1, 2), 2.3669),
    ((50, -1, 2), (50, 0, 0), 2.3669),
    (GREYISH, (50, -2.49, 0.0009), 7.1792),
    (GREYISH, (50, -2.49, 0.0010), 7.1792),
    (GREYISH, (50, -2.49, 0.0011), 7.2195),
    (GREYISH, (50, -2.49, 0.0012), 7.2195),
    ((50, -0.001, 2.49), (50, 0.0009, -2.49), 4.8045),
    ((50, -0.001, 2.49), (50, 0.0010, -2.49), 4.8045),
    ((50, -0.001, 2.49), (50, 0.0011, -2.49), 4.7461),
    (RED, (50, 0, -2.5), 4.3065),
    (RED, (73, 25, -18), 27.1492),
    (RED, (61, -5, 29), 22.8977),
    (RED, (56, -27, -3), 31.9030),
    (RED, (58, 24, 15), 19.4535),
    (RED, (50, 3.1736, 0.5854), 1.0000),
    (RED, (50, 3.2972, 0), 1.0000),
    (RED, (50, 1.8634, 0.5757), 1.0000),
    (RED, (50, 3.2592, 0.3350), 1.0000),
    ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ((63.0109, -31.0961, -5.8663), (62.8187, -29.7946, -4.0864), 1.2630),
    ((61.2901, 3.7196, -5.3901), (61.4292, 2.2480, -4.9620), 1.8731),
    ((35.0831, -44.1164, 3.7933), (35.0232, -40.0716, 1.5901), 1.8645),
    ((22.7233, 20.0904, -46.6940), (23.0331, 14.9730, -42.5619), 2.0373),
    ((36.4612, 47.8580, 18.3852), (36.2715, 50.5065, 21.2231), 1.4146),
    ((90.8027, -2.0831, 1.4410), (91.1528, -1.6435, 0.0447), 1.4441),
    ((90.9257, -0.5406, -0.9208), (88.6381, -0.8985, -0.7239), 1.5381),
    ((6.7747, -0.2908, -2.4247), (5.8714, -0.0985, -2.2286), 0.6377),
    ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
]
"""The pairs and differences that Sharma, Wu and Dalal (2005, table 1) publish."""


@pytest.mark.parametrize(("lab1", "lab2", "expected"), SHARMA)
def test_differences_are_those_that_sharma_publishes(lab1, lab2, expected):
    assert ciede2000(np.array(lab1), np.array(lab2)) == pytest.approx(expected, abs=5e-5)
    assert ciede2000(np.array(lab2), np.array(lab1)) == pytest.approx(expected, abs=5e-5)


def test_differences_are_those_of_scikit_image():
    rng = np.random.default_rng(0)
    lab1 = rng.uniform((0, -110, -110), (100, 110, 110), (40, 50, 3))
    lab2 = lab1 + rng.normal(0, 1, (40, 50, 1)) * rng.normal(0, 15, (40, 50, 3))
    assert np.allclose(ciede2000(lab1, lab2), deltaE_ciede2000(lab1, lab2), atol=1e-6)


def test_equal_colours_do_not_differ_and_shapes_broadcast():
    lab = np.random.default_rng(1).normal(0, 30, (5, 4, 3)).astype(np.float32)
    assert not ciede2000(lab, lab).any()
    assert ciede2000(lab, lab[0, 0]).shape == (5, 4)


def test_zeros_of_either_sign_are_the_same_grey():
    grey, minus = np.array([50.0, 0.0, 0.0]), np.array([50.0, -0.0, -0.0])
    green = np.array([60.0, -30.0, 20.0])
    assert ciede2000(grey, green) == ciede2000(minus, green)
