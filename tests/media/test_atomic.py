from __future__ import annotations

import os
from pathlib import Path

import pytest

from creative_gen.media.atomic import staged_files, write_files


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, hidden ones too, and every empty folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else b"folder"
        for path in folder.rglob("*")
    }


def test_files_are_written_and_nothing_else_is_left(tmp_path: Path) -> None:
    write_files(tmp_path / "a" / "b", {"one": b"1", "two": b"2"})
    assert tree(tmp_path / "a" / "b") == {"one": b"1", "two": b"2"}


def test_files_that_are_there_are_replaced_and_others_kept(tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(b"old")
    (tmp_path / "other").write_bytes(b"kept")
    write_files(tmp_path, {"one": b"new"})
    assert tree(tmp_path) == {"one": b"new", "other": b"kept"}


def test_a_file_has_the_mode_that_the_user_gives_files(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_files(tmp_path, {"one": b"1"})
    finally:
        os.umask(before)
    assert (tmp_path / "one").stat().st_mode & 0o777 == 0o640


def test_a_folder_below_a_file_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(NotADirectoryError):
        write_files(tmp_path / "file" / "a" / "b", {"one": b"1"})
    assert tree(tmp_path) == {"file": b""}


@pytest.mark.parametrize("files", [{"a" * 300: b"2"}, {"a/b": b"2"}, {"taken": b"2"}])
def test_a_file_that_cannot_be_written_leaves_nothing_of_the_others(
    tmp_path: Path, files: dict[str, bytes]
) -> None:
    (tmp_path / "out" / "taken").mkdir(parents=True)
    with pytest.raises(OSError):
        write_files(tmp_path / "out", {"one": b"1"} | files)
    assert tree(tmp_path / "out") == {"taken": b"folder"}


def test_folders_that_were_made_for_nothing_are_removed(tmp_path: Path) -> None:
    with pytest.raises(OSError):
        write_files(tmp_path / "a" / "b", {"one": b"1", "a" * 300: b"2"})
    assert tree(tmp_path) == {}


def test_staged_files_are_seen_when_they_are_published(tmp_path: Path) -> None:
    with staged_files(tmp_path / "a" / "b") as staged:
        for name in ("one", "two", "three"):
            staged.path(name).write_bytes(name.encode())
        assert not [path for path in (tmp_path / "a" / "b").iterdir() if path.name[0] != "."]
        staged.publish(["two", "one"])
    assert tree(tmp_path / "a" / "b") == {"one": b"one", "two": b"two"}


def test_what_was_not_published_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), staged_files(tmp_path / "a" / "b") as staged:
        staged.path("one").write_bytes(b"1")
        raise KeyboardInterrupt
    assert tree(tmp_path) == {}


def test_what_was_published_stays_whatever_comes_after(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), staged_files(tmp_path / "a") as staged:
        staged.path("one").write_bytes(b"1")
        staged.publish(["one"])
        raise KeyboardInterrupt
    assert tree(tmp_path / "a") == {"one": b"1"}


def test_a_folder_in_the_way_is_told_before_a_file_is_written(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    with staged_files(tmp_path) as staged, pytest.raises(IsADirectoryError):
        staged.path("taken")
