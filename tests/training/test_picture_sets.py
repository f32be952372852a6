import io

import numpy as np
import pytest

from creative_gen.media.errors import MediaError
from creative_gen.training.picture_folders import LeftOut
from creative_gen.training.picture_sets import Example, picture_sets
from tests.toy_pictures import clip_art, tile

CLASSES = ("cat", "dog")


def example(seed: int, split: str = "train", label: int = 0, change: int = 0) -> Example:
    pixels = clip_art(32, seed=seed)
    pixels[0, 0, 0] -= np.uint8(change)
    return Example(pixels, label, split, {"seed": float(seed)})


def test_examples_become_two_sets() -> None:
    made = picture_sets([example(1), example(2, "valid", 1), example(3, label=1)], CLASSES)
    train, valid = made.sets["train"], made.sets["valid"]
    assert np.array_equal(train.pictures, [example(1).pixels, example(3).pixels])
    assert train.labels.tolist() == [0, 1]
    assert train.attributes["seed"].tolist() == [1.0, 3.0]
    assert (len(valid), valid.labels.tolist(), valid.classes) == (1, [1], CLASSES)
    assert str(made) == "2 train, 1 valid pictures."


def test_copies_are_in_one_split_only() -> None:
    given = [example(1), example(1), example(2), example(2, "valid"), example(3), example(3)]
    made = picture_sets([*given, example(4, "valid")], CLASSES)
    assert made.sets["train"].attributes["seed"].tolist() == [1.0, 3.0]
    assert made.sets["valid"].attributes["seed"].tolist() == [2.0, 4.0]
    assert [one.reason for one in made.left_out] == ["exact copies"] * 3


def test_near_copies_of_what_is_kept_aside_are_not_trained_on() -> None:
    given = [example(1, change=9), example(1, "valid"), example(2), example(2, change=9)]
    made = picture_sets(given, CLASSES)
    assert made.sets["train"].attributes["seed"].tolist() == [2.0, 2.0]
    assert [one.reason for one in made.left_out] == ["near-copies of one kept aside"]


def test_transparent_pictures_are_compared_as_they_look() -> None:
    shown, hidden = tile(32, 1), tile(32, 1)
    hidden[hidden[..., 3] == 0] = (9, 99, 199, 0)
    assert not np.array_equal(shown, hidden)
    given = [Example(hidden, 0, "train"), Example(shown, 0, "valid")]
    made = picture_sets([*given, Example(tile(32, 2), 0, "train")], CLASSES)
    assert np.array_equal(made.sets["train"].pictures, [tile(32, 2)])


def test_the_files_tell_what_is_in_them() -> None:
    given = [example(1), example(2, "valid", 1), LeftOut("x", "broken")]
    files = picture_sets(given, CLASSES).files("By me. CC0.\n")
    assert list(files) == ["train.npz", "valid.npz", "SOURCE.txt"]
    assert files["SOURCE.txt"].decode() == (
        "By me. CC0.\n\n1 train, 1 valid pictures.\nLeft out 1: 1 broken.\n"
        "cat: 1 train, 0 valid.\ndog: 0 train, 1 valid.\n"
    )
    with np.load(io.BytesIO(files["train.npz"])) as read:
        assert np.array_equal(read["pictures"][0], example(1).pixels)


@pytest.mark.parametrize("split", ["train", "valid"])
def test_both_splits_need_pictures(split: str) -> None:
    with pytest.raises(MediaError, match="no pictures for"):
        picture_sets([example(1, split)], CLASSES)
