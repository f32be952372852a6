"""The small pictures of pairs, against SciPy, plain loops and Pillow."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.ndimage import gaussian_filter

from creative_gen.media.bicubic import shrink
from creative_gen.models.upscaler.degradation import DEGRADATIONS, degrade, gaussian_blur, scan
from tests.toy_pictures import clip_art, photo

SCALES = (2, 3, 4)


def random(seed: int = 0) -> np.random.Generator:
    return np.random.default_rng(seed)


@pytest.mark.parametrize("scale", SCALES)
@pytest.mark.parametrize("name", DEGRADATIONS)
def test_the_small_picture_is_as_many_times_smaller(name: str, scale: int) -> None:
    small = degrade(name, photo(48, 96), scale, random())
    assert (small.shape, small.dtype) == ((48 // scale, 96 // scale, 3), np.uint8)


@pytest.mark.parametrize("name", DEGRADATIONS)
def test_the_large_picture_is_left_as_it_is(name: str) -> None:
    large = photo(48, 48)
    degrade(name, large, 2, random())
    assert np.array_equal(large, photo(48, 48))


@pytest.mark.parametrize("scale", SCALES)
def test_bicubic_is_that_of_the_benchmarks(scale: int) -> None:
    exact = shrink(clip_art(96).astype(np.float32), scale)
    assert exact.min() < 0 or exact.max() > 255  # it is clipped, and not wrapped
    small = degrade("bicubic", clip_art(96), scale, random())
    assert np.abs(small - exact.clip(0, 255)).max() <= 0.5


@pytest.mark.parametrize("scale", SCALES)
def test_box_is_the_mean_of_what_is_covered(scale: int) -> None:
    large = photo(24, 36)
    small = degrade("box", large, scale, random())
    for y, x in np.ndindex(24 // scale, 36 // scale):
        cell = large[y * scale : (y + 1) * scale, x * scale : (x + 1) * scale]
        assert np.abs(small[y, x] - cell.mean(axis=(0, 1), dtype=np.float64)).max() <= 0.5


@pytest.mark.parametrize("scale", SCALES)
def test_point_gives_back_enlarged_pixels(scale: int) -> None:
    pixels = clip_art(24)
    enlarged = pixels.repeat(scale, axis=0).repeat(scale, axis=1)
    assert np.array_equal(degrade("point", enlarged, scale, random()), pixels)


def test_point_makes_no_new_colours() -> None:
    def colors(pixels: np.ndarray) -> set[tuple[int, ...]]:
        return set(map(tuple, pixels.reshape(-1, 3).tolist()))

    large = clip_art(96)
    assert colors(degrade("point", large, 3, random())) <= colors(large)
    assert not colors(degrade("bicubic", large, 3, random())) <= colors(large)


@pytest.mark.parametrize("sigma", [0.2, 0.7, 2.0, 4.0])
def test_the_blur_is_gaussian(sigma: float) -> None:
    pixels = photo(24, 30).astype(np.float32)
    expected = gaussian_filter(pixels.astype(np.float64), (sigma, sigma, 0), mode="reflect")
    np.testing.assert_allclose(gaussian_blur(pixels, sigma), expected, atol=1e-3)


def test_the_blur_may_be_wider_than_the_picture() -> None:
    pixels = photo(6, 5).astype(np.float32)
    expected = gaussian_filter(pixels.astype(np.float64), (4, 4, 0), mode="reflect")
    np.testing.assert_allclose(gaussian_blur(pixels, 4.0), expected, atol=1e-3)


def test_a_scan_is_chosen_by_the_generator() -> None:
    large = photo(48, 48)
    first, again, other = (degrade("scan", large, 2, random(seed)) for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


def test_a_scan_is_worse_than_bicubic_but_the_same_picture() -> None:
    """Between JPEG of the worst quality with all noise, and nearly nothing."""
    large = photo(96, 96)
    clean = degrade("bicubic", large, 2, random()).astype(np.float64)
    errors = [
        np.sqrt(np.mean((degrade("scan", large, 2, random(seed)) - clean) ** 2))
        for seed in range(30)
    ]
    assert 1.0 < min(errors) < 6.0 < max(errors) < 20.0


def test_the_noise_of_a_scan_grows_with_the_light() -> None:
    def spread(level: float) -> float:
        flat = np.full((128, 128, 3), level, np.float32)
        return float(np.mean([scan(flat, 2, random(seed)).std() for seed in range(20)]))

    dark, light = spread(40.0), spread(215.0)
    assert 0.5 < dark < light < 15.0


@pytest.mark.parametrize("name", ["bicubic", "box", "point"])
def test_only_scans_draw_from_the_generator(name: str) -> None:
    rng = random()
    degrade(name, photo(24, 24), 2, rng)
    assert rng.random() == random().random()


def test_an_unknown_degradation_is_refused() -> None:
    with pytest.raises(ValueError, match="'fax' is not one of bicubic, box, point, scan"):
        degrade("fax", photo(24, 24), 2, random())


def test_a_picture_that_cannot_be_divided_is_refused() -> None:
    with pytest.raises(ValueError, match="25 x 24 pixels cannot be divided by 2"):
        degrade("box", photo(24, 25), 2, random())
