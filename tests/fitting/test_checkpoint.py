"""What a run leaves on disk, and what it takes up again."""

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from creative_gen.fitting.checkpoint import (  # noqa: E402
    Standing,
    keep_seed,
    load_checkpoint,
    load_weights,
    save_arrays,
    save_checkpoint,
    seed_of,
    weights_of,
)
from creative_gen.interface.errors import InvalidRequest  # noqa: E402

PATHS = {"first/kernel", "first/bias", "last/kernel", "last/bias"}


class Killed(Exception):
    pass


def scramble(model):
    random = np.random.default_rng(0)
    for variable in model.trainable_variables + model.optimizer.variables[2:]:
        variable.assign(random.random(variable.shape).astype("f"))


def test_a_checkpoint_has_all_that_goes_on(toy_model, tmp_path):
    model, other = toy_model(), toy_model()
    scramble(model)
    path, standing = tmp_path / "checkpoint.npz", Standing(34.5, 12, 0.6)
    save_checkpoint(path, model, standing)
    assert load_checkpoint(path, other) == standing
    for mine, theirs in zip(
        model.variables + model.optimizer.variables,
        other.variables + other.optimizer.variables,
        strict=True,
    ):
        np.testing.assert_array_equal(np.asarray(mine), np.asarray(theirs), mine.path)


def test_a_checkpoint_without_random_states_is_taken_up(toy_model, tmp_path):
    path = tmp_path / "checkpoint.npz"
    save_checkpoint(path, toy_model(), Standing(60.0, 5, 0.5))
    with np.load(path, allow_pickle=False) as saved:
        arrays = {name: saved[name] for name in saved if not name.startswith("state/")}
        assert len(arrays) < len(saved.files)
    save_arrays(path, arrays)
    assert load_checkpoint(path, toy_model()).step == 5


@pytest.mark.parametrize("content", [b"", b"PK\3\4cut short", b"no archive at all"])
def test_a_broken_checkpoint_is_an_error_that_can_be_mended(toy_model, tmp_path, content):
    path = tmp_path / "checkpoint.npz"
    path.write_bytes(content)
    with pytest.raises(InvalidRequest, match="cannot be read") as raised:
        load_checkpoint(path, toy_model())
    assert "Delete it" in raised.value.hint


def test_weights_go_there_and_back_by_their_paths(toy_model):
    model, other = toy_model(), toy_model()
    scramble(model)
    weights = weights_of(model)
    assert set(weights) == PATHS
    load_weights(other, weights)
    assert all(np.array_equal(weights_of(other)[name], weights[name]) for name in PATHS)


def test_weights_of_another_network_are_refused(toy_model):
    weights = weights_of(toy_model(units=4))
    with pytest.raises(InvalidRequest, match=r"'first/kernel' of the shape \(2, 3\)"):
        load_weights(toy_model(), weights)
    del weights["first/kernel"]
    with pytest.raises(InvalidRequest, match="'first/kernel'"):
        load_weights(toy_model(units=4), weights)


def test_saving_replaces_a_whole_file(tmp_path, monkeypatch):
    path = tmp_path / "a.npz"
    save_arrays(path, {"x": np.ones(3)})

    def cut_short(file, **arrays):
        file.write(b"half")
        raise Killed

    monkeypatch.setattr(np, "savez", cut_short)
    with pytest.raises(Killed):
        save_arrays(path, {"x": np.zeros(3)})
    with np.load(path, allow_pickle=False) as arrays:
        assert (arrays["x"] == 1).all()


def test_the_seed_of_a_run_is_kept_and_another_refused(tmp_path):
    assert seed_of(tmp_path) is None
    keep_seed(tmp_path, 3)
    keep_seed(tmp_path, 3)
    assert seed_of(tmp_path) == 3
    with pytest.raises(InvalidRequest, match="seed 3, not 0") as raised:
        keep_seed(tmp_path, 0)
    assert "--seed 3" in raised.value.hint
    assert seed_of(tmp_path) == 3
