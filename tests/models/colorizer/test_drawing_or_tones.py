from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image as PillowImage

from creative_gen.media.image import Image
from creative_gen.models.colorizer.drawing_or_tones import (
    crops,
    is_colored,
    is_line_drawing,
    on_white,
)
from tests.toy_pictures import clip_art, colored, line_drawing, photo


def gray(pixels: np.ndarray) -> np.ndarray:
    return pixels.mean(axis=-1, keepdims=True).round().astype(np.uint8)


def as_jpeg(pixels: np.ndarray, quality: int) -> np.ndarray:
    file = io.BytesIO()
    PillowImage.fromarray(pixels).save(file, "JPEG", quality=quality)
    return np.asarray(PillowImage.open(file).convert("RGB"))


@pytest.mark.parametrize("side", [64, 200, 700])
@pytest.mark.parametrize("seed", range(3))
def test_lines_on_paper_are_a_drawing(side: int, seed: int):
    pixels = line_drawing(side, seed)
    assert is_line_drawing(crops(Image(pixels)))
    assert not is_colored(crops(Image(pixels)))
    assert is_line_drawing(crops(Image(as_jpeg(pixels, 60))))


@pytest.mark.parametrize("seed", range(3))
def test_filled_shapes_and_photographs_are_tones(seed: int):
    for pixels in (photo(200, 300, seed), clip_art(200, seed), colored(200, seed)):
        assert not is_line_drawing(crops(Image(gray(pixels))))
        assert is_colored(crops(Image(pixels)))
        assert not is_colored(crops(Image(gray(pixels))))


def test_pencil_on_grey_paper_is_a_drawing():
    pixels = line_drawing(200).astype(np.float32)
    scanned = (220 - 0.5 * (255 - pixels)).astype(np.uint8)
    assert is_line_drawing(crops(Image(scanned)))


def test_lines_on_nothing_are_a_drawing():
    drawn = line_drawing(120)
    pixels = np.zeros((120, 120, 4), np.uint8)
    pixels[..., 3] = 255 - drawn[..., 0]
    assert is_line_drawing(crops(Image(pixels)))
    np.testing.assert_allclose(on_white(Image(pixels)) * 255, drawn, atol=0.01)


@pytest.mark.parametrize("level", [0, 128, 255])
def test_an_empty_sheet_is_no_drawing(level: int):
    assert not is_line_drawing(crops(Image(np.full((50, 50, 1), level, np.uint8))))


def test_noise_of_a_jpeg_is_no_colour():
    noisy = np.repeat(gray(photo(200, 200)), 3, axis=2).astype(np.int16)
    noisy += np.random.default_rng(0).integers(-5, 6, noisy.shape)
    assert not is_colored(crops(Image(noisy.clip(0, 255).astype(np.uint8))))


def test_crops_are_spread_over_the_picture():
    pixels = np.arange(600 * 20, dtype=np.uint16).reshape(600, 20, 1)
    taken = np.round(crops(Image(pixels))[..., 0] * 65535).astype(int)
    assert taken.shape == (4, 20, 20)
    assert taken.min() == 0 and taken.max() == 600 * 20 - 1
