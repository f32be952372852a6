from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from creative_gen.interface.errors import InvalidRequest
from creative_gen.training.photo_pictures import photo_pictures
from creative_gen.training.picture_folders import LeftOut, Picture
from tests.toy_pictures import photo


@pytest.fixture
def album(tmp_path: Path) -> Path:
    for seed, name in enumerate(["hill.png", "sea.jpg", "wood.jpeg"]):
        Image.fromarray(photo(60, 80, seed)).save(tmp_path / name, quality=95)
    (tmp_path / "SOURCE.txt").write_text("Mine.")
    return tmp_path


def test_named_photographs_are_kept_aside(album: Path) -> None:
    made = list(photo_pictures(album, None, ["sea"]))
    assert {one.name: one.split for one in made} == {
        "hill": "train", "sea": "valid", "wood": "train",
    }  # fmt: skip
    assert np.array_equal(made[0].layers[""], photo(60, 80, 0))


def test_without_names_the_split_is_that_of_the_name(album: Path) -> None:
    assert all(one.valid is None for one in photo_pictures(album, None, []))


def test_photographs_are_shrunk(album: Path) -> None:
    assert {one.layers[""].shape for one in photo_pictures(album, 40, [])} == {(30, 40, 3)}


def test_a_photograph_is_upright(album: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turned by a quarter to the right when it is shown
    Image.fromarray(photo(60, 80)).save(album / "turned.png", exif=exif)
    (turned,) = (one for one in photo_pictures(album, None, []) if one.name == "turned")
    assert np.array_equal(turned.layers[""], np.rot90(photo(60, 80), -1))


def test_a_broken_photograph_is_left_out_and_told(album: Path) -> None:
    (album / "broken.jpg").write_bytes(b"")
    broken, *others = photo_pictures(album, None, [])
    assert isinstance(broken, LeftOut)
    assert (broken.name, bool(broken.problem)) == ("broken.jpg", True)
    assert all(isinstance(one, Picture) for one in others)


def test_a_name_that_is_not_there_is_told(album: Path) -> None:
    with pytest.raises(InvalidRequest, match=r"no photograph 'sea.jpg'") as raised:
        list(photo_pictures(album, None, ["sea.jpg"]))
    assert "without its suffix" in raised.value.hint
