"""Real training at toy size: it learns, goes on after a stop, and becomes an asset."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from creative_gen.fitting.finished import ExportFailed, FinishedRun  # noqa: E402
from creative_gen.fitting.picture_batches import as_floats  # noqa: E402
from creative_gen.interface.errors import InvalidRequest  # noqa: E402
from creative_gen.kernels.feed_forward import FeedForward  # noqa: E402
from creative_gen.latent.landmarks import landmarks_of  # noqa: E402
from creative_gen.latent.player import LatentPlayer  # noqa: E402
from creative_gen.media.errors import MediaError  # noqa: E402
from creative_gen.media.picture_set import read_picture_set  # noqa: E402
from creative_gen.models.dcgan import training  # noqa: E402
from creative_gen.models.dcgan.config import DCGANConfig  # noqa: E402
from creative_gen.models.dcgan.export import decoder_file  # noqa: E402
from creative_gen.models.dcgan.finished_run import export_run, trained_encoder  # noqa: E402
from creative_gen.models.dcgan.goals import Game  # noqa: E402
from creative_gen.models.dcgan.objective import Objective  # noqa: E402
from creative_gen.models.dcgan.recipe import read_recipe  # noqa: E402
from creative_gen.models.dcgan.training import (  # noqa: E402
    ENCODER,
    START,
    settle,
    train,
    trained_generator,
)

RECIPE = """
folder = "sprites"

[network]
side = 12
channels = 4
latent = 4
widths = [6, 8]
judge_widths = [6, 12]
encoder_widths = [6, 8]
refinements = 2

[objective]
batch = 16
learning_rate = 5e-3
encoder_learning_rate = 1e-2
average = 0.9
start_share = 0
encoder_share = 0.4

[playing]
enlarge = "pixels"

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
PAPER = RECIPE.replace("[network]", '[network]\nstyle = "paper"').replace(
    "[objective]",
    '[objective]\ngame = "non-saturating"\nsmoothness = 0\naugmentation = 0\nfalling = false',
)


@pytest.fixture
def recipe(tmp_path):
    path = tmp_path / "recipe.toml"
    path.write_text(RECIPE)
    return path


def log_of(run):
    return [json.loads(line) for line in (run / "log.jsonl").read_text().splitlines()]


def train_steps(recipe, data, run, steps, seed=1):
    train(read_recipe(recipe), data, run, 60.0, seed=seed, steps=steps, report=lambda _: None)


def made_by(decoder):
    """Pictures (64, 12, 12, 4) of a decoder's file: half discs, half bars."""
    latent = np.random.default_rng(0).normal(size=(64, 4)).astype(np.float32)
    label = np.eye(2, dtype=np.float32)[np.arange(64) % 2]
    made = FeedForward(decoder).run({"latent": latent, "label": label})["picture"]
    return np.moveaxis(made, 1, 3)


def unlikeness(pictures, real):
    """How far the mean and the deviation of each pixel's alpha are from those of real pictures."""
    made, wanted = ((one.mean(0), one.std(0)) for one in (pictures[..., 3], real[..., 3]))
    return sum(np.abs(a - b).mean() for a, b in zip(made, wanted, strict=True))


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["tensorflow", "jax"])
def test_both_backends_learn(backend, recipe, picture_sets, tmp_path):
    if find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed")
    program = (
        "import sys; from pathlib import Path; "
        "from creative_gen.models.dcgan.recipe import read_recipe; "
        "from creative_gen.models.dcgan.training import train; "
        "recipe, data, run = map(Path, sys.argv[1:]); "
        "train(read_recipe(recipe), data, run, 60.0, steps=600, report=lambda _: None)"
    )
    root = str(Path(__file__).parents[3])
    environment = os.environ | {"KERAS_BACKEND": backend, "PYTHONPATH": root}
    run = tmp_path / "run"
    arguments = [str(recipe), str(picture_sets), str(run)]
    subprocess.run([sys.executable, "-c", program, *arguments], env=environment, check=True)
    (game,), (encoder,) = log_of(run), log_of(run / ENCODER)
    # Six tenths of the steps are the game's.
    assert (game["step"], encoder["step"]) == (360, 240)
    exported = export_run(recipe, run, picture_sets)
    real = as_floats(read_picture_set(picture_sets / "sprites" / "valid.npz").pictures)
    made = made_by(exported.networks["decoder.onnx"])
    config = FinishedRun(run).config(DCGANConfig)
    untrained = Game(config, Objective())
    untrained.build()
    begun = made_by(decoder_file(config, untrained.generator))
    assert unlikeness(made, real) < 0.7 * unlikeness(begun, real)
    # Who finds nothing errs by 1, the variance of the prior.
    assert encoder["latent"] < 0.85


class Exported:
    """An exported run, as a player takes it."""

    name = "toy"

    def __init__(self, exported):
        self.exported = exported
        self.settings = exported.settings

    def read(self, name):
        return self.exported.networks[name]

    def arrays(self):
        return self.exported.weights


@pytest.mark.slow
def test_a_run_goes_on_in_both_phases_and_becomes_an_asset(recipe, picture_sets, tmp_path):
    run = tmp_path / "run"
    train_steps(recipe, picture_sets, run, 5)
    with np.load(run / ENCODER / "checkpoint.npz") as kept:
        cut = dict(kept)
    train_steps(recipe, picture_sets, run, 10)
    assert [line["step"] for line in log_of(run)] == [3, 6]
    assert [line["step"] for line in log_of(run / ENCODER)] == [2, 4]
    # As if it had been cut in the encoder's phase: the game is over, and stays as it is.
    game = FinishedRun(run).averaged_weights
    np.savez(run / ENCODER / "checkpoint.npz", **cut)
    train_steps(recipe, picture_sets, run, 10)
    assert [line["step"] for line in log_of(run / ENCODER)] == [2, 4, 4]
    for name, values in FinishedRun(run).averaged_weights.items():
        np.testing.assert_array_equal(values, game[name])
    encoder = FinishedRun(run / ENCODER)
    assert all(name.startswith("encoder/") for name in encoder.last_weights)

    with pytest.raises(InvalidRequest, match="training data") as raised:
        export_run(recipe, run)
    assert "--train-data" in raised.value.hint
    exported = export_run(recipe, run, picture_sets)
    assert exported.categories == ("disc", "bar") and exported.seed == 1
    assert {"image.reconstruct", "image.edit", "image.map"} < set(exported.tasks)
    assert exported.settings["enlarge"] == "pixels" and exported.settings["refinements"] == 2
    player = LatentPlayer(Exported(exported))
    assert len(landmarks_of(player, None)) == 200
    # What is played is the average of the weights, and not the last of them.
    config = FinishedRun(run).config(DCGANConfig)
    generator = trained_generator(config, read_recipe(recipe).objective, run)
    kernel = np.asarray(generator.enter.kernel)
    np.testing.assert_array_equal(kernel, game["generator/enter/kernel"])
    assert np.any(kernel != FinishedRun(run).last_weights["generator/enter/kernel"])
    # Look by look, as in training.
    pictures = as_floats(read_picture_set(picture_sets / "sprites" / "valid.npz").pictures[:4])
    encoding = trained_encoder(config, read_recipe(recipe), generator, run)
    labels = player.labels(["disc"] * 4)
    (*_, (latent, made)) = encoding.looks(pictures, labels)
    found = player.encode(np.moveaxis(pictures, 3, 1), labels).mean
    np.testing.assert_allclose(found, np.asarray(latent), atol=2e-2)
    played = np.moveaxis(player.decode(found, labels), 1, 3)
    np.testing.assert_allclose(played, np.asarray(made), atol=2e-2)


@pytest.mark.slow
def test_a_generator_may_begin_as_a_decoder(recipe, picture_sets, tmp_path):
    shares = "start_share = 0.8\nstart_learning_rate = 1e-2\nencoder_share = 0"
    recipe.write_text(
        RECIPE.replace("start_share = 0\nencoder_share = 0.4", shares + "\ndeviation = 0.1")
    )
    run = tmp_path / "run"
    train_steps(recipe, picture_sets, run, 100)
    (begun,), (game,) = log_of(run / START), log_of(run)
    assert (begun["step"], game["step"]) == (80, 20)
    assert begun["picture"] < begun["train_picture"]
    # A step of the game's rising rate moves it a little from where it began.
    first = FinishedRun(run / START).best_weights["generator/enter/kernel"]
    last = FinishedRun(run).last_weights["generator/enter/kernel"]
    untrained = Game(FinishedRun(run).config(DCGANConfig), Objective())
    untrained.build()
    moved, whole = (
        np.sqrt(np.square(last - one).mean())
        for one in (first, np.asarray(untrained.generator.enter.kernel))
    )
    assert 0 < moved < 0.3 * whole
    assert export_run(recipe, run).tasks == ("image.generate",)
    # What goes on begins from its own checkpoint, and not from the decoder again.
    train_steps(recipe, picture_sets, run, 101)
    again = FinishedRun(run).last_weights["generator/enter/kernel"]
    assert np.sqrt(np.square(again - last).mean()) < 0.3 * moved
    # It has begun: more steps are the game's.
    assert log_of(run / START) == [begun]


@pytest.mark.slow
def test_the_papers_recipe_trains_and_settles(recipe, picture_sets, tmp_path):
    recipe.write_text(PAPER.replace("encoder_share = 0.4", "encoder_share = 0"))
    run = tmp_path / "run"
    train_steps(recipe, picture_sets, run, 20)
    (line,) = log_of(run)
    assert line["step"] == 20 and np.isfinite(line["train_loss"])
    assert not (run / ENCODER).exists()
    with pytest.raises(ExportFailed, match="paper") as raised:
        export_run(recipe, run, picture_sets)
    assert "modern" in raised.value.hint
    config, goal = FinishedRun(run).config(DCGANConfig), read_recipe(recipe).objective
    generator = trained_generator(config, goal, run)
    again = trained_generator(config, goal, run)
    for one, other in zip(generator.variables, again.variables, strict=True):
        np.testing.assert_array_equal(np.asarray(one), np.asarray(other))
    # What it divides by is what a large batch would give.
    latent = np.random.default_rng(5).normal(size=(1000, 4)).astype(np.float32)
    labels = np.eye(2, dtype=np.float32)[np.arange(1000) % 2]
    first = np.asarray(generator.enter(np.concatenate([latent, labels], 1)))
    features = first.reshape(-1, config.widths[-1])
    norm = generator.norms[0]
    scale = features.std(0).max()
    np.testing.assert_allclose(norm.moving_mean, features.mean(0), atol=0.1 * scale)
    np.testing.assert_allclose(norm.moving_variance, features.var(0), rtol=0.15)
    settled = np.asarray(generator(latent, labels, training=False))
    wanted = np.asarray(generator(latent, labels, training=True))
    norm.moving_mean.assign(np.zeros(8))
    norm.moving_variance.assign(np.ones(8))
    new = np.asarray(generator(latent, labels, training=False))
    # Batches of 16 vary a little less than a large one.
    assert np.abs(settled - wanted).mean() < 0.1 * np.abs(new - wanted).mean()


def test_settling_takes_the_mean_of_what_batches_say(monkeypatch):
    """Nothing is left of what batch normalisation began with."""
    monkeypatch.setattr(training, "SETTLING", 40)
    config = DCGANConfig(side=8, style="paper", latent=3, widths=(3, 4), judge_widths=(3, 4))
    game = Game(config, Objective())
    game.build()
    norm = game.generator.norms[0]
    norm.moving_mean.assign([9.0] * 4)
    norm.moving_variance.assign([9.0] * 4)
    weights = [np.asarray(one).copy() for one in game.trainable_variables]
    noise = np.asarray(game.noise.state)
    settle(game, 4)
    game.noise.state.assign(noise)
    batches = [np.asarray(keras.random.normal((4, 3), seed=game.noise)) for _ in range(40)]
    features = [np.asarray(game.generator.enter(one)).reshape(-1, 4) for one in batches]
    mean = np.mean([one.mean(0) for one in features], 0)
    variance = np.mean([one.var(0) for one in features], 0)
    np.testing.assert_allclose(norm.moving_mean, mean, atol=1e-6)
    np.testing.assert_allclose(norm.moving_variance, variance, rtol=1e-3)
    for old, new in zip(weights, game.trainable_variables, strict=True):
        np.testing.assert_array_equal(old, np.asarray(new))


def test_pictures_of_another_size_are_refused(recipe, picture_sets, tmp_path):
    recipe.write_text(RECIPE.replace("channels = 4", "channels = 3"))
    with pytest.raises(MediaError, match="12 x 12 with 4 channels") as raised:
        train_steps(recipe, picture_sets, tmp_path / "run", 1)
    assert "12 x 12 with 3" in raised.value.hint
    assert not (tmp_path / "run").exists()


def test_another_network_or_seed_in_the_same_folder_is_refused(recipe, picture_sets, tmp_path):
    run = tmp_path / "run"
    run.mkdir()
    classes = read_picture_set(picture_sets / "toys" / "train.npz").classes
    config = read_recipe(recipe).network.model_copy(update={"classes": classes})
    (run / "config.json").write_text(config.model_copy(update={"latent": 9}).model_dump_json())
    with pytest.raises(InvalidRequest, match="latent"):
        train_steps(recipe, picture_sets, run, 1)
    others = config.model_copy(update={"classes": (*classes, "cat")})
    (run / "config.json").write_text(others.model_dump_json())
    with pytest.raises(InvalidRequest, match="classes") as raised:
        train_steps(recipe, picture_sets, run, 1)
    assert "data" in raised.value.hint
    (run / "config.json").write_text(config.model_dump_json())
    (run / "seed.txt").write_text("2\n")
    with pytest.raises(InvalidRequest, match="seed 2, not 1") as raised:
        train_steps(recipe, picture_sets, run, 1)
    assert "--seed 2" in raised.value.hint


def test_a_folder_that_is_no_run_is_not_exported(recipe, picture_sets, tmp_path):
    with pytest.raises(InvalidRequest, match=r"no config\.json") as raised:
        export_run(recipe, tmp_path, picture_sets)
    assert "--run" in raised.value.hint
