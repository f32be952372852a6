from pathlib import Path
from typing import Any

import numpy as np
import pytest

from creative_gen.media.errors import MediaError
from creative_gen.media.picture_set import PictureSet, picture_set_bytes, read_picture_set

PICTURES = np.random.default_rng(0).integers(0, 256, (5, 8, 6, 3), np.uint8)
LABELS = np.array([0, 1, 1, 0, 2], np.int16)
CLASSES = ("cat", "dog", "très long")
SMILE = np.array([0.5, -0.5, np.nan, 0, 1], np.float32)


def made(**changed: Any) -> PictureSet:
    arguments = {"pictures": PICTURES, "labels": LABELS, "classes": CLASSES}
    return PictureSet(**{**arguments, "attributes": {"smile": SMILE}, **changed})


def test_an_archive_gives_back_the_set(tmp_path: Path) -> None:
    (tmp_path / "a.npz").write_bytes(picture_set_bytes(made()))
    read = read_picture_set(tmp_path / "a.npz")
    assert np.array_equal(read.pictures, PICTURES)
    assert np.array_equal(read.labels, LABELS)
    assert read.labels.dtype == np.int16
    assert read.classes == CLASSES
    assert list(read.attributes) == ["smile"]
    assert np.array_equal(read.attributes["smile"], SMILE, equal_nan=True)


def test_the_same_set_has_the_same_bytes() -> None:
    assert picture_set_bytes(made()) == picture_set_bytes(made())


def test_its_measures() -> None:
    assert (len(made()), made().side, made().channels) == (5, 8, 3)


def test_some_of_the_pictures_in_another_order() -> None:
    some = made().chosen(np.array([4, 0]))
    assert np.array_equal(some.pictures, PICTURES[[4, 0]])
    assert some.labels.tolist() == [2, 0]
    assert some.attributes["smile"].tolist() == [1.0, 0.5]


@pytest.mark.parametrize(
    "changed",
    [
        {"pictures": PICTURES.astype(np.float32)},
        {"pictures": PICTURES[..., 0]},
        {"pictures": PICTURES[..., :2]},
        {"pictures": PICTURES[:0], "labels": LABELS[:0], "attributes": {}},
        {"pictures": PICTURES[:4]},
        {"labels": LABELS[:4]},
        {"labels": LABELS - 1},
        {"classes": CLASSES[:2]},
        {"attributes": {"smile": SMILE[:2]}},
    ],
)
def test_what_does_not_fit_together_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(MediaError):
        made(**changed)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"no archive"])
def test_what_is_no_archive_is_refused(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "a.npz").write_bytes(content)
    with pytest.raises(MediaError, match=r"a\.npz"):
        read_picture_set(tmp_path / "a.npz")


@pytest.mark.parametrize("missing", ["pictures", "labels", "classes"])
def test_archives_of_other_arrays_are_refused(missing: str, tmp_path: Path) -> None:
    arrays = {"pictures": PICTURES, "labels": LABELS, "classes": np.array(CLASSES)}
    del arrays[missing]
    np.savez(tmp_path / "a.npz", **arrays)
    with pytest.raises(MediaError, match=r"a\.npz"):
        read_picture_set(tmp_path / "a.npz")


def test_a_truncated_archive_is_refused(tmp_path: Path) -> None:
    content = picture_set_bytes(made())
    (tmp_path / "a.npz").write_bytes(content[: len(content) // 2])
    with pytest.raises(MediaError, match=r"a\.npz"):
        read_picture_set(tmp_path / "a.npz")


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match=r"a\.npz"):
        read_picture_set(tmp_path / "a.npz")


def test_a_damaged_archive_is_refused(tmp_path: Path) -> None:
    content = bytearray(picture_set_bytes(made()))
    content[100:160] = bytes(60)
    (tmp_path / "a.npz").write_bytes(content)
    with pytest.raises(MediaError, match=r"a\.npz"):
        read_picture_set(tmp_path / "a.npz")


def test_one_array_is_no_set(tmp_path: Path) -> None:
    np.save(tmp_path / "a.npy", PICTURES)
    with pytest.raises(MediaError, match=r"a\.npy"):
        read_picture_set(tmp_path / "a.npy")


def test_some_are_evenly_of_a_set_in_the_order_of_its_classes():
    labels = np.repeat([0, 1, 2], [6, 3, 3]).astype(np.int16)
    pictures = PictureSet(np.zeros((12, 2, 2, 1), np.uint8), labels, ("a", "b", "c"))
    np.testing.assert_array_equal(pictures.some(4).labels, [0, 0, 1, 2])
    assert len(pictures.some(50)) == 12
