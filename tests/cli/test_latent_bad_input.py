"""What is wrong with what latent tasks are given is told with its fix; nothing is half written."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from creative_gen.media.atomic import StagedFiles
from creative_gen.media.image_files import read_image
from tests import toy_pictures
from tests.cli.conftest import Run
from tests.cli.test_bad_input import assert_told
from tests.cli.test_image_bad_input import ODD, UNREADABLE, saved

GIVEN = {"a.png", "b.png", "c.png", "photo.jpg", "tile.png"}

TAKING: dict[str, tuple[str, ...]] = {
    "reconstruct": ("reconstruct", "{}"),
    "interpolate from": ("interpolate", "{}", "a.png"),
    "interpolate to": ("interpolate", "a.png", "{}"),
    "edit": ("edit", "{}", "--direction", "smile"),
    "edit with": ("edit", "a.png", "--from", "image - b", "--b", "{}"),
    "map": ("map", "{}"),
    "classify": ("classify", "{}"),
}
"""Every way to give a picture."""

MAKING = {
    "reconstruct": ("reconstruct", "{}", "--asset", "tiles"),
    "interpolate": ("interpolate", "{}", "tile.png", "--asset", "tiles", "--steps", "2"),
    "edit": ("edit", "{}", "--asset", "tiles", "--direction", "light", "--steps", "2"),
    "map": ("map", "{}", "--asset", "tiles", "--side", "256"),
}
"""Those that make pictures of any picture."""


def given(arguments: tuple[str, ...], name: str) -> list[str]:
    return ["image", *(name if one == "{}" else one for one in arguments)]


def left(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*")} - GIVEN


@pytest.mark.parametrize("fault", UNREADABLE)
@pytest.mark.parametrize("way", TAKING)
def test_pictures_that_cannot_be_read(latents: Path, run: Run, way: str, fault: str) -> None:
    content, word = UNREADABLE[fault]
    (latents / "bad.png").write_bytes(content)
    assert_told(run(*given(TAKING[way], "bad.png")), 2, word)
    assert left(latents) == {"bad.png"}


@pytest.mark.parametrize("kind", ODD)
@pytest.mark.parametrize("way", MAKING)
def test_odd_pictures_are_pictures(latents: Path, run: Run, way: str, kind: str) -> None:
    (latents / "odd").write_bytes(ODD[kind])
    ran = run(*given(MAKING[way], "odd"))
    assert (ran.status, "Error" in ran.stderr) == (0, False)
    assert ("only its first frame is used" in ran.stderr) == (kind == "an animation")
    assert ("CMYK" in ran.stderr) == (kind == "CMYK")
    assert "out" in left(latents)


@pytest.mark.parametrize("kind", sorted(ODD.keys() - {"one pixel", "16 bits of grey"}))
def test_odd_pictures_have_names(latents: Path, run: Run, kind: str) -> None:
    (latents / "odd").write_bytes(ODD[kind])
    ran = run("image", "classify", "odd")
    assert (ran.status, "Error" in ran.stderr) == (0, False)
    assert len(ran.stdout.splitlines()) == 3


@pytest.mark.parametrize("side", [1, 60])
@pytest.mark.parametrize("way", TAKING)
def test_a_drawing_without_anything_drawn(latents: Path, run: Run, way: str, side: int) -> None:
    Pillow.new("L", (side, side), 255).save(latents / "blank.png")
    ran = run(*given(TAKING[way], "blank.png"), "--asset", "doodles")
    assert_told(ran, 2, "nothing drawn", "Draw something")
    assert left(latents) == {"blank.png"}


def test_a_picture_on_its_side_is_turned_upright(latents: Path, run: Run) -> None:
    exif = Pillow.Exif()
    exif[0x0112] = 6
    lying = Pillow.fromarray(toy_pictures.photo(20, 40))
    (latents / "lying.png").write_bytes(saved(lying, "PNG", exif=exif))
    (latents / "upright.png").write_bytes(saved(lying.rotate(-90, expand=True), "PNG"))
    made = {}
    for name in ("lying", "upright"):
        assert run(*given(MAKING["reconstruct"], f"{name}.png"), "--seed", 1).status == 0
        made[name] = read_image(latents / "out" / f"{name}.png").image.pixels
    assert np.array_equal(made["lying"], made["upright"])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("reconstruct",), ("Missing argument 'IMAGE",)),
        (("classify",), ("Missing argument 'IMAGE",)),
        (("interpolate", "a.png"), ("Missing argument 'SECOND",)),
        (("interpolate", "a.png", "b.png", "c.png"), ("unexpected extra argument (c.png)",)),
        (("interpolate", "a.png", "."), ("is a directory",)),
        (("edit", "--direction", "smile"), ("no picture to start from", "--from")),
        (("edit", "none.png"), ("none.png", "cannot be opened")),
        (("edit", "a.png", "--b", "."), ("is a directory",)),
        (("edit", "a.png", "--direction", "anger"), ("'anger'", "smile, width")),
        (("edit", "a.png", "--amount", "far"), ("a number or from..to",)),
        (("edit", "a.png", "--amount", "-200..2"), ("up to 100",)),
        (("edit", "a.png", "--steps", "0"), ("1<=x<=1000",)),
        (("edit", "a.png", "--from", "image - b"), ("'b'",)),
        (("edit", "a.png", "--from", "image +"), ("'image +'",)),
        (("edit", "a.png", "--from", "image / 2"), ("'image / 2'",)),
        (("generate", "--count", "0"), ("1<=x<=10000",)),
        (("generate", "--count", "10000000"), ("1<=x<=10000",)),
        (("generate", "--count", "10000", "--scale", "32"), ("too much at once",)),
        (("reconstruct", "a.png", "--count", "0"), ("1<=x<=100",)),
        (("reconstruct", "a.png", "--count", "10000000"), ("1<=x<=100",)),
        (("interpolate", "a.png", "b.png", "--steps", "1"), ("2<=x<=1000",)),
        (("map", "--count", "10000000"), ("<=x<=2000",)),
        (("map", "--side", "100000"), ("256<=x<=8192",)),
        (("classify", "a.png", "--top", "0"), ("1<=x<=1000",)),
        (("generate", "--category", "unicorn"), ("'unicorn'", "cat, face, alarm clock")),
        (("edit", "a.png", "--category", "../cat"), ("'../cat'", "cat, face")),
        (("generate", "--category", "cat", "--asset", "tiles"), ("categor",)),
        (("generate", "--asset", "nobody"), ("no asset 'nobody'", "assets list")),
        (("classify", "a.png", "--asset", "tiles"), ("does not do image.classify",)),
        (("reconstruct", "a.png", "--asset", "noise"), ("does not do image.reconstruct",)),
        (("edit", "a.png", "--from", "image+7", "--asset", "noise"), ("cannot take", "seeds")),
        (("edit", "a.png"), ("nothing to change", "--from")),
        (("generate", "--count", "64", "-o", "sheet.png"), ("64 pictures", "-o pictures/")),
        (("generate", "--count", "4", "-o", "a.gif"), ("'a.gif' cannot be written", "a folder")),
        (("generate", "--count", "4", "-o", "a.apng"), ("'a.apng' cannot be written",)),
        (("generate", "--count", "4", "--animation", "gif"), ("No such option",)),
        (("edit", "a.png", "-o", "a.gif"), ("One picture is no animation", "Ask for more")),
        (("edit", "a.png", "--animation", "gif"), ("One picture is no animation",)),
        (("interpolate", "a.png", "b.png", "-o", "a.mp4.bmp"), ("cannot be written",)),
        (
            ("interpolate", "a.png", "b.png", "-o", "w.gif", "--animation", "apng"),
            ("'w.gif' is not the name of an APNG file", "Leave --animation out"),
        ),
        (
            ("interpolate", "a.png", "b.png", "-o", "w.jpg", "--animation", "gif"),
            ("'w.jpg' is not the name of a GIF file",),
        ),
        (
            ("interpolate", "a.png", "b.png", "-o", "w.gif", "--format", "png"),
            ("'w.gif' is not the name of a png file", "Leave --format out"),
        ),
        (("interpolate", "a.png", "b.png", "-o", "w.png"), ("12 pictures", "'w.png'")),
        (("interpolate", "a.png", "b.png", "--fps", "0"), ("0.1<=x<=50.0",)),
        (
            ("edit", "a.png", "b.png", "--direction", "smile", "-o", "w.gif"),
            ("Several pictures", "'w.gif'"),
        ),
        (("reconstruct", ".", "-o", "."), ("The results would go to the pictures",)),
        (("reconstruct", "a.png", "-o", "."), ("would replace 'a.png'",)),
        (
            ("interpolate", "a.png", "b.png", "--animation", "apng", "-o", "."),
            ("would replace 'a.png'",),
        ),
        (("edit", "a.png", "--b", "b.png", "--from", "b", "-o", "b.png"), ("would replace",)),
    ],
)
def test_what_there_is_not(
    latents: Path, run: Run, arguments: tuple[str, ...], words: tuple[str, ...]
) -> None:
    ran = run("image", *arguments)
    assert_told(ran, 2, *words)
    assert left(latents) == set()


def test_alpha_does_not_go_into_a_jpeg(latents: Path, run: Run) -> None:
    ran = run("image", "generate", "--asset", "tiles", "--count", "1", "-o", "new/a.jpg")
    assert_told(ran, 2, "JPEG cannot hold transparency", "PNG")
    assert left(latents) == set()


@pytest.mark.parametrize("name", ["a.gif", "a-07.png", "a-sheet.png"])
def test_a_folder_in_the_place_of_a_result(latents: Path, run: Run, name: str) -> None:
    (latents / "walk" / name).mkdir(parents=True)
    ran = run("image", "interpolate", "a.png", "b.png", "--animation", "gif", "-o", "walk")
    assert_told(ran, 1, "Nothing was written", "Is a directory")
    assert left(latents) == {"walk", name}


def test_a_full_disk_leaves_nothing(
    latents: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, asked = StagedFiles.path, []

    def full(self: StagedFiles, name: str) -> Path:
        asked.append(name)
        if len(asked) > 30:
            raise OSError(28, "No space left on device")
        return kept(self, name)

    monkeypatch.setattr(StagedFiles, "path", full)
    ran = run("image", "interpolate", "a.png", "b.png", "--animation", "apng", "-o", "new")
    assert_told(ran, 1, "Nothing was written to 'new': No space left on device.")
    assert len(asked) > 14
    assert left(latents) == set()
