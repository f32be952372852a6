from __future__ import annotations

import numpy as np
import pytest

from creative_gen.models.upscaler.tiles import Tile, inner, tiles_of


@pytest.mark.parametrize(("height", "width"), [(1, 1), (1, 700), (256, 256), (257, 511), (600, 3)])
def test_tiles_cover_a_picture_once(height: int, width: int):
    covered = np.zeros((height, width), int)
    for tile in tiles_of(height, width):
        covered[tile.scaled(1)] += 1
        assert 0 < tile.bottom - tile.top <= 256 and 0 < tile.right - tile.left <= 256
        assert tile.area == (tile.bottom - tile.top) * (tile.right - tile.left)
    assert (covered == 1).all()


def test_tiles_are_of_nearly_the_same_size():
    sides = {tile.bottom - tile.top for tile in tiles_of(1000, 10)}
    assert sides == {250}


def test_a_crop_repeats_the_edge_of_the_picture():
    pixels = np.random.default_rng(0).random((7, 9, 2))
    padded = np.pad(pixels, ((5, 5), (5, 5), (0, 0)), mode="edge")
    for tile in tiles_of(7, 9, largest=4):
        expected = padded[tile.top : tile.bottom + 10, tile.left : tile.right + 10]
        np.testing.assert_array_equal(tile.crop(pixels, 5), expected)
        np.testing.assert_array_equal(inner(tile.crop(pixels, 5), 5), pixels[tile.scaled(1)])


def test_a_crop_is_a_copy():
    pixels = np.zeros((4, 4, 3))
    Tile(0, 4, 0, 4).crop(pixels, 0)[:] = 1
    assert (pixels == 0).all()
