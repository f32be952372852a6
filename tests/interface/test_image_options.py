from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from creative_gen.interface import image_options
from creative_gen.interface.errors import InvalidRequest
from creative_gen.interface.image_options import ColorizeOptions, UpscaleOptions, guessed_kind
from creative_gen.media.image import Image
from tests import toy_pictures


@pytest.mark.parametrize("channels", [1, 3])
def test_hints_without_transparency_are_refused(channels: int) -> None:
    hints = Image(np.zeros((4, 4, channels), np.uint8))
    with pytest.raises(InvalidRequest, match="no transparency") as raised:
        ColorizeOptions().check({"image": hints, "hints": hints})
    assert "layer" in raised.value.hint


def test_hints_may_be_missing_and_of_any_size() -> None:
    picture = Image(toy_pictures.line_drawing(32))
    ColorizeOptions().check({"image": picture})
    ColorizeOptions().check({"image": picture, "hints": Image(toy_pictures.hints(8, 9))})


def test_a_result_that_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    picture = Image(np.zeros((10, 20, 1), np.uint8))
    monkeypatch.setattr(image_options, "MAX_PIXELS", 10 * 20 * 9)
    UpscaleOptions(scale=3).check({"image": picture})
    with pytest.raises(InvalidRequest, match="a picture of 80 x 40 pixels"):
        UpscaleOptions(scale=4).check({"image": picture})
    ColorizeOptions(count=9).check({"image": picture})
    with pytest.raises(InvalidRequest, match="10 pictures of 20 x 10 pixels") as raised:
        ColorizeOptions(count=10).check({"image": picture})
    assert "1,800 pixels" in raised.value.hint


@pytest.mark.parametrize("scale", [0, 1, 5, 2.5, "large"])
def test_there_are_three_scales(scale: object) -> None:
    with pytest.raises(ValidationError, match="2, 3 or 4"):
        UpscaleOptions.model_validate({"scale": scale})


def test_the_kind_of_a_picture_is_told_from_it() -> None:
    assert guessed_kind({"image": Image(toy_pictures.photo())}) == "photo"
    assert guessed_kind({"image": Image(toy_pictures.clip_art())}) == "artwork"
