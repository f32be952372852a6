"""Real training at toy size: it learns, goes on after a stop, is exported and measured."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from creative_gen.engine.registry import Registry  # noqa: E402
from creative_gen.fitting.finished import FinishedRun  # noqa: E402
from creative_gen.interface.errors import InvalidRequest  # noqa: E402
from creative_gen.kernels.feed_forward import FeedForward  # noqa: E402
from creative_gen.media.atomic import write_files  # noqa: E402
from creative_gen.media.errors import MediaError  # noqa: E402
from creative_gen.models.gan.finished_run import export_run  # noqa: E402
from creative_gen.models.gan.recipe import read_recipe  # noqa: E402
from creative_gen.models.gan.training import train  # noqa: E402
from creative_gen.store.asset import Asset  # noqa: E402
from creative_gen.training.export import asset_files  # noqa: E402

RECIPE = """
folder = "toys"

[network]
side = 6
latent = 8
generator = [32]
discriminator = [32]

[objective]
batch = 32
learning_rate = 2e-3

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
    train(read_recipe(recipe), data, run, 60.0, seed=1, steps=steps, report=lambda _: None)


def made_by(recipe, run):
    """Pictures (200, 6, 6) of an exported run."""
    network = FeedForward(export_run(recipe, run).networks["decoder.onnx"])
    latent = np.random.default_rng(0).normal(size=(200, 8)).astype(np.float32)
    return network.run({"latent": latent})["picture"][:, 0]


def likeness(pictures, kinds):
    """The mean error to the nearer kind, and the share of the rarer kind."""
    errors = np.sqrt(np.square(pictures[:, None] - kinds).mean((2, 3)))
    return errors.min(1).mean(), np.bincount(errors.argmin(1), minlength=2).min() / len(pictures)


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["tensorflow", "jax"])
def test_both_backends_learn_both_kinds(backend, recipe, picture_data, two_kinds, tmp_path):
    if find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed")
    program = (
        "import sys; from pathlib import Path; "
        "from creative_gen.models.gan.recipe import read_recipe; "
        "from creative_gen.models.gan.training import train; "
        "recipe, data, run = map(Path, sys.argv[1:]); "
        "train(read_recipe(recipe), data, run, 60.0, steps=1000, report=lambda _: 0)"
    )
    root = str(Path(__file__).parents[3])
    environment = os.environ | {"KERAS_BACKEND": backend, "PYTHONPATH": root}
    arguments = [str(recipe), str(picture_data), str(tmp_path / "run")]
    subprocess.run([sys.executable, "-c", program, *arguments], env=environment, check=True)
    train_steps(recipe, picture_data, tmp_path / "begun", 1)
    begun, _ = likeness(made_by(recipe, tmp_path / "begun"), two_kinds)
    error, rarer = likeness(made_by(recipe, tmp_path / "run"), two_kinds)
    assert error < 0.4 * begun
    assert rarer > 0.1


@pytest.mark.slow
@pytest.mark.parametrize("game", ["minimax", "non-saturating"])
def test_a_run_goes_on_and_logs_both_players(game, recipe, picture_data, tmp_path):
    recipe.write_text(RECIPE.replace("batch = 32", f'batch = 32\ngame = "{game}"'))
    run = tmp_path / "run"
    train_steps(recipe, picture_data, run, 20)
    train_steps(recipe, picture_data, run, 60)
    first, last = log_of(run)
    assert (first["step"], last["step"]) == (20, 60)
    for name in ("discriminator_nats", "generator_nats", "accuracy", "divergence"):
        assert name in last and f"train_{name}" in last
    assert 0 <= last["accuracy"] <= 1
    assert (last["generator_nats"] < 0) == (game == "minimax")
    weights = FinishedRun(run).last_weights
    assert {name.split("/")[0] for name in weights} == {"generator", "discriminator"}


@pytest.mark.slow
def test_an_exported_run_is_measured(recipe, picture_data, tmp_path):
    run = tmp_path / "run"
    train_steps(recipe, picture_data, run, 30)
    exported = export_run(recipe, run)
    assert exported.tasks == ("image.generate", "image.edit")
    assert "drawn by the tests" in exported.licence_text
    family = Registry().family("gan")
    *_, files = asset_files(family, exported, "toy", "none", [picture_data / "toys"])
    folder = tmp_path / "toy"
    folder.mkdir()
    write_files(folder, files)
    figures = Asset(folder).card.metrics["toys"]
    assert figures["log_likelihood"] < figures["real_log_likelihood"]
    # After 30 steps it does not make what it was trained on.
    assert figures["nearest"] > 1


def test_pictures_of_another_size_are_refused(recipe, picture_data, tmp_path):
    recipe.write_text(RECIPE.replace("side = 6", "side = 7"))
    with pytest.raises(MediaError, match="6 x 6"):
        train_steps(recipe, picture_data, tmp_path / "run", 1)


def test_another_network_in_the_same_folder_is_refused(recipe, picture_data, tmp_path):
    run = tmp_path / "run"
    run.mkdir()
    config = read_recipe(recipe).network.model_copy(update={"latent": 9})
    (run / "config.json").write_text(config.model_dump_json())
    with pytest.raises(InvalidRequest, match="latent"):
        train_steps(recipe, picture_data, run, 1)
