from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from creative_gen.latent import area_average as module
from creative_gen.latent.area_average import area_average, premultiplied
from creative_gen.media.image import Image


def average(image: Image, height: int, width: int) -> NDArray[np.float32]:
    steps = area_average(image, height, width)
    while True:
        try:
            assert 0 < next(steps) <= 1
        except StopIteration as last:
            result: NDArray[np.float32] = last.value
            return result


def shares(old: int, new: int) -> NDArray[np.float64]:
    """How much of each old value a new one covers (new, old), by the lengths of overlaps."""
    starts, ends = (np.arange(new) + part for part in (0, 1))
    lows = np.maximum.outer(starts * old / new, np.arange(old))
    highs = np.minimum.outer(ends * old / new, np.arange(old) + 1)
    overlap = np.clip(highs - lows, 0, None)
    return overlap / overlap.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("size", [(5, 7), (13, 4), (20, 20), (20, 31), (1, 1), (47, 62)])
@pytest.mark.parametrize("channels", [1, 2, 3, 4])
def test_pixels_are_the_means_of_their_areas(size: tuple[int, int], channels: int) -> None:
    random = np.random.default_rng(channels)
    image = Image(random.integers(0, 256, (20, 31, channels)).astype(np.uint8))
    expected = np.einsum(
        "iy,jx,yxc->ijc", shares(20, size[0]), shares(31, size[1]), premultiplied(image)
    )
    np.testing.assert_allclose(average(image, *size), expected, atol=2e-6)


def test_a_large_picture_is_read_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    random = np.random.default_rng(0)
    image = Image(random.integers(0, 65536, (90, 40, 4)).astype(np.uint16))
    whole = average(image, 37, 11)
    monkeypatch.setattr(module, "_BLOCK", 200)
    assert len(list(area_average(image, 37, 11))) > 10
    np.testing.assert_allclose(average(image, 37, 11), whole, atol=1e-6)


def test_what_is_clear_has_no_colour() -> None:
    pixels = np.array([[[255, 0, 0, 255], [0, 255, 0, 0]]], np.uint8)
    (pixel,) = average(Image(pixels), 1, 1)
    np.testing.assert_allclose(pixel, [[0.5, 0, 0, 0.5]])


def test_pixel_art_gets_sharp_squares() -> None:
    pixels = np.random.default_rng(1).integers(0, 256, (4, 5, 3)).astype(np.uint8)
    larger = average(Image(pixels), 12, 15)[..., :3]
    np.testing.assert_array_equal(
        np.round(255 * larger).astype(np.uint8), pixels.repeat(3, axis=0).repeat(3, axis=1)
    )
