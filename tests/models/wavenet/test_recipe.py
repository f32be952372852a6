from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from creative_gen.interface.errors import InvalidRequest
from creative_gen.media.clip_set import ClipSet
from creative_gen.media.errors import MediaError
from creative_gen.models.wavenet.recipe import (
    Recipe,
    pitch_ranges,
    read_recipe,
    source_of,
    sources_of,
)

SHIPPED = Path(__file__).parents[3] / "creative_gen/models/wavenet/recipes"

RECIPE = """
clips = "clips"

[network]
layers = 4
partials = 3
phases = 2

[objective]
batch_size = 2

[card]
title = "A toy"
description = "Notes."
version = "1"
licence = "CC0-1.0"

[[card.data]]
name = "None"
licence = "CC0-1.0"
attribution = "Nobody"
"""


def test_a_recipe_is_read(tmp_path: Path, toy_data: Path) -> None:
    (tmp_path / "toy.toml").write_text(RECIPE)
    recipe = read_recipe(tmp_path / "toy.toml")
    assert (recipe.network.layers, recipe.objective.batch_size) == (4, 2)
    assert recipe.card is not None and recipe.card.title == "A toy"
    assert len(recipe.load(toy_data, "train")) == 8
    assert recipe.load(toy_data, "valid").kinds == ("soft", "loud")


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (("layers = 4", "layres = 4"), "network.layres"),
        (("layers = 4", "layers = 40"), "network.layers"),
        (("phases = 2", "phases = 4"), "'network': .*not so many"),
        (("batch_size = 2", "batch_size = 0"), "objective.batch_size"),
        (('clips = "clips"', ""), "'clips'"),
        (("[network]", "[network"), "not TOML"),
    ],
)
def test_a_wrong_recipe_says_where(tmp_path: Path, change: tuple[str, str], where: str) -> None:
    path = tmp_path / "toy.toml"
    path.write_text(RECIPE.replace(*change))
    with pytest.raises(InvalidRequest, match=where) as raised:
        read_recipe(path)
    assert raised.value.hint


def test_recipes_that_cannot_be_read_are_requests_that_can_be_mended(tmp_path: Path) -> None:
    with pytest.raises(InvalidRequest, match="cannot be read"):
        read_recipe(tmp_path / "none.toml")
    (tmp_path / "noise.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InvalidRequest, match="not TOML"):
        read_recipe(tmp_path / "noise.toml")


def test_clips_of_another_rate_or_none_are_refused(tmp_path: Path, toy_data: Path) -> None:
    network = {"sample_rate": 22_050}
    recipe = Recipe.model_validate({"clips": "clips", "network": network})
    with pytest.raises(InvalidRequest, match="16000 Hz, the network 22050"):
        recipe.load(toy_data, "train")
    with pytest.raises(MediaError, match="not a set of clips"):
        recipe.load(tmp_path, "train")


def test_ranges_are_those_of_the_clips(toy_clips: Callable[..., ClipSet]) -> None:
    clips = toy_clips()
    assert pitch_ranges(clips) == ((57.0, 69.0), (59.0, 71.0))
    assert pitch_ranges(toy_clips(pitched=False)) == ((-1.0, -1.0), (-1.0, -1.0))
    clips.kind[:] = 1
    assert pitch_ranges(clips) == ((-1.0, -1.0), (57.0, 71.0))
    assert np.array(pitch_ranges(clips)).dtype == float


@pytest.mark.parametrize(
    ("told", "source"),
    [
        ("kit 0 key 38", ("kit 0 key 38", 0.0)),
        ("kit 0 key 38 x2.000", ("kit 0 key 38", 1.0)),
        ("kit 0 key 38 x0.500", ("kit 0 key 38", -1.0)),
        ("box x marks", ("box x marks", 0.0)),
        ("", ("", 0.0)),
    ],
)
def test_a_source_may_say_how_fast_it_is(told: str, source: tuple[str, float]) -> None:
    assert source_of(told) == source


def test_sources_are_counted_once_however_fast(toy_clips: Callable[..., ClipSet]) -> None:
    told = ("a", "b", "a x1.100", "b x0.900", "c", "b", "a", "d x1.2")
    clips = ClipSet(**vars(toy_clips()) | {"source": told})
    assert sources_of(clips) == (("a", "b", "c", "d"), (0, 1, 0, 1))


@pytest.mark.parametrize("path", sorted(SHIPPED.glob("*.toml")), ids=lambda path: path.name)
def test_shipped_recipes_can_be_read(path: Path) -> None:
    assert read_recipe(path).clips.name in path.stem
