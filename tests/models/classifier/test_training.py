"""Real training at toy size: it learns to tell shapes apart, goes on after a stop, is exported."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from creative_gen.fitting.finished import FinishedRun  # noqa: E402
from creative_gen.interface.errors import InvalidRequest  # noqa: E402
from creative_gen.measures.picture_features import CLASSIFIER, PictureFeatures  # noqa: E402
from creative_gen.media.errors import MediaError  # noqa: E402
from creative_gen.media.picture_set import read_picture_set  # noqa: E402
from creative_gen.models.classifier.finished_run import export_run  # noqa: E402
from creative_gen.models.classifier.recipe import read_recipe  # noqa: E402
from creative_gen.models.classifier.training import train  # noqa: E402

RECIPE = """
folder = "shapes"

[network]
side = 12
channels = 1
widths = [6, 8]
framing = "ink"

[objective]
batch = 32
learning_rate = 1e-2

[augmentation]
shift = 1

[card]
title = "Toy"
description = "For tests."
version = "1"
licence = "CC0-1.0"

[[card.data]]
name = "drawn by the tests"
licence = "CC0-1.0"
attribution = "creative_gen"
"""


@pytest.fixture
def recipe(tmp_path):
    path = tmp_path / "recipe.toml"
    path.write_text(RECIPE)
    return path


def log_of(run):
    return [json.loads(line) for line in (run / "log.jsonl").read_text().splitlines()]


def train_steps(recipe, data, run, steps):
    train(read_recipe(recipe), data, run, 60.0, seed=1, steps=steps)


@pytest.mark.slow
def test_training_tells_shapes_apart_and_goes_on(recipe, picture_sets, tmp_path):
    run = tmp_path / "run"
    train_steps(recipe, picture_sets, run, 1)
    train_steps(recipe, picture_sets, run, 150)
    first, last = log_of(run)
    assert (first["step"], last["step"]) == (1, 150)
    assert first["accuracy"] < 0.6
    assert last["accuracy"] > 0.95
    exported = export_run(recipe, run)
    assert exported.categories == ("bar", "pillar", "frame")
    assert exported.settings["framing"] == "ink"
    assert "drawn by the tests" in exported.licence_text
    # What plays is what was validated at the end, and not what was best before.
    valid = read_picture_set(picture_sets / "shapes" / "valid.npz")
    named = PictureFeatures(exported.networks[CLASSIFIER]).named(valid.pictures)
    assert np.mean(named == valid.labels) == pytest.approx(last["accuracy"], abs=1e-3)
    assert FinishedRun(run).last_weights.keys() == FinishedRun(run).best_weights.keys()


@pytest.mark.slow
def test_pictures_with_transparency_are_learnt_from(recipe, picture_sets, tmp_path):
    text = RECIPE.replace("shapes", "sprites").replace("channels = 1", "channels = 4")
    recipe.write_text(text.replace('framing = "ink"', 'framing = "whole"'))
    train_steps(recipe, picture_sets, tmp_path / "run", 150)
    (last,) = log_of(tmp_path / "run")
    assert last["accuracy"] > 0.95


def test_another_network_in_the_same_folder_is_refused(recipe, picture_sets, tmp_path):
    run = tmp_path / "run"
    run.mkdir()
    config = read_recipe(recipe).network.model_copy(update={"blocks": 2})
    (run / "config.json").write_text(config.model_dump_json())
    with pytest.raises(InvalidRequest, match="blocks"):
        train_steps(recipe, picture_sets, run, 1)


def test_pictures_of_another_size_are_refused(recipe, picture_sets, tmp_path):
    recipe.write_text(RECIPE.replace("side = 12", "side = 16"))
    with pytest.raises(MediaError, match="12 x 12 with 1 channels"):
        train_steps(recipe, picture_sets, tmp_path / "run", 1)


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["tensorflow", "jax"])
def test_both_backends_learn(backend, recipe, picture_sets, tmp_path):
    if find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed")
    program = (
        "import sys; from pathlib import Path; "
        "from creative_gen.models.classifier.recipe import read_recipe; "
        "from creative_gen.models.classifier.training import train; "
        "recipe, data, run = map(Path, sys.argv[1:]); "
        "train(read_recipe(recipe), data, run, 60.0, steps=120, report=lambda _: None)"
    )
    arguments = [str(recipe), str(picture_sets), str(tmp_path / "run")]
    root = str(Path(__file__).parents[3])
    environment = os.environ | {"KERAS_BACKEND": backend, "PYTHONPATH": root}
    subprocess.run([sys.executable, "-c", program, *arguments], env=environment, check=True)
    (last,) = log_of(tmp_path / "run")
    assert last["accuracy"] > 0.8
