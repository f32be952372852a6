from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from creative_gen.interface.errors import InvalidRequest
from creative_gen.media.errors import MediaError
from creative_gen.training.picture_folders import (
    LeftOut,
    Picture,
    split_of,
    told_source,
    write_pictures,
)
from tests.toy_pictures import clip_art, tile


def picture(name: str, seed: int = 0, valid: bool | None = None) -> Picture:
    return Picture(name, name, {"": clip_art(24, seed)}, valid)


def files_in(folder: Path) -> list[str]:
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def test_a_twentieth_of_the_families_is_kept_aside() -> None:
    splits = [split_of(f"family {number}") for number in range(4000)]
    assert set(splits) == {"train", "valid"}
    assert 150 < splits.count("valid") < 250


def test_the_split_of_a_family_is_the_same_on_every_machine() -> None:
    # The SHA-256 of "bus" begins with 04, that of "violin" with 00: less than a twentieth of 100.
    assert {name: split_of(name) for name in ("bus", "cat", "dog", "violin")} == {
        "bus": "valid",
        "cat": "train",
        "dog": "train",
        "violin": "valid",
    }


def test_pictures_are_written_by_split_and_layer(tmp_path: Path) -> None:
    pair = Picture("a/b", "b", {"colors": clip_art(24), "lines": tile(24)}, valid=True)
    written = write_pictures(tmp_path / "new", [picture("plain", valid=False), pair], "Mine.")
    assert files_in(tmp_path / "new") == [
        "SOURCE.txt",
        "train/plain.png",
        "valid/colors/a--b.png",
        "valid/lines/a--b.png",
    ]
    with Image.open(tmp_path / "new/valid/lines/a--b.png") as read:
        assert np.array_equal(np.asarray(read), tile(24))
    assert written.counts == {"train": 1, "valid": 1}
    told = (tmp_path / "new/SOURCE.txt").read_text(encoding="utf-8")
    assert told == "Mine.\n\n1 train, 1 valid pictures.\n"


def test_what_was_left_out_is_counted_by_its_reason(tmp_path: Path) -> None:
    left_out = [LeftOut("a", "copies"), LeftOut("b", "empty"), LeftOut("c", "copies")]
    written = write_pictures(tmp_path, [*left_out, picture("d", valid=False)], "")
    assert written.left_out == tuple(left_out)
    assert str(written).endswith("Left out 3: 2 copies, 1 empty.")
    assert str(written) in (tmp_path / "SOURCE.txt").read_text(encoding="utf-8")


def test_no_picture_takes_the_place_of_another(tmp_path: Path) -> None:
    names = ["a/b", "a--b", "A--B", "c"]
    write_pictures(tmp_path, [picture(name, valid=False) for name in names], "")
    assert files_in(tmp_path / "train") == ["A--B-3.png", "a--b-2.png", "a--b.png", "c.png"]


def test_a_picture_that_cannot_be_made_leaves_nothing(tmp_path: Path) -> None:
    def pictures() -> Iterator[Picture]:
        yield picture("first")
        raise MediaError("broken")

    with pytest.raises(MediaError, match="broken"):
        write_pictures(tmp_path / "new", pictures(), "")
    assert list(tmp_path.iterdir()) == []


def test_without_a_picture_nothing_is_written(tmp_path: Path) -> None:
    with pytest.raises(MediaError, match="Left out 1: 1 empty"):
        write_pictures(tmp_path / "new", [LeftOut("a", "empty")], "")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("split", ["train", "valid"])
def test_two_runs_are_not_mixed(split: str, tmp_path: Path) -> None:
    (tmp_path / split).mkdir()
    with pytest.raises(InvalidRequest, match="already") as raised:
        write_pictures(tmp_path, [picture("a")], "")
    assert "Remove it" in raised.value.hint


def test_the_source_is_what_the_folder_says(tmp_path: Path) -> None:
    assert told_source(tmp_path).endswith("of unknown origin and licence.")
    (tmp_path / "SOURCE.txt").write_text("Drawn by me, CC0.", encoding="utf-8")
    assert told_source(tmp_path) == "Drawn by me, CC0."
