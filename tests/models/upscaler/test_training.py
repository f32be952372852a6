"""Real training at toy size: it learns to enlarge better, goes on after a stop, and is exported."""

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
from creative_gen.models.upscaler.finished_run import export_run  # noqa: E402
from creative_gen.models.upscaler.recipe import read_recipe  # noqa: E402
from creative_gen.models.upscaler.training import train  # noqa: E402

RECIPE = """
[[sources]]
folder = "photos"

[[sources]]
folder = "clipart"
degradations = { bicubic = 0.5, box = 0.5 }

[network]
kind = "toy"
scales = [2, 4]
channels = 6
depth = 2

[objective]
patches = [4, 2]
patch = 16
learning_rate = 3e-3

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


def train_steps(recipe, data, run, steps, **options):
    train(read_recipe(recipe), data, run, 60.0, seed=1, steps=steps, **options)


@pytest.mark.slow
def test_training_beats_bicubic_and_goes_on(recipe, picture_folders, tmp_path):
    run = tmp_path / "run"
    train_steps(recipe, picture_folders, run, 1)
    train_steps(recipe, picture_folders, run, 250)
    first, last = log_of(run)
    assert (first["step"], last["step"]) == (1, 250)
    # After one step of a rising learning rate it is still bicubic.
    assert last["psnr_x2"] > first["psnr_x2"] + 1.0
    assert last["psnr_x4"] > first["psnr_x4"] + 0.3
    exported = export_run(recipe, run)
    assert exported.categories == ("toy",)
    assert set(exported.networks) == {"x2.onnx", "x4.onnx"}
    assert "drawn by the tests" in exported.licence_text


@pytest.mark.slow
def test_a_run_may_start_from_another(recipe, picture_folders, tmp_path):
    train_steps(recipe, picture_folders, tmp_path / "first", 3)
    recipe.write_text('start_from = "../first"\n' + RECIPE)
    train_steps(recipe, picture_folders, tmp_path / "second", 1)
    before, after = (FinishedRun(tmp_path / name).best_weights for name in ("first", "second"))
    moved = max(np.abs(before[name] - after[name]).max() for name in before)
    assert 0 < moved < 1e-3


@pytest.mark.slow
def test_an_adversarial_run_plays_and_keeps_its_last_weights(recipe, picture_folders, tmp_path):
    recipe.write_text(RECIPE.replace("patch = 16", "patch = 16\nadversarial = 1e-3"))
    run = tmp_path / "run"
    train_steps(recipe, picture_folders, run, 60)
    (last,) = log_of(run)
    # Two of a kind would give ln 2 to both.
    assert last["train_discriminator_nats"] < np.log(2) < last["train_generator_nats"]
    finished = FinishedRun(run)
    assert finished.last_weights.keys() == finished.best_weights.keys()
    assert "x2.onnx" in export_run(recipe, run).networks


def test_another_network_in_the_same_folder_is_refused(recipe, picture_folders, tmp_path):
    run = tmp_path / "run"
    run.mkdir()
    config = read_recipe(recipe).network.model_copy(update={"depth": 5})
    (run / "config.json").write_text(config.model_dump_json())
    with pytest.raises(InvalidRequest, match="depth"):
        train_steps(recipe, picture_folders, run, 1)


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["tensorflow", "jax"])
def test_both_backends_learn(backend, recipe, picture_folders, tmp_path):
    if find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed")
    program = (
        "import sys; from pathlib import Path; "
        "from creative_gen.models.upscaler.recipe import read_recipe; "
        "from creative_gen.models.upscaler.training import train; "
        "recipe, data, run = map(Path, sys.argv[1:]); "
        "train(read_recipe(recipe), data, run, 60.0, steps=60, report=lambda _: None)"
    )
    arguments = [str(recipe), str(picture_folders), str(tmp_path / "run")]
    root = str(Path(__file__).parents[3])
    environment = os.environ | {"KERAS_BACKEND": backend, "PYTHONPATH": root}
    subprocess.run([sys.executable, "-c", program, *arguments], env=environment, check=True)
    (last,) = log_of(tmp_path / "run")
    assert last["loss"] < last["train_loss"] * 1.5
    assert last["psnr_x2"] > 20
