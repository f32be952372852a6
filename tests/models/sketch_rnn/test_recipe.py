from pathlib import Path

import numpy as np
import pytest

from creative_gen.interface.errors import InvalidRequest
from creative_gen.media.errors import MediaError
from creative_gen.media.quickdraw_npz import write_npz
from creative_gen.models.sketch_rnn.drawings import extent, positions
from creative_gen.models.sketch_rnn.recipe import Recipe, read_recipe, simplified

SHIPPED = Path(__file__).parents[3] / "creative_gen/models/sketch_rnn/recipes"

RECIPE = """
[network]
decoder_units = 8

[objective]
kl_weight = 0.25

[[source]]
category = "fish"
path = "fish.npz"
weight = 3
resimplified = 0.5

[[source]]
category = "star"
path = "many"
label = "little star"

[[source]]
category = "fish"
path = "more.npz"
"""


def line(points, step=(10, 0)):
    rows = np.zeros((points, 3), np.float32)
    rows[:, :2] = step
    rows[-1, 2] = 1
    return rows


def labelled(path, drawings, labels, classes):
    offsets = np.cumsum([0, *map(len, drawings)])
    arrays = {"strokes": np.concatenate(drawings), "offsets": offsets}
    np.savez(path, **arrays, label=np.array(labels), classes=np.array(classes))


@pytest.fixture
def folder(tmp_path):
    write_npz(tmp_path / "fish.npz", {"train": [line(4)] * 3 + [line(300)], "valid": [line(5)]})
    write_npz(tmp_path / "more.npz", {"train": [line(6)] * 2})
    (tmp_path / "many").mkdir()
    for split in ("train", "valid"):
        drawings = [line(7), line(8, (0, 5)), line(9)]
        classes = ["sun", "little star"]
        labelled(tmp_path / "many" / f"{split}.npz", drawings, [0, 1, 0], classes)
    (tmp_path / "recipe.toml").write_text(RECIPE)
    return tmp_path


def test_a_recipe_gives_the_network_its_categories(folder):
    recipe = read_recipe(folder / "recipe.toml")
    assert recipe.network.categories == ("fish", "star")
    assert recipe.network.decoder_units == 8 and recipe.objective.kl_weight == 0.25


def test_a_network_can_be_told_no_category(folder):
    path = folder / "recipe.toml"
    path.write_text("class_conditional = false\n" + RECIPE)
    recipe = read_recipe(path)
    assert recipe.network.categories == () and recipe.categories == ("fish", "star")


def test_sources_are_read_and_weighted(folder):
    drawings = read_recipe(folder / "recipe.toml").load(folder, "train")
    # 3 of fish.npz, as they are and simplified; one star; 2 of more.npz. 300 points are too many.
    assert [len(item) for item in drawings.items] == [4, 4, 4, 1, 1, 1, 8, 6, 6]
    assert list(drawings.category) == [0] * 6 + [1] + [0] * 2
    np.testing.assert_allclose(drawings.weight, [0.5] * 6 + [1] + [0.5] * 2)
    for item in drawings.items:
        assert extent(item) == pytest.approx(255, rel=1e-5)


def test_validation_has_no_second_versions_and_may_lack_a_source(folder):
    drawings = read_recipe(folder / "recipe.toml").load(folder, "valid")
    assert [len(item) for item in drawings.items] == [5, 8]


def test_simplifying_keeps_the_ends_and_corners():
    corner = np.concatenate([line(20)[:-1], line(21, (0, 10))])
    result = simplified(corner)
    assert len(result) == 2
    np.testing.assert_allclose(positions(result), [[0, 0], [190, 0], [190, 210]], atol=1e-3)


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (("kl_weight = 0.25", "kl_weihgt = 0.25"), "objective.kl_weihgt"),
        (("decoder_units = 8", "decoder_units = 0"), "network.decoder_units"),
        (("weight = 3", "weight = -3"), "source.0.weight"),
        (("[network]", "[network"), "not TOML"),
    ],
)
def test_a_wrong_recipe_says_where(folder, change, where):
    path = folder / "recipe.toml"
    path.write_text(RECIPE.replace(*change))
    with pytest.raises(InvalidRequest, match=where.replace("[", r"\[")) as raised:
        read_recipe(path)
    assert raised.value.hint


def test_a_missing_recipe_is_a_request_that_can_be_mended(tmp_path):
    with pytest.raises(InvalidRequest, match="cannot be read"):
        read_recipe(tmp_path / "none.toml")


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ({"path": "none.npz"}, "no file"),
        ({"path": "many", "label": "moon"}, "no class 'moon'"),
        ({"path": "long.npz"}, "no 'train' drawing of at most 250 points"),
    ],
)
def test_sources_without_drawings_are_refused(folder, source, message):
    write_npz(folder / "long.npz", {"train": [line(300)]})
    recipe = Recipe.model_validate({"source": [{"category": "fish"} | source]})
    with pytest.raises(MediaError, match=message):
        recipe.load(folder, "train")


def test_data_without_validation_drawings_are_refused(folder):
    recipe = Recipe.model_validate({"source": [{"category": "fish", "path": "more.npz"}]})
    with pytest.raises(MediaError, match="no 'valid' drawings"):
        recipe.load(folder, "valid")


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.toml")), ids=lambda path: path.name)
def test_shipped_recipes_can_be_read(path):
    assert read_recipe(path).network.categories
