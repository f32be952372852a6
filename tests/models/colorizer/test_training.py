"""Real training at toy size: it learns colours and hints, and goes on after a stop."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from creative_gen.interface.errors import InvalidRequest  # noqa: E402
from creative_gen.models.colorizer.finished_run import export_run  # noqa: E402
from creative_gen.models.colorizer.recipe import read_recipe  # noqa: E402
from creative_gen.models.colorizer.training import train  # noqa: E402

RECIPE = """
[[sources]]
folder = "photos"
crops = 4

[[sources]]
folder = "drawings"
lines = true

[network]
size = 32
widths = [6, 8, 10, 12]
blocks = [0, 1, 1, 1]

[objective]
batch = 6
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


def train_steps(recipe, data, run, steps):
    train(read_recipe(recipe), data, run, 60.0, seed=1, steps=steps)


@pytest.mark.slow
def test_training_learns_both_kinds_and_goes_on(recipe, color_folders, tmp_path):
    run = tmp_path / "run"
    train_steps(recipe, color_folders, run, 1)
    train_steps(recipe, color_folders, run, 250)
    first, last = log_of(run)
    assert last["step"] == 250
    for name in ("tone_error", "line_error"):
        assert last[name] < 0.8 * first[name], name
    for name in ("tone_nats", "line_nats"):
        assert last[name] < first[name] - 0.2, name
    exported = export_run(recipe, run)
    assert set(exported.networks) == {"colorizer.onnx"}
    assert any(exported.settings["mean_color"])


def test_another_network_in_the_same_folder_is_refused(recipe, color_folders, tmp_path):
    run = tmp_path / "run"
    run.mkdir()
    config = read_recipe(recipe).network.model_copy(update={"size": 64})
    (run / "config.json").write_text(config.model_dump_json())
    with pytest.raises(InvalidRequest, match="size"):
        train_steps(recipe, color_folders, run, 1)


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["tensorflow", "jax"])
def test_both_backends_learn(backend, recipe, color_folders, tmp_path):
    if find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed")
    program = (
        "import sys; from pathlib import Path; "
        "from creative_gen.models.colorizer.recipe import read_recipe; "
        "from creative_gen.models.colorizer.training import train; "
        "recipe, data, run = map(Path, sys.argv[1:]); "
        "train(read_recipe(recipe), data, run, 60.0, steps=150, report=lambda _: None)"
    )
    arguments = [str(recipe), str(color_folders), str(tmp_path / "run")]
    root = str(Path(__file__).parents[3])
    environment = os.environ | {"KERAS_BACKEND": backend, "PYTHONPATH": root}
    subprocess.run([sys.executable, "-c", program, *arguments], env=environment, check=True)
    (last,) = log_of(tmp_path / "run")
    # Without having learnt, each of the 85 tones is as likely.
    assert last["tone_nats"] < np.log(85) - 0.2
