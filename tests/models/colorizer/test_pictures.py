"""Batches of pictures to learn colours from."""

import numpy as np
import pytest
from PIL import Image

from creative_gen.interface.errors import InvalidRequest
from creative_gen.media.color_space import srgb_to_lab
from creative_gen.models.colorizer.config import ColorizerConfig
from creative_gen.models.colorizer.objective import Objective
from creative_gen.models.colorizer.pictures import Batches
from creative_gen.models.colorizer.recipe import Source
from tests.toy_pictures import photo

CONFIG = ColorizerConfig(size=64)
PHOTOS = Source(folder="photos", crops=3)
DRAWINGS = Source(folder="drawings", lines=True)


def batches_of(data, *sources):
    folders = [data / source.folder / "train" for source in sources]
    return Batches(folders, sources, CONFIG, seed=0)


def unscaled(hints_or_colors):
    return hints_or_colors[..., :3] * [50, 110, 110] + [50, 0, 0]


def test_tones_are_told_their_own_lightness_and_color(color_folders):
    goal = Objective(batch=5, recolored=0, unhinted=0)
    batch = next(batches_of(color_folders, PHOTOS).draw(goal, [1]))
    assert not batch["lines"].any()
    assert (batch["share"] == 1).all()
    lightness = (batch["lightness"][..., 0] + 1) * 50
    cells = lightness.reshape(5, 32, 2, 32, 2).mean(axis=(2, 4))
    np.testing.assert_allclose(unscaled(batch["color"])[..., 0], cells, atol=1e-3)
    hinted = batch["hints"][..., 3] == 1
    assert hinted.any(axis=(1, 2)).all()
    # Every hint is the colour of where it is, or of its neighbourhood.
    colors = np.repeat(np.repeat(unscaled(batch["color"]), 2, 1), 2, 2)
    assert np.median(np.abs(unscaled(batch["hints"]) - colors)[hinted]) < 6


def test_drawings_are_told_what_is_between_the_lines(color_folders):
    goal = Objective(batch=6, recolored=0)
    batch = next(batches_of(color_folders, DRAWINGS).draw(goal, [1]))
    assert batch["lines"].all()
    paper = (batch["lightness"][..., 0] + 1) * 50 > 90
    shares = paper.reshape(6, 32, 2, 32, 2).mean(axis=(2, 4))
    np.testing.assert_allclose(batch["share"][..., 0], shares, atol=1e-6)
    # Black lines are no part of the colours that count.
    assert unscaled(batch["color"])[batch["share"][..., 0] > 0][:, 0].min() > 10


def test_classes_are_the_nearest_of_each_kinds_palette(color_folders):
    batches = batches_of(color_folders, PHOTOS, DRAWINGS)
    batch = next(batches.draw(Objective(batch=12), [2]))
    drawn = batch["lines"][:, 0] == 1
    assert 0 < drawn.sum() < 12
    assert batch["classes"][drawn].max() < len(batches.fills)
    assert batch["classes"][~drawn].max() < len(batches.tones)


def test_the_same_seed_gives_the_same_batches(color_folders):
    batches = batches_of(color_folders, PHOTOS, DRAWINGS)
    first, again, other = (next(batches.draw(Objective(batch=4), seed)) for seed in ([1], [1], [2]))
    assert all(np.array_equal(first[name], again[name]) for name in first)
    assert not np.array_equal(first["lightness"], other["lightness"])


def test_turned_hues_keep_lightness(color_folders):
    batches = batches_of(color_folders, PHOTOS)
    goal = {"batch": 4, "unhinted": 0, "most_hints": 60}
    kept, turned = (
        next(batches.draw(Objective(**goal, recolored=share), [7])) for share in (0.0, 1.0)
    )
    np.testing.assert_array_equal(kept["lightness"], turned["lightness"])
    chroma = [np.linalg.norm(one["color"][..., 1:], axis=-1) for one in (kept, turned)]
    np.testing.assert_allclose(*chroma, atol=1e-5)
    assert not np.allclose(kept["color"], turned["color"], atol=1e-2)


def test_rarer_colors_weigh_more(color_folders):
    batches = batches_of(color_folders, DRAWINGS)
    goal = Objective(batch=8)
    _, weights = batches.class_weights(goal, seed=0, batches=5)
    white = (batches.fills == [100, 0, 0]).all(axis=1)
    assert weights[white] == weights.min()
    even = Objective(batch=8, rebalancing=0)
    np.testing.assert_allclose(batches.class_weights(even, 0, 5)[1], 1)


def test_the_mean_color_is_that_of_the_pictures(color_folders, tmp_path):
    (tmp_path / "one" / "train").mkdir(parents=True)
    Image.fromarray(photo(72, 72)).save(tmp_path / "one" / "train" / "0.png")
    batches = batches_of(tmp_path, Source(folder="one"))
    expected = srgb_to_lab(photo(72, 72).astype(np.float32) / 255)[..., 1:].mean(axis=(0, 1))
    np.testing.assert_allclose(batches.mean_color(), expected, atol=0.01)
    assert batches_of(color_folders, DRAWINGS).mean_color() == (0, 0)


def test_an_empty_folder_is_told(tmp_path):
    with pytest.raises(InvalidRequest, match="no .png") as raised:
        batches_of(tmp_path, PHOTOS)
    assert "creative-gen data" in raised.value.hint
