from __future__ import annotations

import numpy as np
import pytest

from creative_gen.latent.enlarging import as_image, crisp
from creative_gen.latent.settings import LatentSettings
from creative_gen.media.bicubic import resize


def settings(channels: int, **other: object) -> LatentSettings:
    return LatentSettings.model_validate({"side": 8, "channels": channels, "latent": 2, **other})


def values(channels: int) -> np.ndarray:
    made = np.random.default_rng(channels).random((channels, 8, 8)).astype(np.float32)
    if channels == 4:
        made[:3] *= made[3:]
        made[:, :2] = 0
    return made


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_pixels_are_those_that_the_network_made(channels: int) -> None:
    made = values(channels)
    image = as_image(made, settings(channels))
    assert image.pixels.shape == (8, 8, channels)
    back = image.pixels / 255
    if channels == 4:
        assert (image.pixels[:2] == 0).all()
        back[..., :3] *= back[..., 3:]
    np.testing.assert_allclose(np.moveaxis(back, 2, 0), made, atol=1.02 / 255)


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_pixel_art_is_enlarged_in_whole_squares(channels: int) -> None:
    made = values(channels)
    small = as_image(made, settings(channels, enlarge="pixels"))
    large = as_image(made, settings(channels, enlarge="pixels"), 5)
    np.testing.assert_array_equal(large.pixels, np.kron(small.pixels, np.ones((5, 5, 1), np.uint8)))


def test_all_else_is_enlarged_smoothly() -> None:
    made = values(3)
    expected = resize(np.moveaxis(made, 0, 2), 24, 24).clip(0, 1)
    image = as_image(made, settings(3), 3)
    np.testing.assert_allclose(image.pixels / 255, expected, atol=0.51 / 255)


def test_what_is_clear_lends_no_colour_to_its_neighbours() -> None:
    made = np.zeros((4, 8, 8), np.float32)
    made[0, :, 4:] = made[3, :, 4:] = 1
    image = as_image(made, settings(4), 4)
    visible = image.pixels[..., 3] > 8
    assert visible.any() and not visible.all()
    assert (image.pixels[visible][:, 0] >= 253).all()
    assert (image.pixels[visible][:, 1:3] == 0).all()


def test_lines_of_drawings_stay_crisp() -> None:
    made = np.ones((1, 8, 8), np.float32)
    made[0, :, 3:5] = 0
    soft, sharp = (
        as_image(made, settings(1, framing=framing), 8).pixels for framing in ("whole", "ink")
    )
    between = [((pixels > 10) & (pixels < 245)).mean() for pixels in (soft, sharp)]
    assert between[1] < 0.75 * between[0]
    # The line is as wide as before.
    assert abs((sharp < 128).mean() - (soft < 128).mean()) < 0.03


def test_crisp_ink_rises_from_paper_to_black() -> None:
    ink = np.linspace(0, 1, 101, dtype=np.float32)
    assert (np.diff(crisp(ink)) >= 0).all()
    assert crisp(ink)[0] == 0 and crisp(ink)[-1] == 1


def test_overshoot_is_cut_off() -> None:
    made = np.zeros((1, 8, 8), np.float32)
    made[0, 3:5] = 1
    pixels = as_image(made, settings(1), 16).pixels
    assert pixels.min() == 0 and pixels.max() == 255
