from __future__ import annotations

import numpy as np
import pytest

from creative_gen.media.color_space import srgb_to_lab
from creative_gen.media.image import Image
from creative_gen.models.colorizer import strokes as module
from creative_gen.models.colorizer.strokes import Strokes, cells_with


def layer(height: int, width: int) -> np.ndarray:
    return np.zeros((height, width, 4), np.uint8)


def test_more_than_half_covered_is_a_hint():
    pixels = layer(1, 4)
    pixels[0, :, 3] = (0, 127, 128, 255)
    _, hinted = Strokes(Image(pixels), 1, 4).rows(0, 1)
    np.testing.assert_array_equal(hinted, [[False, False, True, True]])


def test_the_smallest_stroke_survives():
    pixels = layer(200, 300)
    pixels[150, 40] = (255, 0, 0, 255)
    mean, hinted = Strokes(Image(pixels), 200, 300).means(20, 32)
    assert list(zip(*np.nonzero(hinted), strict=True)) == [(15, 4)]
    red = srgb_to_lab(np.array([1, 0, 0], np.float32))
    np.testing.assert_allclose(mean[15, 4], red, rtol=1e-5)


def test_a_cell_has_the_mean_of_its_hints_alone(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "PIXELS", 64)
    random = np.random.default_rng(0)
    pixels = random.integers(0, 256, (24, 36, 4)).astype(np.uint8)
    mean, hinted = Strokes(Image(pixels), 24, 36).means(4, 6)
    lab = srgb_to_lab(pixels[..., :3].astype(np.float32) / 255).astype(np.float64)
    weights = (pixels[..., 3:] > 127).astype(np.float64)
    cells = (4, 6, 6, 6)
    total = (lab * weights).reshape(*cells, 3).sum(axis=(1, 3))
    np.testing.assert_allclose(mean, total / weights.reshape(*cells, 1).sum(axis=(1, 3)), atol=1e-4)
    assert hinted.all()


def test_a_small_layer_fills_every_cell():
    pixels = layer(2, 2)
    pixels[0, 0] = pixels[1, 1] = (0, 0, 255, 255)
    _, hinted = Strokes(Image(pixels), 2, 2).means(8, 8)
    np.testing.assert_array_equal(hinted, np.kron(np.eye(2), np.ones((4, 4))) > 0)


def test_a_layer_of_another_size_is_stretched():
    pixels = layer(4, 4)
    pixels[0, 3] = (9, 8, 7, 255)
    strokes = Strokes(Image(pixels), 8, 12)
    assert strokes.stretched and not Strokes(Image(pixels), 4, 4).stretched
    rgb, hinted = strokes.rows(0, 8)
    expected = np.zeros((8, 12), bool)
    expected[:2, 9:] = True
    np.testing.assert_array_equal(hinted, expected)
    np.testing.assert_allclose(rgb[0, 9] * 255, (9, 8, 7), atol=1e-4)
    np.testing.assert_array_equal(strokes.rows(1, 3)[1], expected[1:3])


def test_no_strokes_are_no_hints():
    assert not Strokes(Image(layer(5, 5)), 5, 5).means(3, 3)[1].any()


@pytest.mark.parametrize(("height", "width"), [(3, 4), (9, 12), (18, 5), (9, 30)])
def test_cells_with_anything_are_those_that_means_finds(height: int, width: int):
    mask = np.random.default_rng(0).random((9, 12)) < 0.1
    pixels = layer(9, 12)
    pixels[mask, 3] = 255
    _, expected = Strokes(Image(pixels), 9, 12).means(height, width)
    np.testing.assert_array_equal(cells_with(mask, height, width), expected)
