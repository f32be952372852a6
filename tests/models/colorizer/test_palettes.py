"""The palettes cover sRGB, and the nearest of their colours is found."""

import numpy as np
import pytest

from creative_gen.media.color_space import lab_to_srgb, srgb_to_lab
from creative_gen.models.colorizer.palettes import line_palette, nearest, tone_palette


@pytest.mark.parametrize("spacing", [10.0, 16.0, 25.0])
def test_every_color_has_a_tone_nearby(spacing):
    colors = srgb_to_lab(np.random.default_rng(0).random((5000, 3), np.float32))
    palette = tone_palette(spacing)
    found = palette[nearest(palette, colors[:, 1:])]
    # Half a cell's diagonal, a little more at the rim of the gamut.
    assert np.linalg.norm(found - colors[:, 1:], axis=1).max() < spacing * 1.1


@pytest.mark.parametrize("spacing", [20.0, 25.0])
def test_fills_are_colors_and_white_is_one(spacing):
    palette = line_palette(spacing)
    assert (palette == [100, 0, 0]).all(axis=1).any()
    rgb = lab_to_srgb(palette)
    assert rgb.min() > -0.011
    assert rgb.max() < 1.011


def test_the_nearest_is_the_nearest():
    rng = np.random.default_rng(1)
    palette, colors = rng.normal(size=(30, 3)), rng.normal(size=(4, 5, 3))
    distances = np.linalg.norm(colors[:, :, None] - palette, axis=-1)
    expected = distances.argmin(axis=-1)
    found = nearest(palette.astype(np.float32), colors.astype(np.float32))
    np.testing.assert_array_equal(found, expected)
