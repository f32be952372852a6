"""How long a run is, when it reports, saves and stops."""

import itertools
import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from pydantic import BaseModel, ConfigDict  # noqa: E402

from creative_gen.fitting import session as session_module  # noqa: E402
from creative_gen.fitting.finished import FinishedRun  # noqa: E402
from creative_gen.fitting.session import (  # noqa: E402
    Budget,
    TrainingFailed,
    TrainingProgress,
    run_configuration,
)
from creative_gen.interface.errors import InvalidRequest  # noqa: E402


class Settings(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    units: int = 3
    depth: int = 1
    kinds: tuple[str, ...] = ()


def instead_of_training(session, monkeypatch, loss=0.5):
    """Steps take no graph: a metric is told what a step would have measured."""

    def step(batch, return_dict=False):
        for metric in session.model.metrics:
            metric.reset_state()
            metric.update_state(loss)
        return {"loss": loss}

    monkeypatch.setattr(session.model, "train_on_batch", step)
    monkeypatch.setattr(session.model, "test_on_batch", step)


def test_a_run_reports_validates_and_saves(toy_session, tmp_path, monkeypatch):
    reports = []
    session = toy_session(tmp_path, reports, steps=120)
    instead_of_training(session, monkeypatch)
    session.train(itertools.repeat(None), [None])
    assert [report.step for report in reports] == [0, 50, 100, 120]
    assert reports[-1].done == 1 and reports[-1].validation["loss"] == pytest.approx(0.5)
    (line,) = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert line["step"] == 120 and line["loss"] == line["train_loss"] == 0.5
    # The next start has nothing left to do but to measure.
    again = toy_session(tmp_path, steps=120)
    instead_of_training(again, monkeypatch, loss=0.6)
    assert again.standing.step == 120 and again.standing.best == pytest.approx(0.5)
    again.train(iter(()), [None])
    assert again.standing.step == 120


def test_only_the_best_weights_are_kept(toy_session, tmp_path, monkeypatch):
    session = toy_session(tmp_path)
    for loss, value in ((0.5, 1.0), (0.7, 2.0), (0.4, 3.0)):
        instead_of_training(session, monkeypatch, loss)
        session.model.layers[0].bias.assign(np.full(3, value, "f"))
        session.validate([None])
        with np.load(tmp_path / "best.npz", allow_pickle=False) as arrays:
            assert arrays["first/bias"][0] == (1.0 if loss == 0.7 else value)


def test_a_loss_that_is_no_number_stops_the_run(toy_session, tmp_path, monkeypatch):
    session = toy_session(tmp_path)
    instead_of_training(session, monkeypatch, loss=float("nan"))
    with pytest.raises(TrainingFailed, match="loss is no longer a number after 0 steps"):
        session.step(iter([None]))


def test_weights_that_are_no_numbers_are_not_saved(toy_session, tmp_path):
    session = toy_session(tmp_path)
    session.model.layers[0].bias.assign(np.full(3, np.nan, "f"))
    with pytest.raises(TrainingFailed, match="weight") as raised:
        session.save()
    assert "learning_rate" in raised.value.hint
    assert not (tmp_path / "checkpoint.npz").exists()


def test_a_suspended_step_takes_a_minute_at_most(toy_session, tmp_path, monkeypatch):
    session = toy_session(tmp_path)
    clock = iter([100.0, 100.5, 200.0, 90_000.0])
    monkeypatch.setattr(session_module.time, "monotonic", lambda: next(clock))
    monkeypatch.setattr(session.model, "train_on_batch", lambda batch, return_dict: {"loss": 1.0})
    session.step(iter([None]))
    assert session.standing.seconds == 0.5
    session.step(iter([None]))
    assert session.standing.seconds == 60.5


def test_a_budget_is_spent_by_whichever_comes_first():
    standing = session_module.Standing(seconds=90, step=10)
    assert Budget(3).done(standing) == 0.5
    assert Budget(3, steps=100).done(standing) == 0.5
    assert Budget(3, steps=11).done(standing) == 10 / 11
    assert Budget(1).done(standing) == 1
    for wrong in ({"minutes": 0}, {"minutes": float("nan")}, {"minutes": 1, "steps": 0}):
        with pytest.raises(InvalidRequest):
            Budget(**wrong)


def test_progress_is_a_line_of_text():
    progress = TrainingProgress(50, 1.25, 0.5, 1e-3, {"loss": 0.5}, {"loss": 0.6, "kl": 0.1})
    expected = (
        "step 50, 1.2 minutes, 50%; training: loss 0.5000; validation: loss 0.6000, kl 0.1000"
    )
    assert str(progress) == expected


def test_a_run_keeps_the_settings_that_it_began_with(tmp_path):
    run = tmp_path / "new" / "run"
    made = run_configuration(Settings(), run, {"kinds": ("a", "b")})
    assert made == Settings(kinds=("a", "b"))
    # What was measured when it began is not measured again.
    assert run_configuration(Settings(), run, {"kinds": ("c",)}) == made
    with pytest.raises(InvalidRequest, match="another network than the recipe: units, depth"):
        run_configuration(Settings(units=4, depth=2), run, {"kinds": ()})


@pytest.mark.parametrize("content", ["{", '{"units": 3, "width": 4}', '{"units": "many"}'])
def test_settings_that_cannot_be_read_are_an_error_that_can_be_mended(tmp_path, content):
    (tmp_path / "config.json").write_text(content)
    with pytest.raises(InvalidRequest, match="cannot be read") as raised:
        run_configuration(Settings(), tmp_path)
    assert "another folder" in raised.value.hint


MOMENTUM = 0.75


@pytest.fixture
def averaging_session(tmp_path):
    """A session of one weight (2, 1) whose optimizer keeps a moving average."""
    model = keras.Sequential([keras.layers.Dense(1, use_bias=False, name="only")], name="toy")
    model.build((None, 2))
    optimizer = keras.optimizers.SGD(0.1, use_ema=True, ema_momentum=MOMENTUM)
    optimizer.build(model.trainable_variables)
    model.compile(optimizer=optimizer, loss="mse", run_eagerly=True)
    return session_module.Session(
        model, tmp_path, Budget(60.0), lambda step, done: 0.1, lambda progress: None
    )


def pairs(seed=0):
    """Batches of points, as Keras takes them without a compute_loss of one's own."""
    rng = np.random.default_rng(seed)
    while True:
        points = rng.normal(size=(4, 2)).astype(np.float32)
        yield points, points.sum(1, keepdims=True)


def train_on_pairs(session, monkeypatch, steps):
    """Steps of training, and the average of the weights after each, by NumPy."""
    whole = type(session.model).train_on_batch
    monkeypatch.setattr(
        session.model,
        "train_on_batch",
        lambda batch, return_dict: whole(session.model, *batch, return_dict=return_dict),
    )
    batches, average = pairs(), None
    for _ in range(steps):
        session.step(batches)
        weights = np.asarray(session.model.layers[0].kernel).copy()
        average = weights if average is None else MOMENTUM * average + (1 - MOMENTUM) * weights
    return weights, average


def test_the_average_of_the_weights_is_validated_and_kept(averaging_session, monkeypatch):
    session, kernel = averaging_session, averaging_session.model.layers[0].kernel
    weights, average = train_on_pairs(session, monkeypatch, 6)
    assert np.abs(weights - average).max() > 0.01
    seen = []

    def measure(batch):
        seen.append(np.asarray(kernel).copy())
        for metric in session.model.metrics:
            metric.update_state(0.5)

    monkeypatch.setattr(session.model, "test_on_batch", measure)
    session.validate([None, None])
    session.save()
    for found in seen:
        np.testing.assert_allclose(found, average, rtol=1e-5)
    for name, expected in (("best", average), ("averaged", average), ("checkpoint", weights)):
        with np.load(session.run / f"{name}.npz") as arrays:
            np.testing.assert_allclose(arrays["only/kernel"], expected, rtol=1e-5)
    # Training goes on with the weights themselves.
    np.testing.assert_array_equal(np.asarray(kernel), weights)
    (session.run / "config.json").write_text("{}")
    finished = FinishedRun(session.run)
    np.testing.assert_allclose(finished.averaged_weights["only/kernel"], average, rtol=1e-5)
    np.testing.assert_array_equal(finished.last_weights["only/kernel"], weights)


def test_the_weights_come_back_after_a_failed_validation(averaging_session, monkeypatch):
    session = averaging_session
    weights, _ = train_on_pairs(session, monkeypatch, 3)

    def fail(batch):
        raise KeyboardInterrupt

    monkeypatch.setattr(session.model, "test_on_batch", fail)
    with pytest.raises(KeyboardInterrupt):
        session.validate([None])
    np.testing.assert_array_equal(np.asarray(session.model.layers[0].kernel), weights)


def test_an_average_goes_on_where_the_run_does(averaging_session, monkeypatch):
    session = averaging_session
    _, average = train_on_pairs(session, monkeypatch, 4)
    session.save()
    session.model.layers[0].kernel.assign(np.zeros((2, 1)))
    for variable in session.model.optimizer.variables:
        variable.assign(np.zeros(variable.shape))
    again = session_module.Session(
        session.model, session.run, session.budget, session.learning_rate_at, session.report
    )
    assert again.standing.step == 4
    again.save()
    with np.load(session.run / "averaged.npz") as arrays:
        np.testing.assert_allclose(arrays["only/kernel"], average, rtol=1e-5)


def test_before_the_first_step_the_weights_are_their_own_average(averaging_session):
    kernel = np.asarray(averaging_session.model.layers[0].kernel).copy()
    averaging_session.save()
    with np.load(averaging_session.run / "averaged.npz") as arrays:
        np.testing.assert_array_equal(arrays["only/kernel"], kernel)


def test_without_an_average_none_is_kept(toy_session, tmp_path):
    toy_session(tmp_path).save()
    assert not (tmp_path / "averaged.npz").exists()


PROGRAM = """
import sys
from pathlib import Path
import keras, numpy as np
from creative_gen.fitting.session import Budget, Session

class Toy(keras.Model):
    def __init__(self):
        super().__init__()
        self.layer = keras.layers.Dense(1, name="layer")
    def build(self, _shape=None):
        self.layer.build((None, 2))
        self.built = True
    def call(self, batch):
        return self.layer(batch["x"])
    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        return keras.ops.mean((y_pred - 1) ** 2)

model = Toy()
model.build()
optimizer = keras.optimizers.Adam(0.1, use_ema=True, ema_momentum=0.5)
optimizer.build(model.trainable_variables)
model.compile(optimizer)
session = Session(model, Path(sys.argv[1]), Budget(60.0), lambda *_: 0.1, lambda _: None)
batches = iter([{"x": np.full((4, 2), value, np.float32)} for value in range(9)])
kept = [{"x": np.ones((4, 2), np.float32)}] * 2
for _ in range(3):
    session.step(batches)
    session.validate(kept)
    session.save()
"""


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["tensorflow", "jax"])
def test_averages_are_kept_where_steps_are_compiled(backend, tmp_path):
    """A step of JAX gives away the arrays that it was given."""
    if find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed")
    root = str(Path(__file__).parents[2])
    environment = os.environ | {"KERAS_BACKEND": backend, "PYTHONPATH": root}
    program = [sys.executable, "-c", PROGRAM, str(tmp_path)]
    subprocess.run(program, env=environment, check=True)
    with np.load(tmp_path / "averaged.npz") as averaged, np.load(tmp_path / "best.npz") as best:
        assert averaged.files == best.files == ["layer/kernel", "layer/bias"]
        assert all(np.isfinite(averaged[name]).all() for name in averaged.files)
