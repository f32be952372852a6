from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from itertools import islice
from typing import Any

import numpy as np
import pytest

from creative_gen.interface.errors import InvalidAsset, InvalidRequest, UnknownTask
from creative_gen.interface.image_options import ColorizeOptions
from creative_gen.interface.jobs import Output, Request
from creative_gen.interface.latent_options import (
    PictureClassifyOptions,
    PictureEditOptions,
    PictureGenerateOptions,
    PictureInterpolateOptions,
    PictureMapOptions,
    PictureReconstructOptions,
)
from creative_gen.interface.values import Labels
from creative_gen.latent.enlarging import as_image
from creative_gen.latent.generator import ALIKE, LatentGenerator
from creative_gen.latent.sampling import standard_normal
from creative_gen.latent.walks import interpolate
from creative_gen.media.image import Image
from creative_gen.store.asset import Asset
from tests.toy_latent_assets import DEVIATION, TOY_DRAWINGS, TOY_LANDMARKS, write_latent
from tests.toy_pictures import photo

Run = Callable[..., tuple[Output, ...]]
Generators = dict[str, LatentGenerator]
CLASSES = TOY_DRAWINGS.classes


def pixels(outputs: tuple[Output, ...]) -> list[np.ndarray]:
    return [np.asarray(output.value.pixels) for output in outputs]  # type: ignore[union-attr]


def decoded(
    generator: LatentGenerator, latent: np.ndarray, labels: np.ndarray, scale: int = 1
) -> list[np.ndarray]:
    made = generator.player.decode(np.atleast_2d(latent), np.atleast_2d(labels))
    return [np.asarray(as_image(one, generator.settings, scale).pixels) for one in made]


def picture(generators: Generators, name: str, latent: Any, category: str | None) -> Image:
    """A picture of the networks' own size whose place is known."""
    player = generators[name].player
    values = player.decode(np.asarray([latent], np.float32), player.labels([category]))
    return as_image(values[0], player.settings)


def generate(run: Run, name: str, **options: Any) -> tuple[Output, ...]:
    return run(name, PictureGenerateOptions(**({"seed": 7, "count": 4} | options)))


@pytest.mark.parametrize("name", ["drawings", "tiles", "noise"])
def test_each_picture_has_a_seed_of_its_own(run: Run, name: str):
    made = generate(run, name, count=9)
    assert [output.details["seed"] for output in made] == list(range(7, 16))
    assert len({one.tobytes() for one in pixels(made)}) == 9
    for output, whole in zip(made, pixels(made), strict=True):
        alone = generate(run, name, seed=output.details["seed"], count=1)
        np.testing.assert_array_equal(pixels(alone)[0], whole)
        assert alone[0].details == output.details


def test_pictures_are_decoded_from_the_prior(run: Run, generators: Generators):
    made = generate(run, "drawings", category="face", temperature=0.5, scale=3)
    latent = 0.5 * standard_normal(np.arange(7, 11, dtype=np.uint64), 4)
    labels = np.tile([0, 1, 0], (4, 1))
    expected = decoded(generators["drawings"], latent, labels, 3)
    np.testing.assert_array_equal(pixels(made), expected)
    assert pixels(made)[0].shape == (36, 36, 1)
    assert {output.details["category"] for output in made} == {"face"}


def test_without_a_category_each_picture_has_its_own(run: Run):
    made = generate(run, "drawings", seed=0, count=6)
    assert [output.details["category"] for output in made] == [*CLASSES, *CLASSES]
    assert "category" not in generate(run, "tiles")[0].details


def test_only_offered_categories_are_drawn(tmp_path, run: Run):
    offered = [{"name": name, "offered": name != "face"} for name in CLASSES]
    asset = Asset(write_latent(tmp_path, "some", categories=offered))
    *_, made = LatentGenerator(asset).run(
        Request("image.generate", {}, PictureGenerateOptions(seed=0, count=8))
    )
    assert {output.details["category"] for output in made} == {"cat", "alarm clock"}
    wanted = PictureGenerateOptions(seed=0, count=1, category="face")
    *_, (face,) = LatentGenerator(asset).run(Request("image.generate", {}, wanted))
    assert face.details["category"] == "face"


def test_an_asset_that_offers_what_it_does_not_know_is_refused(tmp_path):
    with pytest.raises(InvalidAsset, match="'dog'"):
        LatentGenerator(Asset(write_latent(tmp_path, categories=[{"name": "dog"}])))


def test_an_asset_of_one_thing_may_be_named(tmp_path, run: Run):
    with pytest.raises(InvalidRequest, match="does not know 'cat'") as error:
        generate(run, "tiles", category="cat")
    assert "leave the category out" in error.value.hint
    assert "category" not in generate(run, "tiles", category="tiles")[0].details


def test_pictures_that_must_be_alike_are_told(run: Run):
    alike = generate(run, "tiles", temperature=0.0, count=2)
    np.testing.assert_array_equal(*pixels(alike))
    assert alike[0].notes == (ALIKE,)
    assert generate(run, "drawings", temperature=0.0, count=3)[0].notes == ()
    assert generate(run, "tiles", temperature=0.0, count=1)[0].notes == ()


@pytest.mark.parametrize("scale", [1, 2, 5])
def test_pixel_art_gets_larger_in_squares(run: Run, scale: int):
    large, small = (pixels(generate(run, "tiles", scale=one)) for one in (scale, 1))
    np.testing.assert_array_equal(large[0], np.kron(small[0], np.ones((scale, scale, 1), "u1")))


def test_a_reconstruction_is_near_its_picture(run: Run, generators: Generators):
    image = picture(generators, "drawings", [0.5, -0.4, 0.3, 0.8], "alarm clock")
    (made,) = run("drawings", PictureReconstructOptions(seed=3), image=image)
    assert made.details == {"seed": 3, "category": "alarm clock"}
    assert made.notes == ()
    np.testing.assert_allclose(pixels((made,))[0].astype(int), image.pixels, atol=2)


def test_reconstructions_vary_as_much_as_the_encoder_is_unsure(run: Run, generators: Generators):
    latent = np.array([0.5, -0.4, 0.3, 0.8])
    image = picture(generators, "drawings", latent, "cat")
    options = PictureReconstructOptions(seed=5, count=3, temperature=1.0)
    made = run("drawings", options, image=image)
    noise = standard_normal(np.arange(5, 8, dtype=np.uint64), 4)
    expected = decoded(
        generators["drawings"], latent + DEVIATION * noise, np.tile([1, 0, 0], (3, 1))
    )
    np.testing.assert_allclose(np.array(pixels(made), int), np.array(expected, int), atol=4)
    alone = run("drawings", options.model_copy(update={"seed": 6, "count": 1}), image=image)
    np.testing.assert_array_equal(pixels(alone)[0], pixels(made)[1])


def test_a_given_category_is_believed(run: Run, generators: Generators):
    image = picture(generators, "drawings", [0.5, -0.4, 0.3, 0.8], "cat")
    told = run("drawings", PictureReconstructOptions(seed=3), image=image)
    given = run("drawings", PictureReconstructOptions(seed=3, category="face"), image=image)
    assert (told[0].details["category"], given[0].details["category"]) == ("cat", "face")
    assert (pixels(told)[0] != pixels(given)[0]).any()
    alike = run("drawings", PictureReconstructOptions(seed=3, count=2), image=image)
    assert alike[0].notes == (ALIKE,)


@pytest.mark.parametrize("path", ["spherical", "linear"])
def test_a_walk_mixes_places_and_classes(run: Run, generators: Generators, path: str):
    ends = np.array([[0.9, -0.4, 0.3, 0.8], [-0.5, 0.6, 0.7, 0.1]], np.float32)
    images = [
        picture(generators, "drawings", end, name)
        for end, name in zip(ends, ("cat", "alarm clock"), strict=True)
    ]
    options = PictureInterpolateOptions(steps=5, path=path)  # type: ignore[arg-type]
    made = run("drawings", options, first=images[0], second=images[1])
    assert [output.details["share"] for output in made] == [0, 0.25, 0.5, 0.75, 1]
    shares = np.linspace(0, 1, 5)[:, None]
    labels = (1 - shares) * [1, 0, 0] + shares * [0, 0, 1]
    latent = interpolate(ends[0], ends[1], 5, path)  # type: ignore[arg-type]
    expected = decoded(generators["drawings"], latent, labels.astype("f4"))
    np.testing.assert_allclose(np.array(pixels(made), int), np.array(expected, int), atol=3)
    assert [made[index].details["category"] for index in (0, 4)] == ["cat", "alarm clock"]


def test_an_edit_walks_along_a_direction(run: Run, generators: Generators):
    latent = np.array([0.2, -0.1, 0.3, 0.4], np.float32)
    image = picture(generators, "drawings", latent, "face")
    options = PictureEditOptions(direction="smile", amount="-1..1", steps=5)
    made = run("drawings", options, image=image)
    assert [output.details for output in made] == [
        {"amount": amount, "category": "face"} for amount in (-1, -0.5, 0, 0.5, 1)
    ]
    step = generators["drawings"].player.arrays["direction.smile"]
    moved = latent + np.linspace(-1, 1, 5)[:, None] * step
    expected = decoded(generators["drawings"], moved.astype("f4"), np.tile([0, 1, 0], (5, 1)))
    np.testing.assert_allclose(np.array(pixels(made), int), np.array(expected, int), atol=3)


def test_one_amount_makes_one_picture(run: Run, generators: Generators):
    image = picture(generators, "drawings", [0.2, -0.1, 0.3, 0.4], "face")
    options = PictureEditOptions(direction="width", amount="1.5")
    (made,) = run("drawings", options, image=image)
    assert made.details["amount"] == 1.5


def test_a_sum_of_a_seed_is_what_the_seed_generates(run: Run):
    for name in ("drawings", "tiles", "noise"):
        (made,) = run(name, PictureEditOptions(from_="9"))
        (generated,) = generate(run, name, seed=9, count=1)
        np.testing.assert_array_equal(pixels((made,))[0], pixels((generated,))[0])


@pytest.mark.parametrize(
    ("name", "options", "fault", "hint"),
    [
        ("drawings", {"direction": "smle"}, "no direction 'smle'", "smile, width"),
        ("noise", {"direction": "smile", "from_": "7"}, "no direction 'smile'", "none"),
        ("drawings", {}, "nothing to change", "smile, width"),
        ("noise", {}, "nothing to change", "--from"),
        ("drawings", {"direction": "smile"}, "no picture to start from", "--from 7"),
        ("drawings", {"from_": "a - b"}, "no picture 'a'", "--a picture.png"),
        ("drawings", {"from_": "7 + x"}, "'x' is no picture", "image, a, b, c, d"),
        ("drawings", {"from_": "7 +"}, "not a sum", "a - b + c"),
        ("drawings", {"from_": "7", "category": "dog"}, "does not know 'dog'", "cat, face"),
    ],
)
def test_an_edit_that_cannot_be_made_says_why(
    run: Run, name: str, options: dict[str, Any], fault: str, hint: str
):
    with pytest.raises(InvalidRequest, match=fault) as error:
        run(name, PictureEditOptions(**options))
    assert hint in error.value.hint


def test_what_has_no_encoder_takes_no_picture(run: Run):
    with pytest.raises(InvalidRequest, match="cannot take any"):
        run("noise", PictureReconstructOptions(seed=0), image=Image(photo(9, 9)))
    with pytest.raises(InvalidRequest, match="cannot take any"):
        run("noise", PictureEditOptions(from_="0.5*a"), a=Image(photo(9, 9)))


def test_the_likeliest_categories_are_named(run: Run, generators: Generators):
    image = picture(generators, "drawings", [0.2, -0.1, 0.3, 0.4], "alarm clock")
    (made,) = run("drawings", PictureClassifyOptions(top=2), image=image)
    assert isinstance(made.value, Labels)
    names = [label.name for label in made.value.labels]
    assert names[0] == "alarm clock" and len(names) == 2
    (whole,) = run("drawings", PictureClassifyOptions(), image=image)
    assert isinstance(whole.value, Labels)
    assert sum(label.probability for label in whole.value.labels) == pytest.approx(1)
    with pytest.raises(InvalidRequest, match="no categories"):
        run("tiles", PictureClassifyOptions(), image=image)


@pytest.mark.parametrize("name", ["drawings", "tiles"])
def test_a_map_shows_landmarks_and_the_picture(run: Run, name: str):
    (plain,) = run(name, PictureMapOptions(side=300))
    assert pixels((plain,))[0].shape == (300, 300, 3)
    assert plain.details == {"pictures": TOY_LANDMARKS}
    (marked,) = run(name, PictureMapOptions(side=300), image=Image(photo(40, 40)))
    assert 0 <= marked.details["x"] <= 1 and 0 <= marked.details["y"] <= 1
    assert (pixels((plain,))[0] != pixels((marked,))[0]).any()
    (few,) = run(name, PictureMapOptions(side=300, count=5))
    assert few.details == {"pictures": 5}


def test_a_map_may_show_one_category(run: Run):
    (made,) = run("drawings", PictureMapOptions(side=300, category="cat"))
    assert made.details == {"pictures": TOY_LANDMARKS // 3}
    with pytest.raises(InvalidRequest, match="does not know 'dog'"):
        run("drawings", PictureMapOptions(side=300, category="dog"))
    with pytest.raises(InvalidRequest, match="no map"):
        run("noise", PictureMapOptions(side=300))


@pytest.mark.parametrize(
    "options",
    [
        PictureGenerateOptions(seed=0, count=10_000, scale=32),
        PictureReconstructOptions(seed=0, count=100, scale=32),
        PictureInterpolateOptions(steps=1000, scale=32),
        PictureEditOptions(direction="light", steps=1000, scale=32),
    ],
    ids=lambda options: type(options).__name__,
)
def test_too_many_pixels_are_refused_at_once(generators: Generators, options: Any):
    # 12 pixels enlarged 32 times are too few to be too many: the limit is that of an asset of 64.
    generator = generators["tiles"]
    image = Image(photo(9, 9))
    inputs = {"image": image, "first": image, "second": image}
    settings = generator.settings
    generator.settings = settings.model_copy(update={"side": 64})
    try:
        if isinstance(options, PictureReconstructOptions):
            generator.settings = settings.model_copy(update={"side": 512})
        with pytest.raises(InvalidRequest, match="too much at once"):
            next(iter(generator.run(Request("image.any", inputs, options))))
    finally:
        generator.settings = settings


def test_other_tasks_are_refused(generators: Generators):
    with pytest.raises(UnknownTask):
        generators["tiles"].run(Request("image.colorize", {}, ColorizeOptions()))


def test_a_job_ends_where_it_is_closed(generators: Generators):
    options = PictureGenerateOptions(seed=0, count=10_000)
    steps = generators["drawings"].run(Request("image.generate", {}, options))
    assert len(list(islice(steps, 3))) == 3
    steps.close()  # type: ignore[attr-defined]
    assert list(steps) == []


def test_loading_a_generator_is_cheap():
    code = "import creative_gen.latent.generator, sys; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in ran.stdout.split()}
    assert not loaded & {"keras", "matplotlib", "onnxruntime", "scipy", "skimage", "sklearn"}
