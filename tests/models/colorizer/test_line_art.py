from __future__ import annotations

import numpy as np
import pytest

from creative_gen.media.image import Image
from creative_gen.models.colorizer import original as original_module
from creative_gen.models.colorizer.line_art import LineArt
from creative_gen.models.colorizer.original import Original
from creative_gen.models.colorizer.player import Player
from creative_gen.models.colorizer.strokes import Strokes
from creative_gen.store.asset import Asset
from tests.toy_pictures import line_drawing
from tests.toy_pictures_assets import write_colorizer

RED = (55.0, 70.0, 50.0)


@pytest.fixture(scope="module")
def player(tmp_path_factory: pytest.TempPathFactory) -> Player:
    return Player(Asset(write_colorizer(tmp_path_factory.mktemp("assets"))))


def line_art(
    player: Player, pixels: np.ndarray, hints: np.ndarray | None = None, gray: bool = False
) -> LineArt:
    original = Original(Image(pixels))
    for _ in original.read():
        pass
    strokes = None if hints is None else Strokes(Image(hints), *pixels.shape[:2])
    return LineArt(original, player, strokes, gray)


def painted(work: LineArt, color: tuple[float, float, float] = RED) -> np.ndarray:
    rows, columns = (side // 2 for side in work.lightness.shape)
    steps = work.painted(np.broadcast_to(np.array(color, np.float32), (rows, columns, 3)))
    while True:
        try:
            next(steps)
        except StopIteration as end:
            return end.value.pixels


def box(side: int = 60) -> np.ndarray:
    """A black square outline on white, RGB."""
    pixels = np.full((side, side, 3), 255, np.uint8)
    pixels[15:45, 15:45] = 0
    pixels[18:42, 18:42] = 255
    return pixels


def layer(pixels: np.ndarray) -> np.ndarray:
    """The same lines on nothing."""
    clear = np.zeros((*pixels.shape[:2], 4), np.uint8)
    clear[..., 3] = 255 - pixels[..., 0]
    return clear


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16])
def test_lines_multiply_the_fill(player: Player, dtype: type):
    pixels = line_drawing(90).astype(dtype) * (257 if dtype == np.uint16 else 1)
    result = painted(line_art(player, pixels))
    assert result.dtype == dtype
    peak = np.iinfo(dtype).max
    fill = result[5, 5] / peak
    np.testing.assert_allclose(result / peak, fill * (pixels / peak), atol=1 / 100)
    assert fill[0] > 2 * fill[1]


def test_grey_drawings_get_colours(player: Player):
    pixels = box()
    result = painted(line_art(player, pixels[..., :1]))
    np.testing.assert_array_equal(result, painted(line_art(player, pixels)))


def test_coloured_ink_stays_unless_the_lightness_alone_is_wanted(player: Player):
    pixels = box()
    pixels[(pixels == 0).all(axis=2)] = (90, 40, 0)
    white = (100.0, 0.0, 0.0)
    np.testing.assert_array_equal(painted(line_art(player, pixels), white), pixels)
    gray = painted(line_art(player, pixels, gray=True), white)
    assert np.ptp(gray, axis=2).max() == 0


def test_hinted_pixels_have_the_hints_colour(player: Player):
    hints = np.zeros((60, 60, 4), np.uint8)
    hints[25:30, 20:40] = (10, 200, 30, 255)
    hints[30:34, 15:18] = (10, 200, 30, 255)
    result = painted(line_art(player, box(), hints))
    np.testing.assert_array_equal(result[25:30, 20:40], hints[25:30, 20:40, :3])
    # On the line it is the line that shows.
    assert result[31, 16].max() == 0
    # All of the box follows, and nothing outside of it.
    inside = result[18:42, 18:42].astype(int)
    assert np.abs(inside - (10, 200, 30)).max() < 12
    outside = result[50:, :].astype(int)
    assert (outside[..., 0] > outside[..., 1] + 80).all()


def test_a_layer_of_lines_gets_opaque_fills(player: Player):
    result = painted(line_art(player, layer(box())))
    opaque = painted(line_art(player, box()))
    assert (result[..., 3] == 255).all()
    np.testing.assert_allclose(result[..., :3], opaque, atol=1)


def test_clear_paper_outside_stays_clear_and_enclosed_paper_is_white(player: Player):
    result = painted(line_art(player, layer(box())), (100.0, 0.0, 0.0))
    assert (result[:14, :, 3] == 0).all()
    assert (result[20:40, 20:40] == 255).all()
    np.testing.assert_array_equal(result[15:18, 20:40], np.full((3, 20, 4), (0, 0, 0, 255)))


def test_strips_do_not_show(player: Player, monkeypatch: pytest.MonkeyPatch):
    pixels = layer(line_drawing(70))
    hints = np.zeros((70, 70, 4), np.uint8)
    hints[30:40, 30:40] = (10, 200, 30, 255)
    whole = painted(line_art(player, pixels, hints))
    monkeypatch.setattr(original_module, "STRIP", 9 * 70)
    np.testing.assert_array_equal(painted(line_art(player, pixels, hints)), whole)


def test_grey_paper_is_white_to_the_network(player: Player):
    pixels = (box() // 255 * 150 + 50).astype(np.uint8)
    lightness = line_art(player, pixels).lightness
    assert lightness.max() == 100 and lightness[2:10].min() > 99


@pytest.mark.parametrize("shape", [(1, 1, 3), (1, 70, 1), (70, 1, 4)])
def test_thin_pictures(player: Player, shape: tuple[int, int, int]):
    result = painted(line_art(player, np.full(shape, 255, np.uint8)))
    assert result.shape[:2] == shape[:2] and np.isfinite(result.astype(float)).all()


def test_a_line_between_two_pixels_of_the_working_size_is_kept(player: Player):
    pixels = np.full((1200, 1300, 3), 255, np.uint8)
    pixels[:, 700] = 0
    work = line_art(player, pixels)
    assert work.drawing.count == 2
