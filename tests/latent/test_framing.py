from __future__ import annotations

from typing import Literal

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image as Pillow
from PIL import ImageCms, ImageDraw

from creative_gen.interface.errors import InvalidRequest
from creative_gen.latent.framing import NARROW, TURNED, framed
from creative_gen.latent.settings import FrameSettings
from creative_gen.media.image import Image
from tests.toy_pictures import photo

DRAWING = FrameSettings(side=28, channels=1, framing="ink", margin=2, line=2.0)


def house(
    side: int = 600, width: int = 12, ink: int = 0, paper: int = 255, part: float = 0.6
) -> Image:
    """A house with a door, in the lower right part of a sheet."""
    sheet = Pillow.new("L", (side, side), paper)
    corners = [(0, 1), (0, 0.4), (0.5, 0), (1, 0.4), (1, 1), (0, 1)]
    door = [(0.4, 1), (0.4, 0.6), (0.6, 0.6), (0.6, 1)]
    for line in (corners, door):
        points = [tuple(side * (0.95 - part + part * one) for one in point) for point in line]
        ImageDraw.Draw(sheet).line(points, ink, width, joint="curve")
    return Image(np.asarray(sheet)[..., None])


def picture(image: Image, settings: FrameSettings = DRAWING) -> NDArray[np.float32]:
    result = framed(image, settings).picture
    assert result.shape == (settings.channels, settings.side, settings.side)
    assert result.dtype == np.float32
    assert result.min() >= 0 and result.max() <= 1
    return result


def test_a_drawing_is_cut_out_and_centred() -> None:
    inked = picture(house())[0] < 0.5
    rows, columns = np.flatnonzero(inked.any(axis=1)), np.flatnonzero(inked.any(axis=0))
    assert (rows[0], rows[-1]) == (2, 25)
    assert (columns[0], columns[-1]) == (2, 25)
    assert framed(house(), DRAWING).notes == ()


@pytest.mark.parametrize(
    "other",
    [
        house(600, 3),
        house(600, 40),
        house(2400, 3),
        house(150, 4),
        house(1200, 20, part=0.2),
        house(600, 12, ink=170),
        house(600, 12, ink=60, paper=200),
        Image(house().pixels.repeat(3, axis=2)),
        house().with_bits(16),
    ],
)
def test_size_pen_and_place_change_little(other: Image) -> None:
    plain, framed_other = picture(house()), picture(other)
    assert abs((1 - framed_other).sum() / (1 - plain).sum() - 1) < 0.1
    assert np.abs(plain - framed_other).mean() < 0.05


def test_a_hairline_does_not_fade() -> None:
    assert picture(house(3000, 1)).min() < 0.1
    assert picture(house(3000, 1), DRAWING.model_copy(update={"line": 0.0})).min() < 0.1


def test_light_on_dark_is_told_and_turned() -> None:
    turned = framed(house(ink=255, paper=10), DRAWING)
    assert turned.notes == (TURNED,)
    np.testing.assert_allclose(turned.picture, picture(house()), atol=0.02)


def test_ink_on_a_clear_layer_is_a_drawing() -> None:
    gray = house().pixels
    clear = np.concatenate([np.zeros_like(gray), 255 - gray], axis=2)
    np.testing.assert_allclose(picture(Image(clear)), picture(house()), atol=0.01)
    white = np.concatenate([np.full_like(gray, 255), 255 - gray], axis=2)
    assert framed(Image(white), DRAWING).notes == (TURNED,)


def test_a_drawing_of_the_networks_own_size_is_taken_as_it_is() -> None:
    own = np.random.default_rng(0).integers(128, 256, (28, 28, 1)).astype(np.uint8)
    own[0], own[:, 0], own[-1], own[:, -1] = 255, 255, 255, 255
    np.testing.assert_allclose(picture(Image(own))[0], own[..., 0] / 255, atol=1e-6)
    np.testing.assert_allclose(picture(Image(255 - own))[0], own[..., 0] / 255, atol=1e-6)


@pytest.mark.parametrize(
    "blank",
    [
        Image(np.full((50, 60, 3), 255, np.uint8)),
        Image(np.zeros((50, 60, 1), np.uint8)),
        Image(np.full((1, 1, 3), 77, np.uint8)),
        Image(np.zeros((9, 9, 4), np.uint8)),
        Image(np.full((28, 28, 1), 255, np.uint8)),
    ],
)
def test_where_nothing_is_drawn_that_is_said(blank: Image) -> None:
    with pytest.raises(InvalidRequest, match="nothing drawn") as error:
        framed(blank, DRAWING)
    assert "Draw something" in error.value.hint


@pytest.mark.parametrize("shape", [(1, 3000), (3000, 1), (2, 2), (5, 900)])
def test_drawings_of_any_shape_fit(shape: tuple[int, int]) -> None:
    pixels = np.full((shape[0] + 8, shape[1] + 8, 1), 255, np.uint8)
    pixels[4:-4, 4:-4] = 0
    assert picture(Image(pixels)).min() < 0.5


def straightforward(image: Image, side: int) -> NDArray[np.float64]:
    """A square picture in a frame of which its side is a multiple, on white."""
    alpha = image.alpha()
    whole = image.rgb() if alpha is None else 1 + alpha[..., None] * (image.rgb() - 1)
    step = image.height // side
    return whole.reshape(side, step, side, step, 3).mean(axis=(1, 3)).astype(np.float64)


@pytest.mark.parametrize("bits", [8, 16])
def test_a_whole_picture_is_averaged_on_white(bits: Literal[8, 16]) -> None:
    alpha = np.random.default_rng(0).integers(0, 256, (48, 48, 1)).astype(np.uint8)
    for pixels in (photo(48, 48), np.concatenate([photo(48, 48), alpha], axis=2)):
        image = Image(pixels).with_bits(bits)
        expected = straightforward(image, 16)
        colors = picture(image, FrameSettings(side=16, channels=3))
        np.testing.assert_allclose(np.moveaxis(colors, 0, 2), expected, atol=1e-5)
        gray = picture(image, FrameSettings(side=16, channels=1))
        np.testing.assert_allclose(gray[0], expected @ [0.299, 0.587, 0.114], atol=1e-5)


def test_transparency_is_kept_and_multiplied() -> None:
    pixels = np.random.default_rng(0).integers(0, 256, (32, 32, 4)).astype(np.uint8)
    values = pixels / 255
    values[..., :3] *= values[..., 3:]
    expected = values.reshape(8, 4, 8, 4, 4).mean(axis=(1, 3))
    made = picture(Image(pixels), FrameSettings(side=8, channels=4))
    np.testing.assert_allclose(np.moveaxis(made, 0, 2), expected, atol=1e-5)
    opaque = picture(Image(pixels[..., :3]), FrameSettings(side=8, channels=4))
    assert (opaque[3] == 1).all()


def test_pixel_art_stays_exact() -> None:
    pixels = np.random.default_rng(2).integers(0, 256, (8, 8, 3)).astype(np.uint8)
    own = picture(Image(pixels), FrameSettings(side=8, channels=3))
    np.testing.assert_allclose(np.moveaxis(own, 0, 2), pixels / 255, atol=1e-6)
    twice = picture(
        Image(pixels.repeat(2, axis=0).repeat(2, axis=1)), FrameSettings(side=8, channels=3)
    )
    np.testing.assert_allclose(twice, own, atol=1e-6)


@pytest.mark.parametrize(("channels", "empty"), [(1, 1.0), (3, 1.0), (4, 0.0)])
def test_a_narrow_picture_has_margins(channels: int, empty: float) -> None:
    wide = Image(photo(20, 40))
    made = framed(wide, FrameSettings(side=16, channels=channels))  # type: ignore[arg-type]
    assert made.notes == (NARROW.format(40, 20),)
    assert (made.picture[:, [0, 3, 12, 15]] == empty).all()
    assert (made.picture[0, 4:12] != empty).any()
    thin = framed(Image(photo(1, 500)), FrameSettings(side=16, channels=4)).picture
    assert (thin[3].sum(axis=1) > 0).sum() == 1


def test_a_clear_picture_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="transparent"):
        framed(Image(np.zeros((9, 9, 4), np.uint8)), FrameSettings(side=8, channels=4))


def test_colours_are_those_of_the_profile() -> None:
    image = Image(photo(32, 32))
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    other = Image(photo(32, 32), icc_profile=profile)
    settings = FrameSettings(side=8, channels=3)
    # One that is of another kind of picture counts as sRGB.
    np.testing.assert_array_equal(picture(other, settings), picture(image, settings))
