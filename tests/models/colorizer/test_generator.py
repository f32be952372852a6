from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from creative_gen.interface.errors import UnknownTask
from creative_gen.interface.image_options import ColorizeOptions, UpscaleOptions
from creative_gen.interface.jobs import Output, Progress, Request
from creative_gen.media.color_space import gray_level
from creative_gen.media.image import Image
from creative_gen.models.colorizer.generator import ColorizerGenerator
from creative_gen.store.asset import Asset
from tests.toy_pictures import colored, hints, line_drawing, photo
from tests.toy_pictures_assets import write_colorizer


@pytest.fixture(scope="module")
def generator(tmp_path_factory: pytest.TempPathFactory) -> ColorizerGenerator:
    return ColorizerGenerator(Asset(write_colorizer(tmp_path_factory.mktemp("assets"))))


def gray(height: int = 60, width: int = 80) -> np.ndarray:
    return gray_level(photo(height, width))[..., None]


def outputs(
    generator: ColorizerGenerator,
    image: Image,
    hint_layer: Image | None = None,
    **options: object,
) -> Sequence[Output]:
    given = ColorizeOptions(**({"seed": 0} | options))
    inputs = {"image": image} | ({"hints": hint_layer} if hint_layer else {})
    *steps, last = generator.run(Request("image.colorize", inputs, given))
    shares = [step.fraction for step in steps]
    assert all(isinstance(step, Progress) for step in steps)
    assert shares == sorted(shares) and shares[0] >= 0 and shares[-1] <= 1
    return last


def test_count_gives_as_many_with_seeds_of_their_own(generator: ColorizerGenerator):
    made = outputs(generator, Image(gray()), count=3, seed=7)
    assert [output.details for output in made] == [
        {"seed": seed, "mode": "tones"} for seed in (7, 8, 9)
    ]
    assert not np.array_equal(made[0].value.pixels, made[1].value.pixels)
    alone = outputs(generator, Image(gray()), seed=8)
    np.testing.assert_array_equal(made[1].value.pixels, alone[0].value.pixels)
    for output in made:
        np.testing.assert_array_equal(gray_level(output.value.pixels), gray()[..., 0])


@pytest.mark.parametrize(
    ("pixels", "mode", "expected"),
    [
        (line_drawing(), "auto", "lines"),
        (line_drawing(), "tones", "tones"),
        (gray(), "auto", "tones"),
        (gray(), "lines", "lines"),
    ],
)
def test_the_mode_is_told_or_said(
    generator: ColorizerGenerator, pixels: np.ndarray, mode: str, expected: str
):
    (output,) = outputs(generator, Image(pixels), mode=mode)
    assert output.details["mode"] == expected
    assert output.notes == ()


@pytest.mark.parametrize("pixels", [photo(40, 50), colored()])
def test_a_coloured_picture_goes_on_from_its_lightness(
    generator: ColorizerGenerator, pixels: np.ndarray
):
    (output,) = outputs(generator, Image(pixels))
    assert output.notes == ("The picture is coloured already: its lightness is used.",)
    np.testing.assert_array_equal(gray_level(output.value.pixels), gray_level(pixels))
    assert not np.array_equal(output.value.pixels, pixels)


def test_hints_of_another_size_are_resized_with_a_note(generator: ColorizerGenerator):
    layer = Image(hints(30, 40))
    (output,) = outputs(generator, Image(gray()), layer)
    assert output.notes == (
        "The hints were resized from 40 x 30 to 80 x 60 pixels, the size of the picture.",
    )
    stretched = hints(30, 40).repeat(2, axis=0).repeat(2, axis=1)
    (same,) = outputs(generator, Image(gray()), Image(stretched))
    np.testing.assert_array_equal(output.value.pixels, same.value.pixels)
    assert same.notes == ()


def test_hints_are_followed(generator: ColorizerGenerator):
    flat = np.full((96, 96, 1), 128, np.uint8)
    (output,) = outputs(generator, Image(flat), Image(hints()), mode="tones")
    pixels = output.value.pixels.astype(int)
    upper, lower = pixels[32, 40], pixels[71, 40]
    assert upper[0] > upper[2] + 60 and lower[2] > lower[0] + 60


def test_a_layer_without_strokes_is_told(generator: ColorizerGenerator):
    layer = np.zeros((60, 80, 4), np.uint8)
    (output,) = outputs(generator, Image(gray()), Image(layer))
    assert output.notes == ("The hints have no strokes: nothing in them is half opaque.",)
    (without,) = outputs(generator, Image(gray()))
    np.testing.assert_array_equal(output.value.pixels, without.value.pixels)


def test_what_the_file_says_is_kept_but_the_grey_profile(generator: ColorizerGenerator):
    image = Image(gray(), None, b"exif", (72.0, 72.0), {"Title": "Hill"})
    (output,) = outputs(generator, image)
    made = output.value
    assert (made.exif, made.dpi, dict(made.text)) == (b"exif", (72.0, 72.0), {"Title": "Hill"})
    assert made.channels == 3


def test_other_tasks_are_refused(generator: ColorizerGenerator):
    request = Request("image.upscale", {"image": Image(gray())}, UpscaleOptions())
    with pytest.raises(UnknownTask):
        generator.run(request)


def test_a_closed_request_stops(generator: ColorizerGenerator, tmp_path: Path):
    steps = generator.run(
        Request("image.colorize", {"image": Image(gray())}, ColorizeOptions(seed=0))
    )
    next(steps)
    steps.close()
    assert list(steps) == []
