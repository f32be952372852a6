from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from creative_gen.interface.errors import InvalidRequest
from creative_gen.media.errors import MediaError
from creative_gen.training.doodle_pictures import doodle_pictures, read_bitmaps
from creative_gen.training.picture_folders import LeftOut
from creative_gen.training.picture_sets import Example


def bitmap(seed: int, width: int = 1) -> NDArray[np.uint8]:
    """A few random lines, white on black."""
    random = np.random.default_rng(seed)
    image = Image.new("L", (28 * 4, 28 * 4))
    points = random.uniform(8, 104, (5, 2))
    ImageDraw.Draw(image).line([tuple(p) for p in points.tolist()], fill=255, width=4 * width)
    return np.asarray(image.resize((28, 28), Image.Resampling.BOX))


CATS = np.stack([bitmap(seed) for seed in range(40)])
DOGS = np.stack([bitmap(seed) for seed in range(100, 120)])


def drawn(bitmaps: dict[str, NDArray[np.uint8]], limit: int | None = None) -> list[Example]:
    made = doodle_pictures(bitmaps, limit, 0.1, 0)
    return [one for one in made if isinstance(one, Example)]


def test_archives_have_an_array_a_class(tmp_path: Path) -> None:
    np.savez(tmp_path / "two.npz", cat=CATS, dog=DOGS.reshape(-1, 784))
    read = read_bitmaps([tmp_path / "two.npz"])
    assert list(read) == ["cat", "dog"]
    assert np.array_equal(read["dog"], DOGS)


def test_files_are_named_after_their_class(tmp_path: Path) -> None:
    np.save(tmp_path / "full_numpy_bitmap_alarm clock.npy", CATS.reshape(-1, 784))
    np.save(tmp_path / "dog.npy", DOGS)
    paths = [tmp_path / "full_numpy_bitmap_alarm clock.npy", tmp_path / "dog.npy"]
    read = read_bitmaps(paths)
    assert list(read) == ["alarm clock", "dog"]
    assert np.array_equal(read["alarm clock"], CATS)


def test_doodles_are_black_on_white_and_kept_aside_by_class() -> None:
    made = drawn({"cat": CATS, "dog": DOGS})
    given = {picture.tobytes() for picture in 255 - np.concatenate([CATS, DOGS])}
    assert {one.pixels.tobytes() for one in made} == given
    assert {one.pixels.shape for one in made} == {(28, 28, 1)}
    counts = [(one.label, one.split) for one in made]
    assert (counts.count((0, "valid")), counts.count((1, "valid"))) == (4, 2)
    assert (counts.count((0, "train")), counts.count((1, "train"))) == (36, 18)


def test_a_limit_is_of_each_class() -> None:
    made = drawn({"cat": CATS, "dog": DOGS}, limit=10)
    assert [one.label for one in made] == [0] * 10 + [1] * 10


def test_blank_ones_and_bolder_twins_are_left_out() -> None:
    twins = np.stack([*CATS, bitmap(7, width=2), np.zeros((28, 28), np.uint8)])
    made = list(doodle_pictures({"cat": twins}, None, 0.1, 0))
    reasons = [one.reason for one in made if isinstance(one, LeftOut)]
    assert reasons == ["blank", "drawings that are there in thinner lines"]
    kept = {one.pixels.tobytes() for one in made if isinstance(one, Example)}
    assert kept == {picture.tobytes() for picture in 255 - CATS}


def test_a_class_comes_once(tmp_path: Path) -> None:
    np.save(tmp_path / "dog.npy", DOGS)
    np.savez(tmp_path / "all.npz", dog=DOGS)
    with pytest.raises(InvalidRequest, match="two arrays of 'dog'"):
        read_bitmaps([tmp_path / "dog.npy", tmp_path / "all.npz"])


@pytest.mark.parametrize(
    "array",
    [
        np.zeros((3, 27, 28), np.uint8),
        np.zeros((3, 784), np.float32),
        np.zeros((0, 784), np.uint8),
        np.zeros(784, np.uint8),
        np.array(7),
    ],
)
def test_other_arrays_are_refused(array: NDArray[np.generic], tmp_path: Path) -> None:
    np.savez(tmp_path / "x.npz", cat=array)
    with pytest.raises(MediaError, match="does not hold bitmaps"):
        read_bitmaps([tmp_path / "x.npz"])


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\x93NUMPY", b"no archive"])
def test_what_is_no_archive_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "x.npz").write_bytes(content)
    with pytest.raises(MediaError, match="not a file of bitmaps"):
        read_bitmaps([tmp_path / "x.npz"])
