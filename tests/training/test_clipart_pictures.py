from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from creative_gen.interface.errors import InvalidRequest
from creative_gen.media.errors import MediaError
from creative_gen.training.clipart_pictures import (
    clipart_pictures,
    numbered_family,
    read_omitted,
)
from creative_gen.training.picture_folders import LeftOut, Picture
from creative_gen.training.picture_pixels import read_rgb
from tests.toy_pictures import clip_art, tile


def save(path: Path, pixels: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path)


@pytest.fixture
def art(tmp_path: Path) -> Path:
    """Four pictures, two of them numbered."""
    folder = tmp_path / "art"
    for seed, name in enumerate(["animals/cat_01", "animals/cat_02", "house", "Tree+"]):
        save(folder / f"{name}.png", clip_art(96, seed))
    return folder


def made_of(folder: Path, size: int = 48, omit: frozenset[str] = frozenset()) -> tuple:
    made = list(clipart_pictures(folder, size, omit))
    pictures = {one.name: one for one in made if isinstance(one, Picture)}
    return pictures, {one.name: one.reason for one in made if isinstance(one, LeftOut)}


def test_pictures_are_shrunk_and_of_families(art: Path) -> None:
    pictures, left_out = made_of(art)
    assert left_out == {}
    assert list(pictures) == ["Tree+", "animals/cat_01", "animals/cat_02", "house"]
    assert {one.layers[""].shape for one in pictures.values()} == {(48, 48, 3)}
    cats = {one.family for name, one in pictures.items() if "cat" in name}
    assert cats == {"animals/cat"}


def test_small_pictures_are_not_enlarged(art: Path) -> None:
    pictures, _ = made_of(art, size=500)
    assert np.array_equal(pictures["house"].layers[""], clip_art(96, 2))


def test_the_longer_side_is_meant(tmp_path: Path) -> None:
    save(tmp_path / "wide.png", clip_art(96)[:48])
    assert read_rgb(tmp_path / "wide.png", 60).shape == (30, 60, 3)


def test_what_is_transparent_is_white(tmp_path: Path) -> None:
    sprite = tile(32)
    save(tmp_path / "sprite.png", sprite)
    pixels = read_rgb(tmp_path / "sprite.png")
    assert (pixels[sprite[..., 3] == 0] == 255).all()
    assert np.array_equal(pixels[sprite[..., 3] == 255], sprite[sprite[..., 3] == 255][:, :3])


def test_what_teaches_nothing_is_left_out(art: Path) -> None:
    save(art / "blank.png", np.full((96, 96, 3), 255, np.uint8))
    save(art / "zz/copy.png", clip_art(96, 2))
    save(art / "zz/larger.png", clip_art(192, 0))
    save(art / "thin.png", clip_art(96, 7)[:12])
    (art / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\nxx")
    (art / "notes.txt").write_text("no picture")
    pictures, left_out = made_of(art)
    assert len(pictures) == 4
    assert left_out == {
        "blank.png": "nearly empty",
        "broken.png": "too large or broken",
        "thin.png": "too small",
        "zz/copy.png": "near-copies",
        "zz/larger.png": "near-copies",
    }


def test_links_to_pictures_of_the_folder_are_not_counted(art: Path, tmp_path: Path) -> None:
    save(tmp_path / "elsewhere.png", clip_art(96, 9))
    (art / "again.png").symlink_to("house.png")
    (art / "linked.png").symlink_to(tmp_path / "elsewhere.png")
    pictures, left_out = made_of(art)
    assert "again" not in pictures
    assert "again.png" not in left_out
    assert "linked" in pictures


def test_what_is_held_back_is_left_out_under_every_name(art: Path, tmp_path: Path) -> None:
    save(art / "a_copy_of_the_house.png", clip_art(80, 2))
    (tmp_path / "held_back.txt").write_text("./house.png\n\ntree+.PNG\n", encoding="utf-8")
    omit = read_omitted(tmp_path / "held_back.txt", art)
    assert omit == {"house.png", "Tree+.png"}
    pictures, left_out = made_of(art, omit=omit)
    assert list(pictures) == ["animals/cat_01", "animals/cat_02"]
    assert left_out == {
        "Tree+.png": "to be left out",
        "a_copy_of_the_house.png": "like one to be left out",
        "house.png": "to be left out",
    }


def test_names_are_the_same_in_whatever_form_of_unicode(art: Path, tmp_path: Path) -> None:
    save(art / "cafe\u0301.png", clip_art(96, 8))
    (tmp_path / "held_back.txt").write_text("caf\u00e9.png", encoding="utf-8")
    assert read_omitted(tmp_path / "held_back.txt", art) == {"cafe\u0301.png"}


def test_a_name_that_is_of_no_picture_is_refused(art: Path, tmp_path: Path) -> None:
    (tmp_path / "held_back.txt").write_text("house.png\ncat_01.png\n", encoding="utf-8")
    with pytest.raises(InvalidRequest, match=r"1 of the 2 .* 'cat_01.png'") as raised:
        read_omitted(tmp_path / "held_back.txt", art)
    assert "folder that the names begin in" in raised.value.hint


def test_what_is_no_list_of_names_is_told(art: Path) -> None:
    with pytest.raises(MediaError, match="not a list of names"):
        read_omitted(art / "house.png", art)


def test_a_held_back_picture_that_is_broken_is_still_left_out(art: Path) -> None:
    (art / "house.png").write_bytes(b"broken")
    pictures, left_out = made_of(art, omit=frozenset({"house.png"}))
    assert "house" not in pictures
    assert left_out == {"house.png": "to be left out, but not readable"}


@pytest.mark.parametrize(
    ("name", "family"),
    [("a/b_01", "a/b"), ("a/b", "a/b"), ("tree-7", "tree"), ("a/70a01", "a/70a"), ("1/2", "1/")],
)
def test_families_are_names_without_their_numbers(name: str, family: str) -> None:
    assert numbered_family(name) == family
