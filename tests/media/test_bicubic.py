import math

import numpy as np
import pytest
from PIL import Image

from creative_gen.media.bicubic import resize, shrink, shrink_uint8
from tests.toy_pictures import clip_art, photo

NOISE = np.random.default_rng(0).random((23, 31, 3)).astype(np.float32)


def imresize_line(line, count, scale):
    """One line by the published algorithm, tap by tap in double precision.

    Keys (1981) with a = -1/2, stretched by 1 / scale when shrinking; output pixel i, counted
    from 1, is centred at i / scale + (1 - 1 / scale) / 2; a mirror stands at each end.
    """
    stretch = max(1, 1 / scale)
    result = []
    for i in range(1, count + 1):
        center = i / scale + (1 - 1 / scale) / 2
        first = math.floor(center - 2 * stretch)
        total = weights = 0.0
        for place in range(first, first + math.ceil(4 * stretch) + 2):
            weight = keys(abs(center - place) / stretch)
            total += weight * line[mirrored(place - 1, len(line))]
            weights += weight
        result.append(total / weights)
    return result


def keys(x):
    if x <= 1:
        return 1.5 * x**3 - 2.5 * x**2 + 1
    return -0.5 * x**3 + 2.5 * x**2 - 4 * x + 2 if x <= 2 else 0.0


def mirrored(place, count):
    while not 0 <= place < count:
        place = -1 - place if place < 0 else 2 * count - 1 - place
    return place


def imresize(picture, size, scale):
    columns = np.apply_along_axis(imresize_line, 0, picture.astype(float), size[0], scale[0])
    return np.apply_along_axis(imresize_line, 1, columns, size[1], scale[1])


@pytest.mark.parametrize("factor", [1, 2, 3, 4, 7, 40])
def test_shrinking_is_the_published_algorithm(factor):
    size = math.ceil(23 / factor), math.ceil(31 / factor)
    expected = imresize(NOISE, size, (1 / factor, 1 / factor))
    assert np.abs(shrink(NOISE, factor) - expected).max() < 2e-6


@pytest.mark.parametrize("size", [(46, 62), (92, 124), (10, 70), (70, 10), (23, 31), (1, 1)])
def test_any_size_is_the_published_algorithm(size):
    expected = imresize(NOISE, size, (size[0] / 23, size[1] / 31))
    assert np.abs(resize(NOISE, *size) - expected).max() < 2e-6


# Results of MATLAB for 8-bit pixels, as the tests of Octave's image package 2.14 quote them.
PIXELS = [
    [116, 227, 153, 69, 146, 194, 59, 130, 139, 106],
    [2, 47, 137, 249, 90, 75, 16, 24, 158, 44],
    [155, 68, 46, 84, 166, 156, 69, 204, 32, 152],
    [71, 221, 137, 230, 210, 153, 192, 115, 30, 118],
    [107, 143, 108, 52, 51, 73, 101, 21, 175, 90],
    [54, 158, 143, 77, 26, 168, 113, 229, 165, 225],
    [9, 47, 133, 135, 130, 207, 236, 43, 19, 73],
    [129, 60, 59, 243, 64, 181, 249, 56, 32, 86],
]
MATLAB = {
    2: [
        [105, 140, 126, 81, 109],
        [110, 134, 153, 114, 93],
        [108, 108, 94, 127, 146],
        [67, 126, 162, 149, 62],
    ],
    3: [[115, 135, 97, 101], [113, 119, 124, 125], [81, 157, 118, 64]],
}


@pytest.mark.parametrize("factor", [2, 3])
def test_eight_bits_shrink_to_what_matlab_gives(factor):
    pixels = np.uint8(PIXELS)[..., None]
    assert shrink_uint8(pixels, factor)[..., 0].tolist() == MATLAB[factor]
    # Rounded once at the end, some are one off.
    once = np.round(shrink(pixels.astype(np.float32), factor))[..., 0]
    assert np.abs(once - MATLAB[factor]).max() <= 1


@pytest.mark.parametrize("factor", [2, 3, 4])
@pytest.mark.parametrize("draw", [photo, clip_art])
def test_eight_bits_are_rounded_after_each_direction(factor, draw):
    pixels = draw(47)[:40]
    size = math.ceil(pixels.shape[0] / factor), math.ceil(pixels.shape[1] / factor)
    rows = np.apply_along_axis(imresize_line, 0, pixels.astype(float), size[0], 1 / factor)
    rows = np.floor(rows.clip(0, 255) + 0.5)
    expected = np.apply_along_axis(imresize_line, 1, rows, size[1], 1 / factor)
    shrunk = shrink_uint8(pixels, factor)
    assert shrunk.dtype == np.uint8
    assert np.abs(shrunk - expected.clip(0, 255)).max() <= 0.5001


@pytest.mark.parametrize("size", [(64, 48), (32, 24), (256, 192), (50, 99)])
def test_pillow_agrees_away_from_the_edges(size):
    # Pillow has the same kernel and antialiasing, and leaves out what lies beyond an edge.
    gray = photo(128, 96)[..., 1].astype(np.float32)
    pillow = np.asarray(Image.fromarray(gray).resize(size[::-1], Image.Resampling.BICUBIC))
    ours = resize(gray[..., None], *size)[..., 0]
    inside = tuple(slice(max(side // 10, 8), -max(side // 10, 8)) for side in size)
    assert np.abs(ours - pillow)[inside].max() < 1e-3


def test_a_flat_picture_stays_flat():
    flat = np.full((13, 9, 2), 0.7, np.float32)
    for picture in (resize(flat, 40, 5), shrink(flat, 3)):
        assert np.abs(picture - 0.7).max() < 1e-6


def test_edges_overshoot():
    step = np.repeat(np.float32([[[0], [1]]]), 8, axis=1)
    enlarged = resize(step, 2, 64)
    assert enlarged.min() < -0.05
    assert enlarged.max() > 1.05


def test_the_planes_are_scaled_alone():
    whole = resize(NOISE, 40, 17)
    for channel in range(3):
        alone = resize(NOISE[..., channel : channel + 1], 40, 17)
        assert np.abs(whole[..., channel : channel + 1] - alone).max() < 1e-6
