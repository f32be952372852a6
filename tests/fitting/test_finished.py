"""What a run's folder says of itself, and what an asset's card and licence say of it."""

import numpy as np
import pytest
from pydantic import BaseModel, ConfigDict

pytest.importorskip("keras")

from creative_gen.fitting.finished import (
    FinishedRun,
    licence_text,
    recipe_card,
)
from creative_gen.interface.errors import InvalidRequest
from creative_gen.store.card import CardText

CARD = {
    "title": "Toy",
    "description": "For tests.",
    "version": "1",
    "licence": "CC0-1.0",
    "data": [{"name": "drawings", "licence": "CC0-1.0", "attribution": "creative_gen."}],
}


class Settings(BaseModel):
    model_config = ConfigDict(extra="forbid")

    units: int = 3


@pytest.fixture
def run(tmp_path):
    """The folder of a run that was validated and saved."""
    (tmp_path / "config.json").write_text('{"units": 5}')
    (tmp_path / "seed.txt").write_text("7\n")
    np.savez(tmp_path / "best.npz", **{"a/kernel": np.ones(2)})
    saved = {"a/kernel": np.zeros(2), "optimizer/0": np.array(3), "state/0": np.zeros(2)}
    np.savez(tmp_path / "checkpoint.npz", **saved, progress=np.array([90.0, 3, 0.5]))
    return tmp_path


def test_a_run_says_what_it_has_come_to(run):
    finished = FinishedRun(run)
    assert finished.config(Settings) == Settings(units=5)
    assert (finished.minutes, finished.seed) == (1.5, 7)
    np.testing.assert_array_equal(finished.best_weights["a/kernel"], [1, 1])
    # Nothing but weights.
    assert set(finished.last_weights) == {"a/kernel"}


@pytest.mark.parametrize("name", ["config.json", "best.npz", "checkpoint.npz"])
def test_a_run_that_is_not_finished_is_refused_with_the_fix(name, run):
    (run / name).unlink()
    with pytest.raises(InvalidRequest, match=f"has no {name}") as raised:
        FinishedRun(run)
    assert "--run" in raised.value.hint


def test_an_average_that_was_not_kept_is_refused_with_the_fix(run):
    with pytest.raises(InvalidRequest, match=r"has no averaged\.npz") as raised:
        _ = FinishedRun(run).averaged_weights
    assert "Go on" in raised.value.hint
    np.savez(run / "averaged.npz", **{"a/kernel": np.full(2, 0.5)})
    np.testing.assert_array_equal(FinishedRun(run).averaged_weights["a/kernel"], [0.5, 0.5])


def test_the_settings_of_another_family_are_refused(run):
    (run / "config.json").write_text('{"depth": 5}')
    with pytest.raises(InvalidRequest, match="another family"):
        FinishedRun(run).config(Settings)


def test_a_licence_names_the_data(tmp_path):
    card = CardText.model_validate(CARD)
    assert recipe_card(card, tmp_path / "recipe.toml") == card
    text = licence_text(card)
    assert "licensed under CC0-1.0" in text
    assert "- drawings: CC0-1.0. creative_gen.\n" in text
    with pytest.raises(InvalidRequest, match="recipe.toml does not say") as raised:
        recipe_card(None, tmp_path / "recipe.toml")
    assert "[card]" in raised.value.hint
