from pathlib import Path
from typing import Any

import numpy as np
import pytest

from creative_gen.media.errors import MediaError
from creative_gen.training.tile_pictures import tile_pictures
from tests.toy_pictures import tile

TILES = np.stack([tile(16, seed) for seed in range(3)])
NAMES = np.array(["mon/rat.png", "floor/grass1.png", "floor/grass2.png"])


def archive(folder: Path, **arrays: Any) -> Path:
    np.savez(folder / "tiles.npz", **arrays)
    return folder / "tiles.npz"


def test_tiles_are_on_white(tmp_path: Path) -> None:
    made = list(tile_pictures(archive(tmp_path, images=TILES, names=NAMES), keep_alpha=False))
    assert [one.name for one in made] == ["mon/rat", "floor/grass1", "floor/grass2"]
    assert [one.family for one in made] == ["mon/rat", "floor/grass", "floor/grass"]
    seen = TILES[0, ..., 3] == 255
    assert np.array_equal(made[0].layers[""][seen], TILES[0, ..., :3][seen])
    assert (made[0].layers[""][~seen] == 255).all()


def test_tiles_can_stay_transparent(tmp_path: Path) -> None:
    made = list(tile_pictures(archive(tmp_path, images=TILES, names=NAMES), keep_alpha=True))
    assert np.array_equal(made[2].layers[""], TILES[2])


@pytest.mark.parametrize(
    "arrays",
    [
        {"images": TILES},
        {"names": NAMES},
        {"images": TILES[..., :3], "names": NAMES},
        {"images": TILES.astype(np.float32), "names": NAMES},
        {"images": TILES, "names": NAMES[:2]},
        {"images": TILES[:0], "names": NAMES[:0]},
        {"images": TILES, "names": np.array(["a", "b", None], object)},
    ],
)
def test_other_arrays_are_refused(arrays: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(MediaError, match=r"tiles\.npz") as raised:
        list(tile_pictures(archive(tmp_path, **arrays), keep_alpha=False))
    assert "images" in raised.value.hint


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no archive"])
def test_what_is_no_archive_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "tiles.npz").write_bytes(content)
    with pytest.raises(MediaError, match="not an archive"):
        list(tile_pictures(tmp_path / "tiles.npz", keep_alpha=False))


def test_a_single_array_is_refused(tmp_path: Path) -> None:
    np.save(tmp_path / "tiles.npy", TILES)
    with pytest.raises(MediaError, match="not an archive"):
        list(tile_pictures(tmp_path / "tiles.npy", keep_alpha=False))
