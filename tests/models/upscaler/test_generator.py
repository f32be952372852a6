from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from creative_gen.interface.errors import UnknownTask
from creative_gen.interface.image_options import ColorizeOptions, UpscaleOptions
from creative_gen.interface.jobs import Output, Progress, Request
from creative_gen.media.image import Image
from creative_gen.models.upscaler.generator import UpscalerGenerator
from creative_gen.store.asset import Asset
from tests.toy_pictures import photo
from tests.toy_pictures_assets import write_upscaler


@pytest.fixture
def generator(tmp_path: Path) -> UpscalerGenerator:
    return UpscalerGenerator(Asset(write_upscaler(tmp_path)))


def test_a_request_ends_in_one_picture(generator: UpscalerGenerator):
    image = Image(photo(20, 30), b"profile", b"exif", (72.0, 96.0), {"Title": "Hill"})
    request = Request("image.upscale", {"image": image}, UpscaleOptions(scale=3))
    *steps, outputs = generator.run(request)
    assert steps and all(isinstance(step, Progress) for step in steps)
    (output,) = outputs
    assert isinstance(output, Output) and isinstance(output.value, Image)
    larger = output.value
    assert (larger.height, larger.width) == (60, 90)
    assert (larger.icc_profile, larger.exif) == (image.icc_profile, image.exif)
    assert dict(larger.text) == {"Title": "Hill"}
    # As large on paper as before.
    assert larger.dpi == (216.0, 288.0)
    assert output.details == {"scale": 3, "kind": "photo"}


def test_a_picture_without_a_size_on_paper_gets_none(generator: UpscalerGenerator):
    request = Request("image.upscale", {"image": Image(photo(4, 4))}, UpscaleOptions())
    *_, (output,) = generator.run(request)
    assert output.value.dpi is None
    assert np.asarray(output.value.pixels).shape == (8, 8, 3)


def test_other_tasks_are_refused(generator: UpscalerGenerator):
    request = Request("image.colorize", {"image": Image(photo(4, 4))}, ColorizeOptions())
    with pytest.raises(UnknownTask):
        generator.run(request)
