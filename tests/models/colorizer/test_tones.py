from __future__ import annotations

import numpy as np
import pytest

from creative_gen.media.color_space import gray_level, srgb_to_lab
from creative_gen.media.image import Image
from creative_gen.models.colorizer import original as original_module
from creative_gen.models.colorizer.original import Original
from creative_gen.models.colorizer.player import Player
from creative_gen.models.colorizer.strokes import Strokes
from creative_gen.models.colorizer.tones import Tones, hint_map
from creative_gen.store.asset import Asset
from tests.toy_pictures import photo
from tests.toy_pictures_assets import write_colorizer


@pytest.fixture(scope="module")
def player(tmp_path_factory: pytest.TempPathFactory) -> Player:
    return Player(Asset(write_colorizer(tmp_path_factory.mktemp("assets"))))


def tones(player: Player, pixels: np.ndarray, hints: np.ndarray | None = None) -> Tones:
    original = Original(Image(pixels))
    for _ in original.read():
        pass
    strokes = None if hints is None else Strokes(Image(hints), *pixels.shape[:2])
    return Tones(original, player, strokes)


def painted(work: Tones, color: np.ndarray) -> np.ndarray:
    steps = work.painted(color)
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value.pixels


def colors(work: Tones, ab: tuple[float, float]) -> np.ndarray:
    rows, columns = (side // 2 for side in work.lightness.shape)
    return np.broadcast_to(np.array([50, *ab], np.float32), (rows, columns, 3)).copy()


@pytest.mark.parametrize("channels", [1, 2, 3, 4])
@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_every_pixel_stays_exactly_as_light(player: Player, channels: int, dtype: type):
    pixels = photo(37, 52)[..., [0, 1, 2, 0]][..., :channels]
    pixels = pixels.astype(dtype) * (257 if dtype == np.uint16 else 1)
    work = tones(player, pixels)
    result = painted(work, colors(work, (40, -20)))
    gray = pixels[..., 0] if channels < 3 else gray_level(pixels[..., :3])
    np.testing.assert_array_equal(gray_level(result[..., :3]), gray)
    assert result.dtype == dtype
    if channels in (2, 4):
        np.testing.assert_array_equal(result[..., -1], pixels[..., -1])
    lab = srgb_to_lab(result[..., :3].astype(np.float32) / np.iinfo(dtype).max)
    middle = (lab[..., 0] > 40) & (lab[..., 0] < 70)
    np.testing.assert_allclose(lab[middle][:, 1:].mean(axis=0), (40, -20), atol=2)


def test_strips_do_not_show(player: Player, monkeypatch: pytest.MonkeyPatch):
    pixels = photo(60, 40)
    hints = np.zeros((60, 40, 4), np.uint8)
    hints[20:30, 10:14] = (200, 40, 40, 255)
    color = np.random.default_rng(0).normal(0, 20, (32, 22, 3)).astype(np.float32)
    whole = painted(tones(player, pixels, hints), color)
    monkeypatch.setattr(original_module, "STRIP", 7 * 40)
    np.testing.assert_array_equal(painted(tones(player, pixels, hints), color), whole)


def test_hinted_pixels_have_the_hints_colours(player: Player):
    pixels = np.full((50, 50, 1), 128, np.uint8)
    hints = np.zeros((50, 50, 4), np.uint8)
    hints[10:20, 10:40] = (170, 100, 90, 255)
    work = tones(player, pixels, hints)
    result = painted(work, colors(work, (-30, 10)))
    wanted = srgb_to_lab(np.array([170, 100, 90], np.float32) / 255)[1:]
    lab = srgb_to_lab(result.astype(np.float32) / 255)
    np.testing.assert_allclose(
        lab[10:20, 10:40, 1:], np.broadcast_to(wanted, (10, 30, 2)), atol=0.7
    )
    # Beside it there is no seam.
    np.testing.assert_allclose(lab[21, 25, 1:], wanted, atol=6)


def test_hints_stop_at_edges_of_the_lightness(player: Player):
    pixels = np.full((60, 60, 1), 90, np.uint8)
    pixels[:, 30:] = 180
    hints = np.zeros((60, 60, 4), np.uint8)
    hints[25:35, 18:24] = (200, 60, 60, 255)
    work = tones(player, pixels, hints)
    lab = srgb_to_lab(painted(work, colors(work, (0, 0))).astype(np.float32) / 255)
    assert lab[30, 27, 1] > 20 and abs(lab[30, 33, 1]) < 5


def test_the_network_sees_hints_as_light_as_the_picture(player: Player):
    pixels = np.full((32, 32, 1), 60, np.uint8)
    hints = np.zeros((32, 32, 4), np.uint8)
    hints[4:8, 4:8] = (255, 255, 0, 255)
    work = tones(player, pixels, hints)
    hinted = work.hints[..., 3] == 1
    np.testing.assert_allclose(work.hints[hinted][:, 0], work.lightness[hinted] / 50 - 1)
    assert hinted.mean() == pytest.approx(16 / 32**2)
    assert (work.hints[~hinted] == 0).all()


def test_hidden_pixels_are_white_paper_to_the_network(player: Player):
    pixels = np.zeros((20, 20, 2), np.uint8)
    np.testing.assert_allclose(tones(player, pixels).lightness, 100, atol=1e-3)


@pytest.mark.parametrize("shape", [(1, 1, 1), (1, 90, 3), (90, 1, 4)])
def test_thin_pictures(player: Player, shape: tuple[int, int, int]):
    work = tones(player, np.full(shape, 77, np.uint8))
    assert painted(work, colors(work, (10, 10))).shape[:2] == shape[:2]


def test_a_hint_map_is_scaled_as_the_network_learnt():
    lab = np.array([[[75, 55, -110], [1, 2, 3]]], np.float32)
    expected = [[[0.5, 0.5, -1, 1], [0, 0, 0, 0]]]
    np.testing.assert_allclose(hint_map(lab, np.array([[True, False]])), expected)
