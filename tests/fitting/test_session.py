"""How long a run is, when it reports, saves and stops."""

import itertools
import json

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from pydantic import BaseModel, ConfigDict  # noqa: E402

from creative_gen.fitting import session as session_module  # noqa: E402
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
