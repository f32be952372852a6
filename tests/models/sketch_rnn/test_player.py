from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from scipy.special import log_softmax

from creative_gen.interface.errors import InvalidAsset
from creative_gen.models.sketch_rnn.player import Drawn, Player
from creative_gen.store.asset import Asset
from tests.toy_assets import TOY, toy_weights, write_toy_asset, write_unconditional_asset

ROWS = np.array([[10, 0, 0], [0, 20, 1], [5, 5, 0], [5, 0, 1]], np.float32)


@pytest.fixture(scope="module")
def asset(tmp_path_factory: pytest.TempPathFactory) -> Asset:
    return Asset(write_toy_asset(tmp_path_factory.mktemp("assets")))


def drawn(player: Player, seeds: np.ndarray, points: int = 40) -> tuple[Drawn, list[float]]:
    classes = player.one_hot(["cat"] * len(seeds))
    state = player.decoder.start(seeds, player.free_condition(classes, seeds))
    *shares, last = player.draw(state, points, 0.8)
    assert isinstance(last, Drawn)
    return last, [share for share in shares if isinstance(share, float)]


def test_drawings_become_normalised_stroke5(asset: Asset) -> None:
    points, lengths = Player(asset).stroke5([ROWS, ROWS[:2]])
    assert points.shape == (2, 5, 5)
    assert lengths.tolist() == [4, 2]
    np.testing.assert_allclose(points[0, :4, :2], ROWS[:, :2] / TOY.scale_factor)
    assert points[0, :, 3].tolist() == [0, 1, 0, 1, 0]
    assert points[1, :, 4].tolist() == [0, 0, 1, 1, 1]


def test_what_is_encoded_does_not_depend_on_what_it_is_beside(asset: Asset) -> None:
    player = Player(asset)
    together = player.encode([ROWS, ROWS[:2], np.concatenate([ROWS, ROWS])])
    alone = player.encode([ROWS[:2]])
    for both, one in zip(together, alone, strict=True):
        np.testing.assert_array_equal(both[1], one[0])


def test_class_probabilities_are_those_of_a_linear_classifier(asset: Asset) -> None:
    player = Player(asset)
    mean, _ = player.encode([ROWS, ROWS[:2]])
    weights = toy_weights()
    logits = mean.astype(np.float64) @ weights["classifier/kernel"] + weights["classifier/bias"]
    found = player.class_log_probabilities(mean)
    np.testing.assert_allclose(found, log_softmax(logits, axis=1), atol=1e-5)


def test_the_condition_is_z_the_flag_and_the_class(asset: Asset) -> None:
    player = Player(asset)
    classes = player.one_hot(["face", "cat"])
    z = np.arange(8, dtype=np.float32).reshape(2, 4)
    given, free = player.condition(z, classes), player.condition(None, classes)
    assert given is not None
    assert free is not None
    assert given.tolist() == [[0, 1, 2, 3, 0, 0, 1, 0], [4, 5, 6, 7, 0, 1, 0, 0]]
    assert free.tolist() == [[0, 0, 0, 0, 1, 0, 1, 0], [0, 0, 0, 0, 1, 1, 0, 0]]


def test_a_model_that_always_had_a_z_draws_it_by_the_seed(tmp_path: Path) -> None:
    config = TOY.model_copy(update={"latent_dropout": 0.0})
    player = Player(Asset(write_toy_asset(tmp_path, config=config)))
    seeds = np.array([3, 4, 3], np.uint64)
    free = player.free_condition(player.one_hot(["cat"] * 3), seeds)
    assert free is not None
    assert free[:, 4].tolist() == [0, 0, 0]
    np.testing.assert_array_equal(free[0], free[2])
    assert not np.array_equal(free[0, :4], free[1, :4])
    assert np.abs(free[:, :4]).max() < 6


def test_an_unconditional_model_has_no_condition(tmp_path: Path) -> None:
    player = Player(Asset(write_unconditional_asset(tmp_path)))
    assert player.condition(None, np.zeros((2, 0), np.float32)) is None


def test_a_drawing_tells_the_mean_likelihood_of_its_points(asset: Asset) -> None:
    player = Player(asset)
    seeds = np.arange(4, dtype=np.uint64)
    result, _ = drawn(player, seeds, 400)
    classes = player.one_hot(["cat"] * 4)
    points, lengths = player.stroke5(result.drawings)
    state = player.decoder.start(seeds, player.free_condition(classes, seeds))
    fed = player.decoder.feed(state, points, lengths + 1).sum(axis=1) / (lengths + 1)
    np.testing.assert_allclose(result.log_likelihood, fed, atol=1e-4)


def test_progress_rises_to_the_end(asset: Asset) -> None:
    _, shares = drawn(Player(asset), np.arange(16, dtype=np.uint64))
    assert shares == sorted(shares)
    assert all(0 < share <= 1 for share in shares)


def test_both_backends_draw_the_same_shapes(asset: Asset) -> None:
    pytest.importorskip("numba")
    seeds = np.arange(4, dtype=np.uint64)
    results = [drawn(Player(asset, backend), seeds)[0] for backend in ("numba", "numpy")]
    for compiled, plain in zip(*(result.drawings for result in results), strict=True):
        np.testing.assert_allclose(compiled, plain, rtol=1e-3, atol=1e-2)


@pytest.mark.parametrize("name", sorted(toy_weights()))
def test_every_weight_is_needed_in_its_shape_and_finite(tmp_path: Path, name: str) -> None:
    weights = toy_weights()
    broken = [
        weights[name][..., :-1],
        np.full_like(weights[name], np.nan),
        None,
    ]
    for number, array in enumerate(broken):
        rest = {key: value for key, value in weights.items() if key != name}
        others = rest if array is None else rest | {name: np.ascontiguousarray(array)}
        asset = Asset(write_toy_asset(tmp_path, f"toy-{number}", weights=others))
        with pytest.raises(InvalidAsset, match="do not fit"):
            Player(asset)
