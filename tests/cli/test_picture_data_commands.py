"""`creative-gen data photos`, `clipart`, `icons` and `tiles`."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.cli.conftest import Run
from tests.toy_pictures import clip_art, photo, tile
from tests.training.toy_icons import write_icons

COMMANDS = {
    "photos": ["album", "--valid", "p1"],
    "clipart": ["art"],
    "icons": ["toys/icons.json", "more/icons.json", "--size", "32"],
    "tiles": ["tiles.npz"],
}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, which has what the commands of COMMANDS are given."""
    for folder, draw in (("album", photo), ("art", clip_art)):
        (tmp_path / folder).mkdir()
        for seed in range(3):
            Image.fromarray(draw(64, seed=seed)).save(tmp_path / folder / f"p{seed}.png")
    (tmp_path / "album/SOURCE.txt").write_text("Taken by me. CC0.\n")
    write_icons(tmp_path / "toys")
    write_icons(tmp_path / "more", "more")
    images = np.stack([tile(16, seed) for seed in range(3)])
    np.savez(tmp_path / "tiles.npz", images=images, names=np.array(["a.png", "b.png", "c.png"]))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def contents(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


@pytest.mark.parametrize("command", COMMANDS)
def test_the_same_command_writes_the_same_pictures(command: str, here: Path, run: Run) -> None:
    ran = run("data", command, *COMMANDS[command], "-o", "first")
    assert (ran.status, ran.stderr) == (0, "")
    assert ran.stdout.startswith("Wrote to first: ")
    made = contents(here / "first")
    assert len(made) > 3
    assert {name.split("/")[0] for name in made} <= {"SOURCE.txt", "train", "valid"}
    run("data", command, *COMMANDS[command], "-o", "again")
    assert contents(here / "again") == made


def test_photographs_are_kept_aside_by_name(here: Path, run: Run) -> None:
    ran = run("data", "photos", "album", "--valid", "p1", "--valid", "p2", "-o", "out")
    assert ran.stdout == "Wrote to out: 1 train, 2 valid pictures.\n"
    assert (here / "out/SOURCE.txt").read_text() == (
        "Taken by me. CC0.\n\n1 train, 2 valid pictures.\n"
    )


def test_a_broken_photograph_is_named_and_the_rest_is_written(here: Path, run: Run) -> None:
    (here / "album/x.jpg").write_bytes(b"\xff\xd8\xff")
    ran = run("data", "photos", "album", "-o", "out")
    assert ran.status == 0
    assert ran.stderr.startswith("x.jpg: ")
    assert "Left out 1: 1 too large or broken." in ran.stdout


def test_clip_art_is_held_back(here: Path, run: Run) -> None:
    (here / "held.txt").write_text("p0.png\n")
    ran = run("data", "clipart", "art", "--omit", "held.txt", "--size", "32", "-o", "out")
    assert "Left out 1: 1 to be left out.\n" in ran.stdout
    made = [name for name in contents(here / "out") if name.endswith(".png")]
    assert len(made) == 2
    assert not any("p0" in name for name in made)
    with Image.open(here / "out" / made[0]) as read:
        assert read.size == (32, 32)


def test_icons_make_pairs(here: Path, run: Run) -> None:
    arguments = ["--lines", "--skin-tones", "0", "--leave-out", "*flag*", "--size", "64"]
    ran = run("data", "icons", "toys/icons.json", *arguments, "-o", "out")
    assert ran.status == 0
    made = [name.split("/") for name in contents(here / "out") if name.endswith(".png")]
    assert {layer for _, layer, _ in made} == {"colors", "lines"}
    assert {name for _, _, name in made} == {"toy-ball.png", "toy-traffic-light.png"}
    assert "Licence: CC0 1.0." in (here / "out/SOURCE.txt").read_text()


def test_tiles_keep_their_transparency(here: Path, run: Run) -> None:
    run("data", "tiles", "tiles.npz", "--alpha", "-o", "out")
    (first,) = (here / "out").rglob("a.png")
    with Image.open(first) as read:
        assert np.array_equal(np.asarray(read), tile(16, 0))


@pytest.mark.parametrize("command", COMMANDS)
def test_pictures_of_two_runs_are_not_mixed(command: str, here: Path, run: Run) -> None:
    run("data", command, *COMMANDS[command], "-o", "out")
    before = contents(here / "out")
    ran = run("data", command, *COMMANDS[command], "-o", "out")
    assert ran.status == 2
    assert "already" in ran.stderr
    assert contents(here / "out") == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["photos", "album", "--valid", "nobody"], "There is no photograph 'nobody'"),
        (["photos", "toys"], "Nothing is left to train on"),
        (["photos", "missing"], "does not exist"),
        (["clipart", "art", "--omit", "list.txt"], "does not have 1 of the 1 pictures"),
        (["clipart", "art", "--size", "3"], "3 is not in the range"),
        (["icons"], "Missing argument"),
        (["icons", "toys/info.json"], "'toys/info.json' is not a set of icons."),
        (["icons", "tiles.npz"], "'tiles.npz' cannot be read as JSON."),
        (["icons", "toys/icons.json", "--leave-out", "*"], "Nothing is left to train on"),
        (["tiles", "missing.npz"], "does not exist"),
        (["tiles", "list.txt"], "'list.txt' is not an archive of tiles."),
    ],
)
def test_bad_input_is_told_and_leaves_nothing(
    arguments: list[str], message: str, here: Path, run: Run
) -> None:
    (here / "list.txt").write_text("nobody.png\n")
    ran = run("data", *arguments, "-o", "out")
    assert ran.status == 2
    assert message in ran.stderr
    assert "Traceback" not in ran.stderr
    assert not (here / "out").exists()


def test_a_place_that_cannot_be_written_is_told(here: Path, run: Run) -> None:
    ran = run("data", "tiles", "tiles.npz", "-o", "tiles.npz/out")
    assert ran.status == 1
    assert "Nothing was written to 'tiles.npz/out'" in ran.stderr


def test_without_the_renderer_the_fix_is_told(
    here: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    ran = run("data", "icons", "toys/icons.json", "-o", "out")
    assert ran.status == 1
    assert "creative_gen[train]" in ran.stderr
    assert not (here / "out").exists()
