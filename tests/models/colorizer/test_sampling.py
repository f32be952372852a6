from __future__ import annotations

import numpy as np
import pytest
from scipy.special import softmax as scipy_softmax

from creative_gen.interface.jobs import Progress
from creative_gen.models.colorizer import sampling
from creative_gen.models.colorizer.player import Player, Prediction
from creative_gen.models.colorizer.sampling import Palette, draw, drawn_index, softmax
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
            assert shares == sorted(shares) and all(0 < share <= 1 for share in shares)
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
    found = [drawn_index(weights, number) for number in numbers]
    np.testing.assert_array_equal(np.bincount(found, minlength=4), [0, 250, 750, 0])
    assert drawn_index(weights, 0.0) == 1


def test_a_drawn_colour_is_near_one_of_the_palette():
    colors = np.array([[0, 0], [20, 0], [60, 60]], np.float32)
    palette = Palette(colors, 20.0)
    logits = np.log(np.array([0.25, 0.25, 0.5], np.float32))
    np.testing.assert_allclose(palette.drawn(logits, 0.3, 1.0), [10, 0], atol=1e-4)
    np.testing.assert_allclose(palette.drawn(logits, 0.9, 1.0), [60, 60])
    # The colder, the likelier what is likeliest.
    np.testing.assert_allclose(palette.drawn(logits, 0.2, 0.1), [60, 60])


@pytest.mark.parametrize("neutral", [(0, 0), (100, 0, 0)])
def test_what_training_weighed_is_undone(neutral: tuple[float, ...]):
    colors = np.stack([np.full(len(neutral), 30.0), np.array(neutral)]).astype(np.float32)
    palette = Palette(colors, 20.0, (3.0, 1 / 3))
    assert palette.neutral == 1
    logits = np.log(np.array([0.5, 0.5], np.float32))
    np.testing.assert_allclose(palette.chances(logits), [0.1, 0.9], rtol=1e-5)
    np.testing.assert_allclose(Palette(colors, 20.0).chances(logits), [0.5, 0.5], rtol=1e-5)


class Recording:
    """A player that keeps the hints that it was given."""

    def __init__(self, player: Player) -> None:
        self.player, self.asked = player, []
        self.config = player.config
        self.tone_palette, self.line_palette = player.tone_palette, player.line_palette

    def predict(self, lightness: np.ndarray, hints: np.ndarray, lines: bool) -> Prediction:
        self.asked.append(hints.copy())
        return self.player.predict(lightness, hints, lines)


def test_each_place_is_one_more_hint(player: Player):
    recording = Recording(player)
    drawn(recording)
    counts = [int(hints[..., 3].sum()) for hints in recording.asked]
    assert counts == list(range(0, 16 * len(counts), 16))
    assert 3 <= len(counts) <= sampling.PLACES + 1


def test_places_are_where_hints_say_least():
    worth = np.ones((16, 16), np.float32)
    lightness = np.full((64, 64), 100, np.float32)
    lightness[:, 30:33] = 0
    hints = np.zeros((64, 64, 4), np.float32)
    hints[28:32, 12:16] = (0, 0, 0, 1)
    columns = []
    for number in np.linspace(0.01, 0.99, 50):
        cell = sampling._place(worth, lightness, hints, number)
        assert cell is not None
        columns.append(cell[1])
    # Nearly all are on the other side of the line.
    assert np.mean(np.array(columns) > 7) > 0.8
    hints[28:32, 44:48] = (0, 0, 0, 1)
    hints[::8, ::8] = (0, 0, 0, 1)
    assert sampling._place(worth, lightness, hints, 0.5) is None


def test_paper_that_is_surely_white_is_told_to_stay_so():
    palette = Palette(np.array([[50, 40, 0], [100, 0, 0]], np.float32), 20.0)
    logits = np.zeros((16, 16, 2), np.float32)
    logits[:, 8:, 1] = 9
    lightness = np.full((64, 64), 100, np.float32)
    lightness[:, 52:] = 0
    hints = np.zeros((64, 64, 4), np.float32)
    sampling._keep_paper(palette, logits, lightness, hints)
    hinted = hints[..., 3] == 1
    assert hinted[:, 32:52].any() and not hinted[:, :32].any() and not hinted[:, 52:].any()
    np.testing.assert_array_equal(hints[hinted], np.tile((1, 0, 0, 1), (hinted.sum(), 1)))


def test_only_paper_is_filled():
    lightness = np.full((16, 16), 100, np.float32)
    lightness[:, 9] = 20
    lightness[:, 12] = 20
    logits = np.zeros((4, 4, 3), np.float32)
    palette = Palette(np.array([[50, 40, 0], [50, 0, 40], [100, 0, 0]], np.float32), 20.0)
    worth = sampling._worth(palette, logits, lightness, True)
    assert (worth[:, :2] > 0).all() and (worth[:, 2:] == 0).all()
    worth = sampling._worth(palette, logits, lightness, False)
    np.testing.assert_allclose(worth, 80 / 3, rtol=1e-5)
