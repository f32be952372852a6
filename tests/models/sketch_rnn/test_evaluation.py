from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from creative_gen.interface.errors import InvalidMedia
from creative_gen.interface.jobs import Progress
from creative_gen.media.quickdraw_npz import npz_bytes
from creative_gen.models.sketch_rnn.drawings import to_canvas
from creative_gen.models.sketch_rnn.evaluation import evaluate, mean_figures
from creative_gen.models.sketch_rnn.player import Player
from creative_gen.store.asset import Asset
from tests.toy_assets import TOY, write_toy_asset, write_unconditional_asset


def drawings(count: int, seed: int) -> list[NDArray[np.float32]]:
    random = np.random.default_rng(seed)
    rows = [np.rint(random.normal(0, 30, (random.integers(6, 20), 3))) for _ in range(count)]
    for row in rows:
        row[:, 2] = random.random(len(row)) < 0.2
        row[-1, 2] = 1
    return [row.astype(np.float32) for row in rows]


@pytest.fixture
def asset(tmp_path: Path) -> Asset:
    return Asset(write_toy_asset(tmp_path / "assets"))


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for seed, name in enumerate(("cat", "alarm_clock", "unicorn")):
        (tmp_path / f"{name}.npz").write_bytes(npz_bytes({"valid": drawings(5 + seed, seed)}))
    return tmp_path


def test_figures_come_after_progress_for_each_category_it_knows(asset: Asset, data: Path) -> None:
    *steps, figures = evaluate(asset, data)
    fractions = [step.fraction for step in steps if isinstance(step, Progress)]
    assert fractions == sorted(fractions)
    assert isinstance(figures, dict)
    assert set(figures["categories"]) == {"cat", "alarm clock"}
    assert figures["drawings"] == 11
    for values in figures["categories"].values():
        assert all(np.isfinite(value) for value in values.values())
        assert 0 <= values["top1"] <= 1


def test_nats_a_point_are_those_of_each_drawing_fed_alone(asset: Asset, data: Path) -> None:
    *_, figures = evaluate(asset, data / "cat.npz")
    assert isinstance(figures, dict)
    player = Player(asset)
    nats = []
    for stored in drawings(5, 0):
        canvas = to_canvas(stored)
        points, lengths = player.stroke5([canvas])
        condition = player.condition(None, player.one_hot(["cat"]))
        state = player.decoder.start(np.zeros(1, np.int64), condition)
        total = -player.decoder.feed(state, points, lengths + 1).sum()
        nats.append(total / len(canvas) + 2 * np.log(TOY.scale_factor))
    found = figures["categories"]["cat"]["nats_per_point_without_z"]
    assert found == pytest.approx(np.mean(nats), abs=1e-3)


def test_nats_a_point_do_not_depend_on_the_units_of_the_file(asset: Asset, tmp_path: Path) -> None:
    figures = []
    for scale in (1, 4):
        rows = [row * [scale, scale, 1] for row in drawings(4, 0)]
        (tmp_path / "cat.npz").write_bytes(npz_bytes({"valid": rows}))
        *_, last = evaluate(asset, tmp_path / "cat.npz")
        assert isinstance(last, dict)
        figures.append(last["categories"]["cat"])
    first, second = figures
    assert first["nats_per_point"] == pytest.approx(second["nats_per_point"], abs=1e-3)
    stored = "nats_per_point_as_stored"
    assert second[stored] - first[stored] == pytest.approx(2 * np.log(4), abs=1e-3)


def test_a_drawing_without_extent_is_measured(tmp_path: Path) -> None:
    asset = Asset(write_toy_asset(tmp_path / "assets"))
    dot = np.array([[0, 0, 1], [0, 0, 1]], np.float32)
    (tmp_path / "cat.npz").write_bytes(npz_bytes({"valid": [dot]}))
    *_, figures = evaluate(asset, tmp_path / "cat.npz")
    assert isinstance(figures, dict)
    assert np.isfinite(figures["mean"]["nats_per_point_as_stored"])


def test_a_model_without_an_encoder_is_measured_without_z(tmp_path: Path, data: Path) -> None:
    asset = Asset(write_unconditional_asset(tmp_path / "assets"))
    *_, figures = evaluate(asset, data / "unicorn.npz")
    assert isinstance(figures, dict)
    values = figures["categories"]["unicorn"]
    assert np.isfinite(values["nats_per_point_without_z"])
    assert "top1" not in values


def test_data_of_no_category_that_it_knows_is_refused(asset: Asset, data: Path) -> None:
    with pytest.raises(InvalidMedia, match="no drawings of a category") as raised:
        list(evaluate(asset, data / "unicorn.npz"))
    assert "cat" in raised.value.hint


def test_means_are_weighted() -> None:
    figures = {"a": {"drawings": 1.0, "top1": 1.0}, "b": {"drawings": 3.0, "top1": 0.0}}
    assert mean_figures(figures, {"a": 1.0, "b": 3.0}) == {"top1": 0.25}
