"""Real training runs at toy size: they learn, go on after being killed, and keep to their data."""

import json

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from creative_gen.fitting import session as session_module  # noqa: E402
from creative_gen.fitting.checkpoint import load_weights  # noqa: E402
from creative_gen.interface.errors import InvalidRequest  # noqa: E402
from creative_gen.interface.families import TrainingRequest  # noqa: E402
from creative_gen.media.clip_set import clip_set_bytes  # noqa: E402
from creative_gen.models.wavenet import envelope_training  # noqa: E402
from creative_gen.models.wavenet.config import WaveNetConfig  # noqa: E402
from creative_gen.models.wavenet.envelope_training import envelopes_of  # noqa: E402
from creative_gen.models.wavenet.export import asset_weights  # noqa: E402
from creative_gen.models.wavenet.network import WaveNet  # noqa: E402
from creative_gen.models.wavenet.player import Player  # noqa: E402
from creative_gen.models.wavenet.recipe import Recipe  # noqa: E402
from creative_gen.models.wavenet.training import train, train_recipe  # noqa: E402
from creative_gen.store.asset import Asset  # noqa: E402
from tests.models.wavenet.test_recipe import RECIPE  # noqa: E402
from tests.toy_sounds import SIZES, write_toy_sounds  # noqa: E402

MINUTES = 60.0


class Killed(Exception):
    pass


@pytest.fixture(autouse=True)
def quick_envelopes(monkeypatch):
    for name, value in {"NOTES": 30, "MOMENTS": 12, "STEPS": 40, "BATCH_SIZE": 64}.items():
        monkeypatch.setattr(envelope_training, name, value)


def recipe_of(network=None, objective=None):
    sizes = SIZES | {"mixtures": 2, "partials": 3, "phases": 2}
    goal = {"batch_size": 2, "crop_frames": 6, "learning_rate": 0.01, "warm_up_steps": 2}
    return Recipe.model_validate(
        {
            "clips": "clips",
            "network": sizes | (network or {}),
            "objective": goal | (objective or {}),
        }
    )


def log_of(run):
    return [json.loads(line) for line in (run / "log.jsonl").read_text().splitlines()]


def begun(run, seed=3):
    """The folder of a run that has only begun, as training leaves it."""
    run.mkdir()
    measured = {"kinds": ("soft", "loud"), "pitches": ((57.0, 69.0), (59.0, 71.0))}
    config = recipe_of().network.model_copy(update=measured)
    (run / "config.json").write_text(config.model_dump_json())
    (run / "seed.txt").write_text(f"{seed}\n")
    return run


def test_another_network_in_the_same_folder_is_refused(toy_data, tmp_path):
    run = begun(tmp_path / "run")
    with pytest.raises(InvalidRequest, match="head_units, mixtures|mixtures, head_units") as raised:
        train(recipe_of({"mixtures": 3, "head_units": 9}), toy_data, run, MINUTES, 3, steps=1)
    assert "folder" in raised.value.hint


def test_another_seed_in_the_same_folder_is_refused(toy_data, tmp_path):
    run = begun(tmp_path / "run")
    with pytest.raises(InvalidRequest, match="seed 3, not 4") as raised:
        train(recipe_of(), toy_data, run, MINUTES, 4, steps=1)
    assert "--seed 3" in raised.value.hint
    assert not (run / "envelopes.npz").exists()


def test_clips_of_other_kinds_are_refused(toy_clips, tmp_path):
    run = begun(tmp_path / "run")
    (tmp_path / "clips").mkdir()
    other = type(toy_clips())(**vars(toy_clips()) | {"kinds": ("soft", "loud", "more")})
    for split in ("train", "valid"):
        (tmp_path / "clips" / f"{split}.npz").write_bytes(clip_set_bytes(other))
    with pytest.raises(InvalidRequest, match="other kinds"):
        train(recipe_of(), tmp_path, run, MINUTES, 3, steps=1)


def test_clips_of_other_sources_are_refused(toy_data, tmp_path):
    run = begun(tmp_path / "run")
    recipe = recipe_of().model_copy(update={"tell_sources": True})
    with pytest.raises(InvalidRequest, match="sources"):
        train(recipe, toy_data, run, MINUTES, 3, steps=1)


@pytest.mark.slow
def test_training_learns_and_what_it_learnt_can_be_played(toy_data, tmp_path):
    run, reports = tmp_path / "run", []
    train(recipe_of(), toy_data, run, MINUTES, seed=3, report=reports.append, steps=200)
    first, last = reports[1].training, log_of(run)[-1]
    assert last["step"] == 200
    assert last["bits_per_sample"] < first["bits_per_sample"] - 0.5
    assert last["loss"] == pytest.approx(last["bits_per_sample"] * np.log(2), rel=0.01)
    config = WaveNetConfig.model_validate_json((run / "config.json").read_text())
    assert config.kinds == ("soft", "loud")
    assert config.pitches == ((57.0, 69.0), (59.0, 71.0))
    model = WaveNet(config)
    model.build()
    with np.load(run / "best.npz", allow_pickle=False) as arrays:
        load_weights(model, arrays)
    weights = asset_weights(model, envelopes_of(run))
    assert Player(Asset(write_toy_sounds(tmp_path, "toy", config, weights))).config == config


@pytest.mark.slow
@pytest.mark.parametrize("network", [{}, {"partials": 0, "phases": 0, "head": "mu_law"}])
def test_a_killed_run_goes_on_with_the_same_envelopes(network, toy_data, tmp_path, monkeypatch):
    monkeypatch.setattr(session_module, "CHECKPOINT_SECONDS", 0.0)
    monkeypatch.setattr(session_module, "REPORT_STEPS", 1)

    def kill_at_five(progress):
        if progress.step == 5:
            raise Killed

    recipe = recipe_of(network)
    with pytest.raises(Killed):
        train(recipe, toy_data, tmp_path, MINUTES, seed=1, report=kill_at_five, steps=9)
    envelopes = envelopes_of(tmp_path)
    assert ("partials/values/bias" in envelopes) == (not network)
    with np.load(tmp_path / "checkpoint.npz", allow_pickle=False) as saved:
        assert saved["progress"][1] == saved["optimizer/0"] == 4
        before = saved["output/kernel"]
    # What was being written when it was killed.
    (tmp_path / "checkpoint.partial").write_bytes(b"PK\3\4cut short")
    reports = []
    train(recipe, toy_data, tmp_path, MINUTES, seed=1, report=reports.append, steps=9)
    assert [report.step for report in reports] == [*range(4, 10), 9]
    for report in reports:
        expected = recipe.objective.learning_rate_at(report.step, report.done)
        assert report.learning_rate == pytest.approx(expected)
    again = envelopes_of(tmp_path)
    assert all(np.array_equal(again[name], envelopes[name]) for name in envelopes)
    with np.load(tmp_path / "best.npz", allow_pickle=False) as best:
        assert (best["output/kernel"] != before).any()


@pytest.mark.slow
def test_the_family_trains_from_a_recipe_file(toy_data, tmp_path):
    (tmp_path / "toy.toml").write_text(RECIPE.replace("batch_size", "crop_frames"))
    lines = []
    run = tmp_path / "run"
    train_recipe(TrainingRequest(tmp_path / "toy.toml", toy_data, run, 1e-4, 0, lines.append))
    assert lines[0].startswith("step 0, ") and "validation: loss" in lines[-1]
    assert "bits_per_sample" in lines[-1]
