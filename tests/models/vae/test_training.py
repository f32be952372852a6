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

from creative_gen.fitting.finished import FinishedRun  # noqa: E402
from creative_gen.interface.errors import InvalidRequest  # noqa: E402
from creative_gen.kernels.feed_forward import FeedForward  # noqa: E402
from creative_gen.latent.landmarks import landmarks_of  # noqa: E402
from creative_gen.latent.player import LatentPlayer  # noqa: E402
from creative_gen.media.errors import MediaError  # noqa: E402
from creative_gen.media.picture_set import PictureSet, read_picture_set  # noqa: E402
from creative_gen.models.vae.finished_run import export_run, natural_spread  # noqa: E402
from creative_gen.models.vae.recipe import read_recipe  # noqa: E402
from creative_gen.models.vae.training import told_rows, train  # noqa: E402

RECIPE = """
folder = "toys"

[network]
side = 12
latent = 4
widths = [6, 8]
classifier_widths = [4, 6]
blocks = 0

[objective]
batch = 32
learning_rate = 1e-2
warm_up = 20
average = 0.9

[augmentation]
shift = 0.5

[playing]
framing = "ink"
margin = 1

[[directions]]
attribute = "size"
unchanged = ["across"]

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


SECOND_DIRECTION = """
[[directions]]
attribute = "across"
"""


@pytest.fixture
def recipe(tmp_path):
    path = tmp_path / "recipe.toml"
    path.write_text(RECIPE)
    return path


def log_of(run):
    return [json.loads(line) for line in (run / "log.jsonl").read_text().splitlines()]


def train_steps(recipe, data, run, steps, seed=1):
    train(read_recipe(recipe), data, run, 60.0, seed=seed, steps=steps, report=lambda _: None)


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["tensorflow", "jax"])
def test_both_backends_learn(backend, recipe, picture_sets, tmp_path):
    if find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed")
    program = (
        "import sys; from pathlib import Path; "
        "from creative_gen.models.vae.recipe import read_recipe; "
        "from creative_gen.models.vae.training import train; "
        "recipe, data, run = map(Path, sys.argv[1:]); "
        "[train(read_recipe(recipe), data, run, 60.0, steps=steps, report=lambda _: None) "
        "for steps in (1, 200)]"
    )
    root = str(Path(__file__).parents[3])
    environment = os.environ | {"KERAS_BACKEND": backend, "PYTHONPATH": root}
    run = tmp_path / "run"
    arguments = [str(recipe), str(picture_sets), str(run)]
    subprocess.run([sys.executable, "-c", program, *arguments], env=environment, check=True)
    first, last = log_of(run)
    assert (first["step"], last["step"]) == (1, 200)
    # Nats a picture of 144 pixels: the entropy of their grey values alone is about 20.
    assert last["elbo"] < 0.6 * first["elbo"]
    assert last["kl"] > 1
    assert last["error"] < 0.2
    # Whatever it was trained on, it plays: here, on this process's backend.
    exported = export_run(recipe, run, picture_sets)
    pictures = read_picture_set(picture_sets / "toys" / "valid.npz")
    given = {"picture": np.moveaxis(pictures.pictures / np.float32(255), 3, 1)}
    given["label"] = np.eye(2, dtype=np.float32)[pictures.labels]
    mean = FeedForward(exported.networks["encoder.onnx"]).run(given)["mean"]
    decoder = FeedForward(exported.networks["decoder.onnx"])
    made = decoder.run({"latent": mean, "label": given["label"]})["picture"]
    error = np.abs(made - given["picture"]).mean()
    nothing = np.abs(given["picture"].mean(0) - given["picture"]).mean()
    assert error < 0.7 * nothing


@pytest.mark.slow
def test_a_run_that_is_stopped_goes_on(recipe, picture_sets, tmp_path):
    run = tmp_path / "run"
    train_steps(recipe, picture_sets, run, 30)
    with np.load(run / "checkpoint.npz") as kept:
        before = dict(kept)
    train_steps(recipe, picture_sets, run, 31)
    with np.load(run / "checkpoint.npz") as kept:
        after = dict(kept)
    first, last = log_of(run)
    assert (first["step"], last["step"]) == (30, 31)
    assert before["optimizer/0"] == 30 and after["optimizer/0"] == 31
    moved = np.abs(after["decoder/enter/kernel"] - before["decoder/enter/kernel"]).max()
    assert 0 < moved < 0.02
    # The loss did not jump: the moments, the average and the warm-up went on, too.
    assert last["elbo"] == pytest.approx(first["elbo"], rel=0.1)
    # What is exported is the average of a lower loss than that of the last weights' own.
    finished = FinishedRun(run)
    assert finished.best_weights.keys() == finished.last_weights.keys()
    averages, last_weights = finished.averaged_weights, finished.last_weights
    assert np.abs(averages["decoder/enter/kernel"] - last_weights["decoder/enter/kernel"]).max() > 0


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
def test_a_run_becomes_an_asset(recipe, picture_sets, tmp_path):
    run = tmp_path / "run"
    train_steps(recipe, picture_sets, run, 150)
    exported = export_run(recipe, run, picture_sets)
    assert exported.categories == ("disc", "bar")
    assert "image.classify" in exported.tasks and "image.map" in exported.tasks
    assert exported.settings["directions"] == ["size"] and exported.settings["margin"] == 1
    assert exported.seed == 1 and "drawn by the tests" in exported.licence_text
    player = LatentPlayer(Exported(exported))
    assert len(landmarks_of(player, None)) == 200
    assert 0 < len(landmarks_of(player, "bar")) < 200
    # Along its direction things grow.
    step = exported.weights["direction.size"]
    label = player.labels(["disc"] * 3)
    latent = np.array([[-2.0], [0], [2]], np.float32) * step
    ink = 1 - player.decode(latent, label).mean((1, 2, 3))
    assert ink[0] < ink[1] < ink[2]


@pytest.mark.slow
@pytest.mark.parametrize("folder", ["shapes", "toys"])
def test_what_is_not_conditional_has_no_classes(folder, recipe, picture_sets, tmp_path):
    text = RECIPE.replace('folder = "toys"', f'folder = "{folder}"\nconditional = false')
    recipe.write_text(text)
    run = tmp_path / "run"
    train_steps(recipe, picture_sets, run, 2)
    exported = export_run(recipe, run, picture_sets)
    assert exported.categories == () and "image.classify" not in exported.tasks
    assert set(exported.networks) == {"encoder.onnx", "decoder.onnx"}
    player = LatentPlayer(Exported(exported))
    assert len(landmarks_of(player, None)) == 200
    weights = exported.weights.get("prior.weight", np.ones((1, 1)))
    assert len(weights) == 1


@pytest.mark.slow
def test_an_export_needs_the_training_data(recipe, picture_sets, tmp_path):
    run = tmp_path / "run"
    train_steps(recipe, picture_sets, run, 1)
    with pytest.raises(InvalidRequest, match="training data") as raised:
        export_run(recipe, run)
    assert "--train-data" in raised.value.hint
    recipe.write_text(RECIPE.replace('attribute = "size"', 'attribute = "smile"'))
    for does in (
        lambda: export_run(recipe, run, picture_sets),
        lambda: train_steps(recipe, picture_sets, tmp_path / "other", 1),
    ):
        with pytest.raises(InvalidRequest, match="no attribute 'smile'") as raised:
            does()
        assert "across" in raised.value.hint
    with pytest.raises(InvalidRequest, match=r"no config\.json") as raised:
        export_run(recipe, tmp_path, picture_sets)
    assert "--run" in raised.value.hint


def test_pictures_of_another_size_are_refused(recipe, picture_sets, tmp_path):
    recipe.write_text(RECIPE.replace("side = 12", "side = 16"))
    with pytest.raises(MediaError, match="12 x 12 with 1 channels") as raised:
        train_steps(recipe, picture_sets, tmp_path / "run", 1)
    assert "16 x 16" in raised.value.hint
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


def test_more_directions_than_units_are_refused(recipe):
    recipe.write_text(RECIPE.replace("latent = 4", "latent = 1") + SECOND_DIRECTION)
    with pytest.raises(InvalidRequest, match="2 directions need as many units"):
        read_recipe(recipe)


def test_an_attribute_that_is_the_same_for_all_is_refused(recipe, picture_sets):
    pictures = read_picture_set(picture_sets / "toys" / "train.npz")
    same = dict(pictures.attributes) | {"size": np.ones(len(pictures), np.float32)}
    alike = PictureSet(pictures.pictures, pictures.labels, pictures.classes, same)
    assert told_rows(pictures, pictures, ["size"]).std() == pytest.approx(1, abs=1e-5)
    with pytest.raises(InvalidRequest, match="'size' is the same") as raised:
        told_rows(alike, alike, ["size"])
    assert "directions" in raised.value.hint


def test_a_step_is_as_long_as_originals_differ(recipe):
    values = np.array([0, 2, 0, 2, -9, 11], np.float32)
    made = np.array([np.nan] * 4 + [1, 1], np.float32)
    pictures = PictureSet(
        np.zeros((6, 12, 12, 1), np.uint8),
        np.zeros(6, np.int16),
        ("disc",),
        {"size": values, "made_of": made},
    )
    whole = read_recipe(recipe)
    assert natural_spread(whole, pictures, "size") == 1
    twins = whole.model_copy(update={"twins": "made_of"})
    assert natural_spread(twins, pictures, "size") == pytest.approx(1 / np.std(values))
