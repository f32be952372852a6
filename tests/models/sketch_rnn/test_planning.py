"""Plans: priors of z, and those under which half a drawing is likely."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from creative_gen import open_engine
from creative_gen.models.sketch_rnn.planning import (
    HALVED,
    LIKELIEST,
    fit_prior,
    half_planned,
    likeliest_z,
    plan_pool,
    prior_z,
)
from creative_gen.models.sketch_rnn.player import Player
from creative_gen.store.asset import Asset
from tests.toy_assets import CATEGORIES, TOY, half_a_drawing, toy_weights, write_toy_asset

ROWS = np.array([[40, 10, 0], [20, -30, 0], [10, 60, 1], [-50, 5, 0]], np.float32)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    rng = np.random.default_rng(1)
    size = TOY.latent_size
    weights = toy_weights() | {
        "prior/mean": rng.normal(0, 2, (len(CATEGORIES), size)).astype(np.float32),
        "prior/factor": np.tril(rng.normal(0, 1, (len(CATEGORIES), size, size))).astype("f4"),
    }
    return write_toy_asset(tmp_path, weights=weights)


@pytest.fixture
def player(folder: Path) -> Player:
    return Player(Asset(folder))


def test_a_fitted_prior_has_the_mean_and_spread_of_the_drawings() -> None:
    rng = np.random.default_rng(0)
    mixing = rng.normal(0, 1, (3, 3))
    means = (rng.standard_normal((50_000, 3)) @ mixing.T + [1, 2, 3]).astype(np.float32)
    mean, factor = fit_prior(means)
    np.testing.assert_allclose(mean, [1, 2, 3], atol=0.05)
    expected = mixing @ mixing.T
    np.testing.assert_allclose(np.diag(factor @ factor.T), np.diag(expected), rtol=0.05)
    shrunk = 0.9 * expected + 0.1 * np.diag(np.diag(expected))
    np.testing.assert_allclose(factor @ factor.T, shrunk, atol=0.1)


def test_a_prior_gives_each_seed_its_own_z_of_its_category(player: Player) -> None:
    seeds = np.arange(4000, dtype=np.uint64)
    z = prior_z(player, ["face"] * 4000, seeds)
    index = CATEGORIES.index("face")
    np.testing.assert_allclose(z.mean(axis=0), player.weights["prior/mean"][index], atol=0.2)
    factor = player.weights["prior/factor"][index]
    np.testing.assert_allclose(np.cov(z.T), factor @ factor.T, atol=0.4)
    np.testing.assert_array_equal(prior_z(player, ["face"], seeds[7:8])[0], z[7])


def likelihood(player: Player, z: np.ndarray[Any, Any], rows: np.ndarray[Any, Any]) -> Any:
    state = player.decoder.start(
        np.arange(len(z)), player.condition(z, player.classes("cat", len(z)))
    )
    points, lengths = player.stroke5([rows] * len(z))
    return player.decoder.feed(state, points, lengths).sum(axis=1)


def test_plans_are_the_likeliest_of_the_pool(player: Player) -> None:
    pool = plan_pool(player, "cat")
    plans = likeliest_z(player, ROWS, pool)
    assert plans.shape == (LIKELIEST, TOY.latent_size)
    every = np.sort(likelihood(player, pool.z, ROWS))[::-1]
    np.testing.assert_allclose(likelihood(player, plans, ROWS), every[:LIKELIEST], rtol=1e-6)


def test_of_a_long_drawing_half_are_given_up_now_and_then(player: Player) -> None:
    rows = np.tile(ROWS, (10, 1))
    pool = plan_pool(player, "cat")
    left = pool.z
    for read in HALVED:
        best = np.argsort(-likelihood(player, left, rows[:read]), kind="stable")
        left = left[best[: max(len(left) // 2, LIKELIEST)]]
    best = np.argsort(-likelihood(player, left, rows), kind="stable")[:LIKELIEST]
    np.testing.assert_array_equal(likeliest_z(player, rows, pool), left[best])
    # The pool is for the next drawing, too.
    np.testing.assert_array_equal(likeliest_z(player, rows, pool), left[best])


def test_half_of_a_condition_is_planned(player: Player) -> None:
    classes = player.classes("cat", 4)
    z = np.ones((4, TOY.latent_size), np.float32)
    planned = np.array([True, False, True, False])
    condition = half_planned(player, z, classes, planned)
    with_z, without = player.condition(z, classes), player.condition(None, classes)
    assert condition is not None and with_z is not None and without is not None
    np.testing.assert_array_equal(condition[planned], with_z[planned])
    np.testing.assert_array_equal(condition[~planned], without[~planned])


@pytest.mark.parametrize("task", ["sketch.complete", "sketch.generate"])
def test_a_planned_drawing_is_the_same_alone_and_among_others(
    folder: Path, monkeypatch: pytest.MonkeyPatch, task: str
) -> None:
    monkeypatch.setenv("CREATIVE_GEN_ASSETS", str(folder.parent))
    options: dict[str, Any] = {"asset": "toy", "category": "cat"}
    options |= {"sketch": half_a_drawing(), "best_of": 1} if "complete" in task else {}
    one = open_engine().run(task, **options, seed=9, count=1).outputs[0]
    if "complete" in task:
        options["best_of"] = 6
    many = open_engine().run(task, **options, seed=5, count=6).outputs
    assert one in many


def test_a_prior_of_another_shape_is_refused(tmp_path: Path) -> None:
    from creative_gen.interface.errors import InvalidAsset

    weights = toy_weights() | {"prior/mean": np.zeros((2, 2), np.float32)}
    with pytest.raises(InvalidAsset, match="prior/mean"):
        Player(Asset(write_toy_asset(tmp_path, weights=weights)))
