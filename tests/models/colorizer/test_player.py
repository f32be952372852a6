from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from creative_gen.interface.errors import InvalidAsset
from creative_gen.models.colorizer.player import FILE, Player
from creative_gen.store.asset import Asset
from tests.toy_pictures_assets import (
    COLORIZER,
    UNHINTED,
    colorizer_network,
    upscaler_network,
    write_asset,
    write_colorizer,
)


@pytest.fixture(scope="module")
def player(tmp_path_factory: pytest.TempPathFactory) -> Player:
    return Player(Asset(write_colorizer(tmp_path_factory.mktemp("assets"))))


def test_the_network_sees_all_shapes_at_its_size(player: Player):
    assert player.size_of(3000, 4000) == (48, 64)
    assert player.size_of(4000, 3000) == (64, 48)
    assert player.size_of(1, 1) == (64, 64)
    assert player.size_of(1, 1000) == (4, 64)


@pytest.mark.parametrize("lines", [False, True])
@pytest.mark.parametrize("shape", [(64, 64), (48, 64), (64, 20), (4, 64)])
def test_predictions_lie_where_the_picture_does(
    player: Player, lines: bool, shape: tuple[int, int]
):
    lightness = np.full(shape, 50, np.float32)
    hints = np.zeros((*shape, 4), np.float32)
    row, column = shape[0] // 2, shape[1] - 2
    hints[row, column] = (0.2, 0.5, -0.5, 1)
    said = player.predict(lightness, hints, lines)
    assert said.color.shape == (shape[0] // 2, shape[1] // 2, 3)
    palette = player.line_palette if lines else player.tone_palette
    assert said.logits.shape == (shape[0] // 4, shape[1] // 4, len(palette))
    distance = np.abs(said.color - [60, 55, -55]).sum(axis=-1)
    assert np.unravel_index(distance.argmin(), distance.shape) == (row // 2, column // 2)


def test_colours_are_in_lab(player: Player):
    said = player.predict(np.full((64, 64), 50, np.float32), np.zeros((64, 64, 4)), False)
    np.testing.assert_allclose(said.color, np.broadcast_to(UNHINTED, (32, 32, 3)), rtol=1e-5)


def test_predictions_have_the_same_bits_on_any_number_of_threads(tmp_path: Path):
    asset = Asset(write_colorizer(tmp_path))
    lightness = np.random.default_rng(0).random((64, 48), np.float32) * 100
    hints = np.zeros((64, 48, 4), np.float32)
    one, three = (Player(asset, n).predict(lightness, hints, True) for n in (1, 3))
    np.testing.assert_array_equal(one.color, three.color)
    np.testing.assert_array_equal(one.logits, three.logits)


@pytest.mark.parametrize(
    ("content", "settings", "message"),
    [
        (b"nothing", COLORIZER.model_dump(mode="json"), "cannot be played"),
        (upscaler_network(2), COLORIZER.model_dump(mode="json"), "not the network"),
        (colorizer_network(), {"size": 33}, "settings"),
    ],
)
def test_other_assets_are_refused(tmp_path: Path, content: bytes, settings: dict, message: str):
    card = {"family": "colorizer", "tasks": ["image.colorize"]}
    folder = write_asset(tmp_path / "bad", {FILE: content}, settings=settings, **card)
    with pytest.raises(InvalidAsset, match=message):
        Player(Asset(folder))
