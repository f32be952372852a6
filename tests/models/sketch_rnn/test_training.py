"""Real training runs at toy size: they learn, go on after being killed, and end when told to."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from creative_gen.fitting import session as session_module  # noqa: E402
from creative_gen.fitting.checkpoint import load_weights, weights_of  # noqa: E402
from creative_gen.fitting.session import Budget, TrainingFailed  # noqa: E402
from creative_gen.interface.errors import InvalidRequest  # noqa: E402
from creative_gen.interface.families import TrainingRequest  # noqa: E402
from creative_gen.models.sketch_rnn.config import SketchRNNConfig  # noqa: E402
from creative_gen.models.sketch_rnn.network import SketchRNN  # noqa: E402
from creative_gen.models.sketch_rnn.objective import Objective  # noqa: E402
from creative_gen.models.sketch_rnn.training import (  # noqa: E402
    make_optimizer,
    start_session,
    train,
    train_recipe,
)

UNCONDITIONAL = {"latent_size": 0}
MINUTES = 60.0


class Killed(Exception):
    pass


def log_of(run):
    return [json.loads(line) for line in (run / "log.jsonl").read_text().splitlines()]


def unconditional(toy_recipe, **objective):
    recipe = toy_recipe(UNCONDITIONAL, objective)
    network = recipe.network.model_copy(update={"categories": ()})
    return recipe.model_copy(update={"network": network})


@pytest.fixture(scope="module")
def finished(toy_recipe, toy_data, tmp_path_factory):
    """A run of a conditional network with classes, on drawings of two buckets of lengths."""
    run, reports = tmp_path_factory.mktemp("finished"), []
    recipe = toy_recipe({"categories": ("tall", "flat"), "max_points": 40})
    train(recipe, toy_data, run, MINUTES, seed=3, report=reports.append, steps=120)
    return recipe, run, reports


def test_training_learns(finished):
    recipe, run, reports = finished
    assert [report.step for report in reports] == [0, 50, 100, 120]
    first, last = reports[1].training, log_of(run)[-1]
    assert last["step"] == 120
    assert last["train_nats_per_point"] < first["nats_per_point"] - 0.5
    assert last["nats_per_point"] < first["nats_per_point"] - 0.5
    assert last["accuracy"] > 0.9
    assert reports[-1].training["kl"] >= 0
    assert reports[-1].validation["loss"] == pytest.approx(last["loss"], abs=1e-4)
    assert reports[-1].done == 1 and 0 < reports[-1].minutes < 5


def test_the_best_weights_are_kept_and_can_be_loaded(finished):
    _, run, _ = finished
    config = SketchRNNConfig.model_validate_json((run / "config.json").read_text())
    model = SketchRNN(config)
    model.build()
    with np.load(run / "best.npz", allow_pickle=False) as arrays:
        load_weights(model, arrays)
        assert set(arrays) == set(weights_of(model))
        assert all((weights_of(model)[name] == arrays[name]).all() for name in arrays)


def test_another_network_in_the_same_folder_is_refused(finished, toy_data):
    recipe, run, _ = finished
    network = recipe.network.model_copy(update={"decoder_units": 9, "mixtures": 3})
    other = recipe.model_copy(update={"network": network})
    with pytest.raises(InvalidRequest, match="decoder_units, mixtures") as raised:
        train(other, toy_data, run, MINUTES, steps=130)
    assert "folder" in raised.value.hint


def test_a_killed_run_goes_on(toy_recipe, toy_data, tmp_path, monkeypatch):
    monkeypatch.setattr(session_module, "CHECKPOINT_SECONDS", 0.0)
    monkeypatch.setattr(session_module, "REPORT_STEPS", 1)
    recipe = unconditional(toy_recipe, decay_rate=0.9)

    def kill_at_seven(progress):
        if progress.step == 7:
            raise Killed

    with pytest.raises(Killed):
        train(recipe, toy_data, tmp_path, MINUTES, report=kill_at_seven, steps=20)
    # As the file of a checkpoint that was being written.
    (tmp_path / "checkpoint.partial").write_bytes(b"PK\3\4cut short")
    with np.load(tmp_path / "checkpoint.npz", allow_pickle=False) as saved:
        assert saved["progress"][1] == saved["optimizer/0"] == 6
        weights = {name: saved[name] for name in saved if name.startswith("decoder/")}
    reports = []
    train(recipe, toy_data, tmp_path, MINUTES, report=reports.append, steps=20)
    assert [report.step for report in reports] == [*range(6, 21), 20]
    for report in reports:
        expected = recipe.objective.learning_rate_at(report.step, 0)
        assert report.learning_rate == pytest.approx(expected)
    with np.load(tmp_path / "checkpoint.npz", allow_pickle=False) as saved:
        assert saved["progress"][1] == saved["optimizer/0"] == 20
        assert saved["optimizer/1"] == pytest.approx(recipe.objective.learning_rate_at(19, 0))
        assert any((saved[name] != before).any() for name, before in weights.items())
    # A run that has had its steps is measured again, and not trained.
    reports.clear()
    train(recipe, toy_data, tmp_path, MINUTES, report=reports.append, steps=20)
    assert {report.step for report in reports} == {20}


def make_session(toy_config, run, **objective):
    """A session of a network that is never trained, so that no graph is made."""
    model = SketchRNN(toy_config(latent_size=0), Objective(**objective))
    model.build()
    optimizer = make_optimizer(model.objective)
    optimizer.build(model.trainable_variables)
    model.compile(optimizer=optimizer)
    return start_session(model, run, Budget(MINUTES), report=lambda progress: None)


def test_a_checkpoint_has_all_that_goes_on(toy_config, tmp_path):
    session = make_session(toy_config, tmp_path)
    session.standing.step, session.standing.seconds, session.standing.best = 12, 34.5, 0.6
    random = np.random.default_rng(0)
    for variable in session.model.optimizer.variables[2:]:
        variable.assign(random.random(variable.shape).astype("f"))
    session.save()
    other = make_session(toy_config, tmp_path)
    assert other.standing == session.standing
    assert float(other.model.steps_seen) == 12
    for mine, theirs in zip(
        session.model.variables + session.model.optimizer.variables,
        other.model.variables + other.model.optimizer.variables,
        strict=True,
    ):
        if "steps_seen" not in mine.path:
            np.testing.assert_array_equal(np.asarray(mine), np.asarray(theirs), mine.path)


def test_a_loss_that_is_no_number_stops_the_run(toy_recipe, toy_data, tmp_path):
    recipe = unconditional(toy_recipe, learning_rate=1e30, clip_norm=0)
    with pytest.raises(TrainingFailed, match="no longer a number") as raised:
        train(recipe, toy_data, tmp_path, MINUTES, report=lambda progress: None, steps=30)
    assert "learning_rate" in raised.value.hint
    assert not (tmp_path / "checkpoint.npz").exists()


@pytest.mark.parametrize(
    ("objective", "clip"),
    [
        ({}, lambda gradients: [g / np.sqrt(2 * 4 * 50**2) for g in gradients]),
        (
            {"clip_norm": 0, "clip_value": 1},
            lambda gradients: [np.clip(g, -1, 1) for g in gradients],
        ),
        ({"clip_norm": 0}, lambda gradients: gradients),
    ],
)
def test_gradients_are_clipped_as_told(objective, clip):
    """Adam's second step tells a clipped gradient from a whole one; its first does not."""
    small, large = [np.full(4, 0.01)] * 2, [np.full(4, 50.0), np.full(4, -50.0)]
    results = []
    for optimizer, second in (
        (make_optimizer(Objective(**objective)), large),
        (make_optimizer(Objective(clip_norm=0)), clip(large)),
    ):
        variables = [keras.Variable(np.zeros(4, "f")) for _ in range(2)]
        optimizer.build(variables)
        for gradients in (small, second):
            optimizer.apply([keras.ops.convert_to_tensor(g.astype("f")) for g in gradients])
        results.append(np.stack([np.asarray(variable) for variable in variables]))
    np.testing.assert_allclose(*results, rtol=1e-4)


def test_the_family_trains_from_a_recipe_file(toy_data, tmp_path, monkeypatch):
    recipe = tmp_path / "recipe.toml"
    recipe.write_text(
        "class_conditional = false\n"
        "[network]\nencoder_units = 4\ndecoder_units = 6\nlatent_size = 2\nmax_points = 12\n"
        "[objective]\nbatch_size = 4\n[[source]]\ncategory = 'tall'\npath = 'tall.npz'\n"
    )
    lines = []
    monkeypatch.setattr(session_module, "REPORT_STEPS", 1)
    request = TrainingRequest(recipe, toy_data, tmp_path / "run", 1e-4, 0, lines.append)
    train_recipe(request)
    assert lines[0].startswith("step 0, ") and "validation: loss" in lines[-1]
    assert "accuracy" not in lines[-1] and "kl" in lines[-1]


SCRIPT = """
import sys
import numpy as np
from pathlib import Path
from creative_gen.fitting.checkpoint import load_weights
from creative_gen.models.sketch_rnn.config import SketchRNNConfig
from creative_gen.models.sketch_rnn.network import SketchRNN
from creative_gen.models.sketch_rnn.recipe import Recipe
from creative_gen.models.sketch_rnn.training import train
recipe, data, run, inputs, outputs = sys.argv[1:]
if data:
    train(Recipe.model_validate_json(recipe), Path(data), Path(run), 60.0, steps=60)
config = SketchRNNConfig.model_validate_json((Path(run) / "config.json").read_text())
model = SketchRNN(config)
model.build()
with np.load(Path(run) / "best.npz") as arrays:
    load_weights(model, arrays)
with np.load(inputs) as given:
    mean, log_variance = model.encoder(given["points"][:, 1:], given["lengths"])
    output = model.decoder(given["points"], given["condition"])
np.savez(outputs, mean=np.asarray(mean), variance=np.asarray(log_variance), out=np.asarray(output))
"""


@pytest.mark.slow
@pytest.mark.parametrize("trained_on", ["tensorflow", "jax"])
def test_a_run_on_one_backend_is_the_same_on_the_other(
    trained_on, toy_recipe, toy_data, toy_drawings, tmp_path
):
    if find_spec("jax") is None or find_spec("tensorflow") is None:
        pytest.skip("needs both backends")
    from creative_gen.models.sketch_rnn.dataset import make_batch

    recipe = toy_recipe({"categories": ("tall", "flat")})
    batch = make_batch(toy_drawings(4), np.zeros(4, np.int32), np.ones(4, np.int32), 20.0, 12)
    condition = np.random.default_rng(0).normal(size=(4, 6)).astype("f")
    inputs = tmp_path / "inputs.npz"
    np.savez(inputs, points=batch["points"], lengths=batch["lengths"], condition=condition)
    other = {"tensorflow": "jax", "jax": "tensorflow"}[trained_on]
    results = []
    for backend, data in ((trained_on, str(toy_data)), (other, "")):
        outputs = tmp_path / f"{backend}.npz"
        arguments = [recipe.model_dump_json(), data, tmp_path / "run", inputs, outputs]
        subprocess.run(
            [sys.executable, "-c", SCRIPT, *map(str, arguments)],
            check=True,
            cwd=Path(__file__).parents[3],
            env=os.environ | {"KERAS_BACKEND": backend},
            timeout=600,
        )
        with np.load(outputs) as arrays:
            results.append(dict(arrays))
    for name in results[0]:
        np.testing.assert_allclose(results[0][name], results[1][name], atol=1e-4)
    assert log_of(tmp_path / "run")[-1]["step"] == 60
