from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.special import softmax as scipy_softmax

from creative_gen.interface.jobs import Progress
from creative_gen.models.colorizer import sampling
from creative_gen.models.colorizer.player import Player, Prediction
from creative_gen.models.colorizer.sampling import draw, softmax
from creative_gen.store.asset import Asset
from tests.toy_pictures import line_drawing, photo
from tests.toy_pictures_assets import write_colorizer


@pytest.fixture(scope="module")
def player(tmp_path_factory: pytest.TempPathFactory) -> Player:
    return Player(Asset(write_colorizer(tmp_path_factory.mktemp("assets"))))


def drawn(
    player: Player,
    seed: int = 0,
    temperature: float = 1.0,
    lines: bool = False,
    **given: np.ndarray,
) -> np.ndarray:
    lightness = (line_drawing if lines else photo)(64, seed=5).mean(axis=-1)[:64, :64] / 2.55
    if not lines:
        lightness = photo(64, 64, 5).mean(axis=-1) / 2.55
    hints = given.get("hints", np.zeros((64, 64, 4), np.float32))
    steps = draw(player, lightness.astype(np.float32), hints, lines, seed, temperature)
    shares = []
    while True:
        try:
            step = next(steps)
        except StopIteration as end:
            assert shares == sorted(shares) and 0 < shares[-1] <= 1
            assert isinstance(end.value, Prediction)
            return end.value.color
        assert isinstance(step, Progress)
        shares.append(step.fraction)


@pytest.mark.parametrize("lines", [False, True])
def test_the_same_seed_draws_the_same(player: Player, lines: bool):
    np.testing.assert_array_equal(drawn(player, 3, lines=lines), drawn(player, 3, lines=lines))


@pytest.mark.parametrize("lines", [False, True])
def test_seeds_differ_and_a_temperature_of_zero_does_not(player: Player, lines: bool):
    assert np.abs(drawn(player, 1, lines=lines) - drawn(player, 2, lines=lines)).max() > 10
    coldest = [drawn(player, seed, 0.0, lines) for seed in (1, 2)]
    np.testing.assert_array_equal(*coldest)


def test_hints_of_the_user_stay(player: Player):
    hints = np.zeros((64, 64, 4), np.float32)
    hints[16:24, 16:24] = (0.1, 0.6, 0.3, 1)
    before = hints.copy()
    color = drawn(player, hints=hints)
    np.testing.assert_array_equal(hints, before)
    np.testing.assert_allclose(color[9:11, 9:11, 1:], np.broadcast_to((66, 33), (2, 2, 2)), atol=15)


def test_softmax_is_scipys():
    logits = np.random.default_rng(0).normal(0, 50, (3, 4, 7)).astype(np.float32)
    np.testing.assert_allclose(softmax(logits), scipy_softmax(logits, axis=-1), atol=1e-6)


def test_draws_follow_their_weights():
    weights = np.array([0.0, 1.0, 3.0, 0.0], np.float32)
    numbers = (np.arange(1000) + 0.5) / 1000
    drawn_at = [sampling._drawn(weights, number, 1.0) for number in numbers]
    np.testing.assert_array_equal(np.bincount(drawn_at, minlength=4), [0, 250, 750, 0])
    assert sampling._drawn(weights, 0.1, 0.0) == 2


def test_the_network_of_an_asset_is_asked_for_each_place(tmp_path: Path):
    player = Player(Asset(write_colorizer(tmp_path)))
    asked = []
    predict = player.predict
    player.predict = lambda *given: asked.append(given[1][..., 3].sum()) or predict(*given)
    drawn(player)
    assert len(asked) == sampling.PLACES + 1
    # Every place is a cell of 4 x 4 pixels more.
    np.testing.assert_array_equal(asked, 16 * np.arange(sampling.PLACES + 1))
