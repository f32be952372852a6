from __future__ import annotations

import numpy as np
import pytest
from scipy.ndimage import map_coordinates

from creative_gen.media.bicubic import resize
from creative_gen.media.color_space import srgb_to_lab
from creative_gen.models.colorizer.lifting import Enlarged, GuidedColors
from tests.toy_pictures import clip_art


@pytest.mark.parametrize(("height", "width"), [(30, 70), (9, 5), (4, 3), (1, 1)])
def test_enlarged_is_linear_between_the_pixels(height: int, width: int):
    small = np.random.default_rng(0).random((4, 3, 2)).astype(np.float32)
    places = [(np.arange(n) + 0.5) * m / n - 0.5 for n, m in ((height, 4), (width, 3))]
    grid = np.meshgrid(*places, indexing="ij")
    larger = Enlarged(small, height, width)
    for channel in range(2):
        expected = map_coordinates(small[..., channel], grid, order=1, mode="nearest")
        np.testing.assert_allclose(larger.rows()[..., channel], expected, atol=1e-6)


def test_strips_are_those_of_the_whole():
    small = np.random.default_rng(0).random((6, 7, 5)).astype(np.float32)
    larger = Enlarged(small, 50, 40)
    strips = [larger.rows(start, min(start + 7, 50)) for start in range(0, 50, 7)]
    np.testing.assert_array_equal(np.concatenate(strips), larger.rows())


def halves(lab: np.ndarray, factor: int) -> np.ndarray:
    height, width = (side // factor for side in lab.shape[:2])
    return lab.reshape(height, factor, width, factor, -1).mean(axis=(1, 3))


def test_colours_stop_at_edges_of_the_lightness():
    lab = srgb_to_lab(clip_art(128, seed=2).astype(np.float32) / 255)
    coarse = halves(lab, 8)
    guided = GuidedColors(coarse[..., 1:], coarse[..., 0], 128, 128).rows(lab[..., 0])
    blurred = resize(coarse[..., 1:], 128, 128)
    errors = [np.abs(made - lab[..., 1:]).mean() for made in (guided, blurred)]
    assert errors[0] < 0.7 * errors[1]


def test_without_detail_the_colours_are_only_enlarged():
    coarse = np.random.default_rng(0).random((5, 5, 2)).astype(np.float32) * 40
    flat = np.full((5, 5), 50, np.float32)
    guided = GuidedColors(coarse, flat, 20, 30).rows(np.full((20, 30), 50, np.float32))
    np.testing.assert_allclose(guided, Enlarged(coarse, 20, 30).rows(), atol=1e-5)


def test_colours_do_not_run_away_with_the_lightness():
    lightness = np.linspace(40, 60, 25).reshape(5, 5).astype(np.float32)
    coarse = np.repeat(lightness[..., None], 2, axis=2)
    far = GuidedColors(coarse, lightness, 5, 5).rows(np.full((5, 5), 500, np.float32))
    assert (far < coarse + 20.01).all() and (far > coarse).all()
