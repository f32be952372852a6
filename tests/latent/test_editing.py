from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from creative_gen.interface.errors import InvalidRequest
from creative_gen.latent.editing import mixed, working_out
from creative_gen.latent.enlarging import as_image
from creative_gen.latent.framing import NARROW
from creative_gen.latent.generator import LatentGenerator
from creative_gen.latent.place import Place
from creative_gen.latent.sampling import standard_normal
from creative_gen.media.image import Image
from tests.toy_latent_assets import TOY_DRAWINGS
from tests.toy_pictures import photo

Generators = dict[str, LatentGenerator]

PLACES = {
    "image": ([0.1, 0.2, -0.3, 0.4], "cat"),
    "a": ([0.5, 0.1, 0.2, -0.2], "cat"),
    "b": ([-0.2, 0.6, 0.1, 0.3], "face"),
    "c": ([0.4, -0.5, 0.2, 0.1], "alarm clock"),
}


@pytest.fixture
def images(generators: Generators) -> dict[str, Image]:
    player = generators["drawings"].player
    return {
        name: as_image(
            player.decode(np.array([latent], np.float32), player.labels([category]))[0],
            player.settings,
        )
        for name, (latent, category) in PLACES.items()
    }


def worked_out(
    generators: Generators,
    text: str,
    images: dict[str, Image],
    name: str = "drawings",
    **given: Any,
) -> Place:
    generator = generators[name]
    steps = working_out(generator.player, generator.categories, text, images, given.get("category"))
    shares = []
    while True:
        try:
            shares.append(next(steps).fraction)
        except StopIteration as last:
            assert shares == sorted(shares) and shares[-1] == pytest.approx(1)
            place: Place = last.value
            return place


@pytest.mark.parametrize(
    ("text", "label", "category"),
    [
        ("image", [1, 0, 0], "cat"),
        ("a - image + c", [0, 0, 1], "alarm clock"),
        ("0.75*b + 0.25*c", [0, 0.75, 0.25], "face"),
        ("a - b + c", [0.5, 0, 0.5], "cat"),
        ("2*a + 2*b", [0.5, 0.5, 0], "cat"),
        ("b - c", [0, 1, 0], "face"),
        ("b - b", [0, 1, 0], "face"),
    ],
)
def test_sums_are_worked_out(
    generators: Generators,
    images: dict[str, Image],
    text: str,
    label: list[float],
    category: str,
):
    values = {name: np.array(latent) for name, (latent, _) in PLACES.items()}
    place = worked_out(generators, text, images)
    np.testing.assert_allclose(place.latent, eval(text, {}, values), atol=0.05)
    np.testing.assert_allclose(place.label, label, atol=1e-6)
    assert place.category == category


def test_seeds_and_pictures_are_mixed(generators: Generators, images: dict[str, Image]):
    place = worked_out(generators, "0.5*image + 0.5*7", images)
    seed = standard_normal(np.array([7], np.uint64), 4)[0]
    np.testing.assert_allclose(
        place.latent, 0.5 * np.array(PLACES["image"][0]) + 0.5 * seed, atol=0.05
    )
    # The seed 7 is of the second of three categories.
    np.testing.assert_allclose(place.label, [0.5, 0.5, 0])


def test_a_category_holds_for_all_of_it(generators: Generators, images: dict[str, Image]):
    place = worked_out(generators, "image + b - 7", images, category="face")
    np.testing.assert_allclose(place.label, [0, 1, 0])
    assert place.category == "face"


def test_without_classes_there_is_no_label(generators: Generators):
    place = worked_out(generators, "3 - 0.5*4", {}, "tiles")
    assert place.label.shape == (0,) and place.category is None
    three, four = standard_normal(np.array([3, 4], np.uint64), 6)
    np.testing.assert_allclose(place.latent, three - 0.5 * four, atol=1e-6)


def test_what_is_not_used_is_told(generators: Generators, images: dict[str, Image]):
    notes = worked_out(generators, "a", {"a": images["a"], "b": images["b"]}).notes
    assert notes == ("The picture 'b' was not used: it is not in 'a'.",)
    wide = {"a": Image(photo(20, 60)), "b": Image(photo(20, 60))}
    assert worked_out(generators, "a + b", wide, "tiles").notes == (NARROW.format(60, 20),)


def test_a_picture_that_is_missing_is_told_before_others_are_read(
    generators: Generators, images: dict[str, Image]
):
    with pytest.raises(InvalidRequest, match="no picture 'b'"):
        worked_out(generators, "a - b", {"a": images["a"]})


def test_mixtures_add_up_to_one():
    labels = np.eye(3, dtype=np.float32)[[0, 1, 2]]
    for factors in ([1, -1, 1], [0.2, 0.1, 0.1], [-1, -2, 0], [0, 0, 0]):
        whole = mixed(labels, np.array(factors, float))
        assert whole.min() >= 0
        assert whole.sum() == pytest.approx(1)
    assert len(TOY_DRAWINGS.classes) == 3
