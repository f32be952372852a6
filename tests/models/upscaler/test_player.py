from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from creative_gen.interface.errors import InvalidAsset, InvalidRequest
from creative_gen.media import bicubic
from creative_gen.models.upscaler import tiles
from creative_gen.models.upscaler.player import TURNS, Player
from creative_gen.store.asset import Asset
from tests.toy_pictures import photo
from tests.toy_pictures_assets import UPSCALER, upscaler_network, write_asset, write_upscaler


@pytest.fixture(scope="module")
def player(tmp_path_factory: pytest.TempPathFactory) -> Player:
    return Player(Asset(write_upscaler(tmp_path_factory.mktemp("assets"))))


def scene(height: int, width: int) -> np.ndarray:
    return photo(height, width).astype(np.float32) / 255


@pytest.mark.parametrize("scale", [2, 3, 4])
def test_tiles_leave_no_seams(player: Player, scale: int, monkeypatch: pytest.MonkeyPatch):
    rgb = scene(90, 70)
    padded = np.pad(rgb, ((player.halo,) * 2, (player.halo,) * 2, (0, 0)), mode="edge")
    whole = player.enlarge(padded, scale)
    monkeypatch.setattr(tiles.tiles_of, "__defaults__", (32,))
    assert len(tiles.tiles_of(90, 70)) == 9
    tiled = player.upscale(rgb, scale)
    assert tiled.shape == whole.shape == (90 * scale, 70 * scale, 3)
    np.testing.assert_allclose(tiled, whole, atol=1e-5)


def test_less_of_a_halo_would_leave_seams(player: Player, monkeypatch: pytest.MonkeyPatch):
    rgb = scene(40, 40)
    whole = player.upscale(rgb, 2)
    monkeypatch.setattr(tiles.tiles_of, "__defaults__", (20,))
    monkeypatch.setattr(player, "halo", 1)
    assert np.abs(player.upscale(rgb, 2) - whole)[30:50, 30:50].max() > 0.001


def test_away_from_edges_the_toy_is_nearly_bicubic(player: Player):
    rgb = scene(40, 50)
    expected = bicubic.resize(rgb, 80, 100)
    assert np.abs(player.upscale(rgb, 2) - expected)[6:-6, 6:-6].mean() < 0.02


@pytest.mark.parametrize(("height", "width"), [(1, 1), (1, 9), (9, 1), (2, 3)])
def test_small_pictures_are_enlarged(player: Player, height: int, width: int):
    larger = player.upscale(np.full((height, width, 3), 0.5, np.float32), 4)
    assert larger.shape == (4 * height, 4 * width, 3)
    # The picture goes on beyond its edges, so that they are not dark.
    np.testing.assert_allclose(larger, 0.5, atol=1e-5)


def test_turns_are_the_eight_of_a_square():
    square = np.arange(9).reshape(3, 3)
    turned = {
        np.rot90(square[:, ::-1] if mirrored else square, n).tobytes() for n, mirrored in TURNS
    }
    assert len(turned) == 8


def test_turns_come_back_in_place(player: Player):
    crop = scene(30, 22)
    turns = list(player.turns(crop, 3))
    np.testing.assert_array_equal(turns[0], player.enlarge(crop, 3))
    for turned in turns[1:]:
        assert turned.shape == turns[0].shape
        assert 0 < np.abs(turned - turns[0]).mean() < 0.02


def test_a_scale_that_the_asset_lacks_is_refused(player: Player):
    with pytest.raises(InvalidRequest, match="5 times") as error:
        player.network(5)
    assert "2, 3, 4" in error.value.hint


def test_networks_are_loaded_when_they_are_used(tmp_path: Path):
    folder = write_upscaler(tmp_path)
    (folder / "x3.onnx").unlink()
    player = Player(Asset(folder))
    assert player.upscale(scene(4, 4), 2).shape == (8, 8, 3)
    with pytest.raises(InvalidAsset, match=r"x3\.onnx"):
        player.network(3)


@pytest.mark.parametrize("content", [b"nothing", upscaler_network(3)])
def test_a_file_that_is_no_such_network_is_refused(tmp_path: Path, content: bytes):
    card = {"family": "upscaler", "tasks": ["image.upscale"]}
    settings = UPSCALER.model_dump(mode="json")
    folder = write_asset(tmp_path / "bad", {"x2.onnx": content}, settings=settings, **card)
    with pytest.raises(InvalidAsset, match=r"x2\.onnx"):
        Player(Asset(folder)).upscale(scene(4, 4), 2)


def test_settings_are_checked(tmp_path: Path):
    folder = write_upscaler(tmp_path, settings={"depth": 0})
    with pytest.raises(InvalidAsset, match="settings"):
        Player(Asset(folder))
