"""`creative-gen data doodles`, `digits`, `faces` and `thumbnails`."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from creative_gen.media.picture_set import read_picture_set
from creative_gen.media.quickdraw_npz import drawing_rows, write_npz
from creative_gen.media.sketch import Sketch
from tests.cli.conftest import Run
from tests.toy_faces import face
from tests.toy_pictures import clip_art, tile

COMMANDS = {
    "doodles": ["doodles.npz"],
    "digits": ["digits.npz"],
    "faces": ["face.npz", "--bends", "1"],
    "thumbnails": ["art", "--side", "16"],
}
FILES = ["SOURCE.txt", "train.npz", "valid.npz"]


def sketch(smile: float, width: float) -> Sketch:
    strokes = tuple((stroke + 130.0).astype(np.float32) for stroke in face(smile, width))
    return Sketch(strokes, (256.0, 256.0))


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, which has what the commands of COMMANDS are given."""
    (tmp_path / "SOURCE.txt").write_text("Drawn by me. CC0.\n")
    drawn = np.stack([255 - clip_art(28, seed=seed)[..., 0] for seed in range(12)])
    np.savez(tmp_path / "doodles.npz", cat=drawn[:6], dog=drawn[6:])
    np.savez(tmp_path / "digits.npz", images=drawn, labels=np.arange(12) % 3)
    rows = [drawing_rows(sketch(0.1 * i, 160.0 + 20.0 * i)) for i in range(4)]
    write_npz(tmp_path / "face.npz", {"train": rows[1:], "valid": rows[:1]})
    for split, seeds in (("train", (0, 1, 2)), ("valid", (3, 4))):
        (tmp_path / "art" / split).mkdir(parents=True)
        for seed in seeds:
            name = f"{'cat' if seed % 2 else 'dog'}{seed}.png"
            Image.fromarray(clip_art(40, seed=seed)).save(tmp_path / "art" / split / name)
    (tmp_path / "art/SOURCE.txt").write_text("Painted by me. CC0.\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("command", COMMANDS)
def test_the_same_command_writes_the_same_sets(command: str, here: Path, run: Run) -> None:
    for folder in ("first", "again"):
        ran = run("data", command, *COMMANDS[command], "-o", folder)
        assert (ran.status, ran.stderr) == (0, "")
        assert ran.stdout.startswith(f"Wrote to {folder}: ")
        assert sorted(path.name for path in (here / folder).iterdir()) == FILES
    for name in FILES:
        assert (here / "first" / name).read_bytes() == (here / "again" / name).read_bytes()
    told = (here / "first/SOURCE.txt").read_text()
    assert told.startswith("Painted" if command == "thumbnails" else "Drawn")
    train, valid = (read_picture_set(here / f"first/{name}.npz") for name in ("train", "valid"))
    assert train.classes == valid.classes
    assert train.pictures.shape[1:] == valid.pictures.shape[1:]


def test_doodles_of_each_class_are_kept_aside(here: Path, run: Run) -> None:
    ran = run("data", "doodles", "doodles.npz", "--valid", "0.34", "--limit", "3", "-o", "out")
    assert ran.stdout == "Wrote to out: 4 train, 2 valid pictures.\n"
    valid = read_picture_set(here / "out/valid.npz")
    assert (valid.classes, valid.labels.tolist()) == (("cat", "dog"), [0, 1])
    assert (
        "cat: 2 train, 1 valid.\ndog: 2 train, 1 valid.\n" in (here / "out/SOURCE.txt").read_text()
    )


def test_digits_are_of_all_classes_up_to_the_largest(here: Path, run: Run) -> None:
    run("data", "digits", "digits.npz", "--valid", "0.25", "-o", "out")
    train = read_picture_set(here / "out/train.npz")
    assert (len(train), train.classes, train.channels) == (9, ("0", "1", "2"), 1)


def test_faces_have_attributes(here: Path, run: Run) -> None:
    run("data", "faces", "face.npz", "--bends", "2", "-o", "out")
    train, valid = (read_picture_set(here / f"out/{name}.npz") for name in ("train", "valid"))
    assert (train.side, train.channels, valid.attributes["smile"].shape) == (64, 1, (1,))
    assert set(train.attributes) == set(valid.attributes) >= {"smile", "width", "height"}
    assert train.attributes["smile"].min() < 0.0


def test_thumbnails_have_classes(here: Path, run: Run) -> None:
    arguments = ["--side", "16", "--class", "cat=cat*", "--class", "dog=dog*"]
    run("data", "thumbnails", "art", *arguments, "-o", "out")
    train = read_picture_set(here / "out/train.npz")
    assert (train.classes, train.labels.tolist()) == (("cat", "dog"), [0, 1, 1])
    assert train.pictures.shape == (3, 16, 16, 3)
    ran = run("data", "thumbnails", "art", *arguments[:4], "-o", "cats")
    assert "Left out 3: 3 of no class." in ran.stdout


def test_tiles_are_kept_as_they_are_on_the_way(here: Path, run: Run) -> None:
    images = np.stack([tile(32, seed) for seed in range(64)])
    names = [f"{a}/{b}" for a in "abcdefgh" for b in "abcdefgh"]
    np.savez(here / "tiles.npz", images=images, names=names)
    run("data", "tiles", "tiles.npz", "--alpha", "-o", "tiles")
    ran = run("data", "thumbnails", "tiles", "--side", "32", "--transparent", "-o", "out")
    assert (ran.status, ran.stderr) == (0, "")
    sets = [read_picture_set(here / f"out/{name}.npz").pictures for name in ("train", "valid")]
    known = {picture.tobytes() for picture in images}
    assert {picture.tobytes() for picture in np.concatenate(sets)} == known


def test_a_broken_picture_is_named_and_the_rest_is_written(here: Path, run: Run) -> None:
    (here / "art/train/x.png").write_bytes(b"\x89PNG")
    ran = run("data", "thumbnails", "art", "--side", "16", "-o", "out")
    assert ran.status == 0
    assert ran.stderr.startswith("x: ")
    assert "Left out 1: 1 too large or broken." in ran.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["doodles", "digits.npz"], "'labels' of 'digits.npz' does not hold bitmaps."),
        (["doodles", "SOURCE.txt"], "'SOURCE.txt' is not a file of bitmaps."),
        (["doodles", "doodles.npz", "doodles.npz"], "There are two arrays of 'cat'."),
        (["doodles", "doodles.npz", "--limit", "1"], "1 is not in the range"),
        (["doodles", "doodles.npz", "--valid", "1"], "not in the range"),
        (["doodles"], "Missing argument"),
        (["digits", "doodles.npz"], "'doodles.npz' is not an archive of digits."),
        (["digits", "SOURCE.txt"], "Those are not a set of digits."),
        (["faces", "SOURCE.txt"], "'SOURCE.txt' is no file of drawings."),
        (["faces", "digits.npz"], "is not a list of drawings"),
        (["thumbnails", "art", "--side", "64"], "There are no pictures for 'train'."),
        (["thumbnails", "art", "--side", "7"], "7 is not in the range"),
        (["thumbnails", "art", "--class", "cat"], "'cat' is no class."),
        (["thumbnails", "nowhere"], "does not exist"),
    ],
)
def test_errors_are_told_and_nothing_is_written(
    arguments: list[str], message: str, here: Path, run: Run
) -> None:
    ran = run("data", *arguments, "-o", "out")
    assert ran.status in (1, 2)
    assert ran.stderr.startswith("Error: ") and message in ran.stderr
    assert not (here / "out").exists()


def test_help_is_there_without_the_recipes(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [name for name in sys.modules if name.startswith("creative_gen.training")]:
        monkeypatch.delitem(sys.modules, name)
    for command in COMMANDS:
        assert "--output" in run("data", command, "--help").stdout
    assert not [name for name in sys.modules if name.startswith("creative_gen.training")]
