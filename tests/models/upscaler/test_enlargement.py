from __future__ import annotations

import numpy as np
import pytest

from creative_gen.interface.jobs import Progress
from creative_gen.media.image import Image
from creative_gen.models.upscaler import enlargement, tiles
from creative_gen.models.upscaler.enlargement import Enlargement, repeated
from creative_gen.models.upscaler.player import Player
from creative_gen.store.asset import Asset
from tests.toy_pictures import photo, tile
from tests.toy_pictures_assets import write_upscaler


@pytest.fixture(scope="module")
def player(tmp_path_factory: pytest.TempPathFactory) -> Player:
    return Player(Asset(write_upscaler(tmp_path_factory.mktemp("assets"))))


@pytest.fixture
def small_tiles(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tiles.tiles_of, "__defaults__", (16,))


def enlarged(player: Player, image: Image, scale: int = 2, ensemble: bool = False) -> Image:
    return progress_and_result(player, image, scale, ensemble)[1]


def progress_and_result(
    player: Player, image: Image, scale: int = 2, ensemble: bool = False
) -> tuple[list[Progress], Image]:
    run, steps = Enlargement(player, image, scale, ensemble).run(), []
    while True:
        try:
            steps.append(next(run))
        except StopIteration as end:
            return steps, end.value


def sticker(side: int = 40) -> np.ndarray:
    """A red disc with a soft edge; what cannot be seen is green."""
    y, x = np.mgrid[:side, :side] - side / 2
    alpha = (0.35 * side - np.hypot(x, y) + 0.5).clip(0, 1)
    pixels = np.zeros((side, side, 4), np.uint8)
    pixels[:] = (0, 255, 0, 0)
    pixels[alpha > 0] = (200, 0, 0, 0)
    pixels[..., 3] = np.round(255 * alpha)
    return pixels


@pytest.mark.usefixtures("small_tiles")
def test_colours_are_those_of_the_player(player: Player):
    pixels = photo(40, 36)
    expected = player.upscale(pixels.astype(np.float32) / 255, 2).clip(0, 1) * 255
    result = enlarged(player, Image(pixels))
    np.testing.assert_array_equal(result.pixels, np.floor(expected + 0.5))


def test_sixteen_bits_stay_sixteen(player: Player):
    pixels = photo(20, 30).astype(np.uint16) * 257 + 3
    expected = player.upscale(pixels.astype(np.float32) / 65535, 3).clip(0, 1) * 65535
    result = enlarged(player, Image(pixels), 3).pixels
    assert result.dtype == np.uint16
    np.testing.assert_allclose(result, expected, atol=0.6)


@pytest.mark.parametrize("channels", [1, 2])
def test_grey_stays_grey(player: Player, channels: int):
    pixels = photo(20, 24)[..., :channels].copy()
    pixels[..., 1:] = 255
    result = enlarged(player, Image(pixels)).pixels
    assert result.shape == (40, 48, channels)
    assert (result[..., 1:] == 255).all()


def test_an_opaque_picture_stays_opaque(player: Player):
    pixels = np.dstack([photo(30, 20), np.full((30, 20), 255, np.uint8)])
    result = enlarged(player, Image(pixels)).pixels
    np.testing.assert_array_equal(result[..., :3], enlarged(player, Image(pixels[..., :3])).pixels)
    assert (result[..., 3] == 255).all()


@pytest.mark.parametrize("scale", [2, 4])
def test_hidden_colours_do_not_show(player: Player, scale: int):
    result = enlarged(player, Image(sticker()), scale).pixels.astype(int)
    visible = result[..., 3] > 0
    assert visible.mean() > 0.2
    np.testing.assert_allclose(result[visible][:, :3], np.tile((200, 0, 0), (visible.sum(), 1)))


def test_hidden_colours_would_show_without_bleeding(
    player: Player, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(enlargement, "bled", lambda rgb, visible, reach: rgb)
    result = enlarged(player, Image(sticker())).pixels
    assert result[result[..., 3] > 0][:, 1].max() > 60


def test_transparency_keeps_its_area_and_its_soft_edge(player: Player):
    pixels = sticker()
    alpha = enlarged(player, Image(pixels)).pixels[..., 3] / 255
    assert abs(alpha.mean() - pixels[..., 3].mean() / 255) < 0.01
    assert ((alpha > 0.1) & (alpha < 0.9)).any()
    assert (alpha[:8] == 0).all() and (alpha[38:42, 38:42] == 1).all()


def test_a_cut_out_tile_stays_one(player: Player):
    pixels = tile()
    result = enlarged(player, Image(pixels), 4).pixels
    assert set(np.unique(result[..., 3])) == {0, 255}
    kept = repeated(pixels[..., 3], 4)
    assert (result[..., 3] != kept).mean() < 0.12


@pytest.mark.usefixtures("small_tiles")
@pytest.mark.parametrize("ensemble", [False, True])
def test_tiles_do_not_show(player: Player, ensemble: bool, monkeypatch: pytest.MonkeyPatch):
    image = Image(sticker(44))
    tiled = enlarged(player, image, 3, ensemble).pixels
    monkeypatch.setattr(tiles.tiles_of, "__defaults__", (64,))
    whole = enlarged(player, image, 3, ensemble).pixels
    np.testing.assert_array_equal(tiled[..., 3], whole[..., 3])
    seen = whole[..., 3] > 0
    assert np.abs(tiled[seen].astype(int) - whole[seen]).max() <= 1


@pytest.mark.usefixtures("small_tiles")
def test_progress_rises_to_its_end(player: Player):
    steps, _ = progress_and_result(player, Image(sticker()), ensemble=True)
    shares = [step.fraction for step in steps]
    assert shares == sorted(shares) and shares[-1] == 1.0 and len(shares) > 9 * 8


def test_the_ensemble_is_the_mean_of_the_turns(player: Player):
    pixels = photo(24, 18)
    halo = player.halo
    crop = np.pad(pixels, ((halo, halo), (halo, halo), (0, 0)), mode="edge") / np.float32(255)
    mean = np.mean(list(player.turns(crop, 2)), axis=0, dtype=np.float64).clip(0, 1) * 255
    result = enlarged(player, Image(pixels), ensemble=True).pixels
    np.testing.assert_allclose(result, mean, atol=0.51)


@pytest.mark.parametrize("shape", [(1, 1, 4), (1, 7, 3), (7, 1, 2)])
def test_thin_pictures(player: Player, shape: tuple[int, int, int]):
    pixels = np.full(shape, 128, np.uint8)
    result = enlarged(player, Image(pixels)).pixels
    assert result.shape == (2 * shape[0], 2 * shape[1], shape[2])
    if shape[2] % 2 == 0:
        assert (result[..., -1] == 128).all()


def test_nothing_visible(player: Player):
    pixels = np.full((5, 6, 4), (10, 20, 30, 0), np.uint8)
    result = enlarged(player, Image(pixels)).pixels
    np.testing.assert_array_equal(result, repeated(pixels, 2))
