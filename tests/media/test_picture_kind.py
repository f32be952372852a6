from __future__ import annotations

import io

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from creative_gen.media.picture_kind import looks_drawn
from tests import toy_pictures

SEEDS = pytest.mark.parametrize("seed", range(5))

Pixels = NDArray[np.uint8]


def as_jpeg(pixels: Pixels, quality: int) -> Pixels:
    content = io.BytesIO()
    Image.fromarray(pixels).save(content, "JPEG", quality=quality)
    return np.array(Image.open(content))


@SEEDS
@pytest.mark.parametrize("quality", [None, 90, 60])
@pytest.mark.parametrize("draw", [toy_pictures.clip_art, toy_pictures.line_drawing])
def test_drawings(draw: type, quality: int | None, seed: int) -> None:
    pixels = draw(200, seed)
    assert looks_drawn(as_jpeg(pixels, quality) if quality else pixels)
    assert looks_drawn(pixels.astype(np.uint16) * 257)


@SEEDS
@pytest.mark.parametrize("quality", [None, 90, 60])
def test_photographs(quality: int | None, seed: int) -> None:
    pixels = toy_pictures.photo(300, 400, seed)
    pixels = as_jpeg(pixels, quality) if quality else pixels
    assert not looks_drawn(pixels)
    assert not looks_drawn(pixels[..., 1:2])
    assert not looks_drawn(pixels.astype(np.uint16) * 257)


def test_a_large_photograph_with_a_white_frame() -> None:
    pixels = np.pad(
        toy_pictures.photo(900, 1200), ((90, 90), (90, 90), (0, 0)), constant_values=255
    )
    assert not looks_drawn(pixels)


@SEEDS
def test_tiles_and_sheets_of_them(seed: int) -> None:
    assert looks_drawn(toy_pictures.tile(32, seed))
    rows = [np.concatenate([toy_pictures.tile(32, 10 * seed + x) for x in range(5)], axis=1)] * 3
    assert looks_drawn(np.concatenate(rows))


def test_what_is_clear_does_not_count() -> None:
    random = np.random.default_rng(0)
    noise = random.integers(0, 256, (200, 200, 4)).astype(np.uint8)
    assert not looks_drawn(noise)
    noise[..., 3] = 0
    noise[50:150, 50:150] = 200, 30, 40, 255
    assert looks_drawn(noise)


@pytest.mark.parametrize("shape", [(1, 1), (1, 900), (900, 3), (9, 65), (65, 129), (130, 64)])
def test_any_shape(shape: tuple[int, int]) -> None:
    for channels in (1, 2, 3, 4):
        assert looks_drawn(np.zeros((*shape, channels), np.uint8))


def test_the_pixels_stay_as_they_are() -> None:
    pixels = toy_pictures.tile(80)
    before = pixels.copy()
    looks_drawn(pixels)
    assert np.array_equal(pixels, before)
