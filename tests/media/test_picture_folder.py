from pathlib import Path

import numpy as np
import pytest

from creative_gen.media.errors import MediaError
from creative_gen.media.image import Image
from creative_gen.media.picture_folder import measured_pictures, on_white
from tests import toy_pictures


def test_pictures_of_a_folder_are_found_in_order_below_it(tmp_path: Path) -> None:
    (tmp_path / "more").mkdir()
    names = ["b.png", "a.JPG", "more/c.webp", "notes.txt", "d.svg"]
    for name in names:
        (tmp_path / name).touch()
    found = [path.relative_to(tmp_path).as_posix() for path in measured_pictures(tmp_path)]
    assert found == ["a.JPG", "b.png", "more/c.webp"]


def test_a_folder_of_what_was_held_back_comes_first(tmp_path: Path) -> None:
    for name in ("train", "valid"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "one.png").touch()
    assert measured_pictures(tmp_path) == [tmp_path / "valid" / "one.png"]


def test_one_picture_is_one_and_none_are_refused(tmp_path: Path) -> None:
    picture = tmp_path / "one.png"
    picture.touch()
    assert measured_pictures(picture) == [picture]
    picture.unlink()
    with pytest.raises(MediaError, match="has no pictures"):
        measured_pictures(tmp_path)


def test_what_is_transparent_is_white_and_the_rest_as_it_was() -> None:
    pixels = toy_pictures.tile()
    pixels[0, 0] = (255, 0, 0, 51)
    seen = on_white(Image(pixels))
    assert seen.dtype == np.float32
    assert np.allclose(seen[0, 0], (1, 0.8, 0.8))
    clear = pixels[..., 3] == 0
    assert (seen[clear] == 1).all()
    opaque = pixels[..., 3] == 255
    assert np.allclose(seen[opaque], pixels[opaque, :3] / 255)


def test_gray_pictures_have_three_equal_colours() -> None:
    gray = np.arange(12, dtype=np.uint8).reshape(3, 4, 1)
    assert np.allclose(on_white(Image(gray)), gray.repeat(3, axis=2) / 255)
