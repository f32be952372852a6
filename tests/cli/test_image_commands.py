from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest
from PIL import Image as Pillow

from creative_gen import open_engine
from creative_gen.cli import several
from creative_gen.engine.engine import Engine
from creative_gen.interface.wire import provenance
from creative_gen.media.image import Image
from creative_gen.media.image_files import image_bytes, read_image
from tests import toy_pictures, toy_tinter
from tests.cli.conftest import Run
from tests.toy_tinter import repeated, tinted, write_tinter

ROOT = Path(__file__).parents[2]

UPSCALE = ("image", "upscale")
COLORIZE = ("image", "colorize", "--seed", 4)

COMMAND = """
import sys
from creative_gen.cli.main import main
from tests.toy_tinter import install
install()
main(sys.argv[1:])
"""


@pytest.fixture
def pictures(tints: Path) -> Path:
    """A folder of three pictures, two broken ones, and what is not a picture of it."""
    folder = tints / "pictures"
    (folder / "deeper").mkdir(parents=True)
    for source, name in (("photo.jpg", "b.JPG"), ("tile.png", "a b.png"), ("art.png", "c.png")):
        (folder / name).write_bytes((tints / source).read_bytes())
    (folder / "deeper" / "d.png").write_bytes((tints / "art.png").read_bytes())
    (folder / ".hidden.png").write_bytes(b"")
    (folder / "notes.txt").write_text("not a picture")
    (folder / "broken.png").write_bytes((tints / "art.png").read_bytes()[:200])
    (folder / "empty.jpg").write_bytes(b"")
    return folder


def written(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_picture_is_enlarged_into_the_file_that_is_asked_for(tints: Path, run: Run) -> None:
    ran = run(*UPSCALE, "tile.png", "--scale", 4, "-o", "new/big.png")
    assert (ran.status, ran.stderr) == (0, "")
    assert ran.stdout == "1 picture in new/big.png: 64 x 64 pixels\nAsset 'artwork'.\n"
    assert names_in(tints / "new") == ["big.png"]
    made = read_image(tints / "new" / "big.png").image
    assert np.array_equal(made.pixels, toy_pictures.tile().repeat(4, axis=0).repeat(4, axis=1))


def test_into_a_folder_a_picture_keeps_its_name_and_its_format(tints: Path, run: Run) -> None:
    ran = run(*UPSCALE, "photo.jpg", "-o", "out/")
    assert (ran.status, ran.stderr) == (0, "")
    assert names_in(tints / "out") == ["manifest.json", "photo.jpg"]
    assert "1 picture in out/photo.jpg: 256 x 192 pixels" in ran.stdout
    assert read_image(tints / "out" / "photo.jpg").file_format == "jpeg"
    facts = json.loads((tints / "out" / "manifest.json").read_text("utf-8"))
    assert (facts["task"], facts["files"]) == ("image.upscale", ["photo.jpg"])


@pytest.mark.parametrize(
    ("name", "flags", "made", "file_format"),
    [
        ("photo.jpg", ("--format", "png"), "out/photo.png", "png"),
        ("photo.jpg", ("--format", "jpg"), "out/photo.jpg", "jpeg"),
        ("photo.jpg", ("--format", "webp"), "out/photo.webp", "webp"),
        ("art.png", ("--format", "webp"), "out/art.webp", "webp"),
        ("art.png", ("--format", "tiff"), "out/art.tiff", "tiff"),
        ("art.png", ("-o", "A.JPEG"), "A.JPEG", "jpeg"),
        ("art.png", ("-o", "a.tif", "--format", "tiff"), "a.tif", "tiff"),
        ("pages.TIF", (), "out/pages.TIF", "tiff"),
        ("walk.gif", (), "out/walk.png", "png"),
        ("old.bmp", (), "out/old.png", "png"),
        ("a-png.jpg", (), "out/a-png.png", "png"),
        ("no-suffix", (), "out/no-suffix.png", "png"),
    ],
)
def test_formats(
    tints: Path, run: Run, name: str, flags: tuple[str, ...], made: str, file_format: str
) -> None:
    picture = Pillow.fromarray(toy_pictures.clip_art(20))
    for other in ("pages.TIF", "walk.gif", "old.bmp"):
        picture.save(tints / other)
    picture.save(tints / "a-png.jpg", "PNG")
    picture.save(tints / "no-suffix", "PNG")
    ran = run(*UPSCALE, name, *flags)
    assert (ran.status, ran.stderr) == (0, "")
    read = read_image(tints / made)
    assert read.file_format == file_format
    assert "creative_gen" in read.image.text


def test_webp_keeps_what_is_drawn_to_the_pixel_and_compresses_photographs(
    tints: Path, run: Run
) -> None:
    differences = {}
    for name in ("art", "photo"):
        given = read_image(next(tints.glob(f"{name}.*"))).image
        assert run(*COLORIZE, *tints.glob(f"{name}.*"), "--format", "webp").status == 0
        made = read_image(tints / "out" / f"{name}.webp").image.pixels.astype(int)
        differences[name] = abs(made - tinted(given, 4).pixels).mean()
    assert differences["art"] == 0
    assert 0 < differences["photo"] < 8


def test_what_a_file_says_of_its_picture_is_kept_and_provenance_added(
    tints: Path, run: Run
) -> None:
    deep = (toy_pictures.tile().astype(np.uint16) * 257) ^ 3
    image = Image(deep, dpi=(300.0, 300.0), text={"Author": "Jo"})
    (tints / "deep.png").write_bytes(image_bytes(image))
    assert run(*UPSCALE, "deep.png", "--scale", 3, "-o", "out").status == 0
    made = read_image(tints / "out" / "deep.png").image
    assert np.array_equal(made.pixels, repeated(image, 3).pixels)
    assert made.bits == 16
    assert made.dpi == pytest.approx(image.dpi, abs=0.1)
    assert set(made.text) == {"Author", "creative_gen"}


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.webp", "a.tiff"])
def test_every_file_says_how_it_was_made(tints: Path, run: Run, name: str) -> None:
    assert run(*COLORIZE, "line.png", "--hints", "hints.png", "-o", name).status == 0
    made = json.loads(read_image(tints / name).image.text["creative_gen"])
    facts = made["creative_gen"]
    inputs = {one: Pillow.open(tints / f"{one}.png") for one in ("line", "hints")}
    result = open_engine().run(
        facts["task"],
        asset=facts["asset"],
        image=inputs["line"],
        hints=inputs["hints"],
        **facts["options"],
    )
    assert provenance(result, result.outputs[0]) == made
    assert set(facts["inputs"]) == {"image", "hints"}
    assert facts["output"] == {"seed": 4}


def test_several_colourings_are_numbered_and_shown_on_one_sheet(tints: Path, run: Run) -> None:
    ran = run(*COLORIZE, "line.png", "--count", 4, "-o", "out/")
    assert (ran.status, ran.stderr) == (0, "")
    assert ran.stdout.splitlines() == [
        "4 pictures in out: 96 x 96 pixels",
        "All on one sheet: out/line-sheet.png",
        "Seed 4, asset 'photos'.",
    ]
    names = [f"line-{number}.png" for number in (1, 2, 3, 4)]
    assert names_in(tints / "out") == [*names, "line-sheet.png", "manifest.json"]
    given = read_image(tints / "line.png").image
    for index, name in enumerate(names):
        made = read_image(tints / "out" / name).image
        assert np.array_equal(made.pixels, tinted(given, 4 + index).pixels)
    with Pillow.open(tints / "out" / "line-sheet.png") as sheet:
        assert json.loads(sheet.text["creative_gen"])["outputs"][3]["seed"] == 7  # type: ignore[attr-defined]
        assert sheet.width > 2 * 96
        colors = {color for _, color in sheet.convert("RGB").getcolors(1 << 20) or []}
    assert {(0, 255, 255), (255, 0, 255), (255, 255, 0)} <= colors


def test_a_sheet_of_large_clear_and_deep_pictures(tints: Path, run: Run) -> None:
    pixels = np.zeros((900, 300, 4), np.uint16)
    pixels[:450] = 65535
    (tints / "deep.png").write_bytes(image_bytes(Image(pixels)))
    assert run(*COLORIZE, "deep.png", "--count", 2).status == 0
    with Pillow.open(tints / "out" / "deep-sheet.png") as sheet:
        assert max(sheet.size) < 400
        colors = {color for _, color in sheet.getcolors(1 << 20) or []}
    # One tint and the other, and the squares behind what is clear.
    assert {(255, 0, 255), (255, 255, 0), (226, 228, 232)} <= colors


def test_small_pictures_are_shown_on_a_sheet_in_whole_multiples(tints: Path, run: Run) -> None:
    assert run(*COLORIZE, "tile.png", "--count", 2).status == 0
    with Pillow.open(tints / "out" / "tile-sheet.png") as sheet:
        shown = np.array(sheet)[12 : 12 + 160, 12 : 12 + 160]
    first = tinted(read_image(tints / "tile.png").image, 4).pixels.repeat(10, 0).repeat(10, 1)
    painted = first[..., 3] > 0
    assert np.array_equal(shown[painted], first[painted][:, :3])


def test_json_prints_the_manifest_and_nothing_else(tints: Path, run: Run) -> None:
    ran = run(*COLORIZE, "line.png", "--count", 2, "--json", "-o", "out")
    assert (ran.status, ran.stderr) == (0, "")
    assert ran.stdout == (tints / "out" / "manifest.json").read_text("utf-8")
    facts = json.loads(ran.stdout)
    assert [one["file"] for one in facts["outputs"]] == ["line-1.png", "line-2.png"]
    assert facts["files"] == ["line-1.png", "line-2.png", "line-sheet.png"]


def test_notes_are_told_beside_the_result(tints: Path, run: Run) -> None:
    Pillow.fromarray(toy_pictures.hints(30, 40)).save(tints / "small.png")
    ran = run(*COLORIZE, "line.png", "--hints", "small.png", "--count", 3, "--json")
    assert ran.status == 0
    assert ran.stderr == "Note: The hints were resized to 96 x 96 pixels.\n"
    outputs = json.loads(ran.stdout)["outputs"]
    assert [one["notes"] for one in outputs] == [["The hints were resized to 96 x 96 pixels."]] * 3


def test_what_was_not_read_of_a_file_is_noted(tints: Path, run: Run) -> None:
    frames = [Pillow.fromarray(toy_pictures.clip_art(40, seed)) for seed in range(3)]
    frames[0].save(tints / "walk.gif", save_all=True, append_images=frames[1:])
    ran = run(*UPSCALE, "walk.gif")
    assert ran.status == 0
    assert ran.stderr.startswith("Note: ")
    assert "first" in ran.stderr


def test_the_kind_is_told_from_the_picture_and_may_be_given(tints: Path, run: Run) -> None:
    chosen = {}
    for arguments in (("photo.jpg",), ("art.png",), ("art.png", "--kind", "photo")):
        facts = json.loads(run(*UPSCALE, *arguments, "--json").stdout)
        chosen[arguments] = facts["asset"], facts["options"]["kind"]
    assert list(chosen.values()) == [
        ("photos", "photo"),
        ("artwork", "artwork"),
        ("photos", "photo"),
    ]


def test_the_same_command_writes_the_same_bytes(tints: Path, run: Run) -> None:
    for out in ("a", "b"):
        ran = run(*COLORIZE, "line.png", "--hints", "hints.png", "--count", 2, "-o", out)
        assert ran.status == 0
    assert len(written(tints / "a")) == 4
    assert written(tints / "a") == written(tints / "b")


def test_a_name_with_spaces_and_accents_is_kept(tints: Path, run: Run) -> None:
    (tints / "Été à deux.png").write_bytes((tints / "tile.png").read_bytes())
    assert run(*UPSCALE, "Été à deux.png", "-o", "out").status == 0
    assert names_in(tints / "out") == ["manifest.json", "Été à deux.png"]


def test_a_folder_is_done_picture_by_picture(
    pictures: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = []
    generator = Engine.generator
    monkeypatch.setattr(
        Engine, "generator", lambda self, asset: loaded.append(self) or generator(self, asset)
    )
    for name in ("broken.png", "empty.jpg"):
        (pictures / name).unlink()
    ran = run(*UPSCALE, "pictures", "--scale", 2, "-o", "larger")
    assert ran.status == 0
    assert ran.stdout == "3 of 3 pictures done, in larger\n2 by 'artwork', 1 by 'photos'.\n"
    assert ran.stderr == "Left out, because they are not pictures: 1\n"
    assert names_in(pictures.parent / "larger") == ["a b.png", "b.JPG", "c.png", "manifest.json"]
    made = read_image(pictures.parent / "larger" / "c.png").image
    assert made.pixels.shape == (192, 192, 3)
    assert len(set(map(id, loaded))) == 1


def test_what_is_broken_does_not_stop_the_others(pictures: Path, run: Run) -> None:
    ran = run(*UPSCALE, "pictures", "-o", "larger")
    assert ran.status == 1
    assert "3 of 5 pictures done, in larger" in ran.stdout
    left_out, *failed = ran.stderr.splitlines()
    assert left_out.endswith(": 1")
    assert [line.partition(": This")[0] for line in failed] == [
        "Failed: pictures/broken.png",
        "Failed: pictures/empty.jpg",
    ]
    assert "broken or cut short. Save or copy it again" in failed[0]
    assert names_in(pictures.parent / "larger") == ["a b.png", "b.JPG", "c.png", "manifest.json"]


def test_a_folder_has_one_list_of_manifests(pictures: Path, run: Run) -> None:
    ran = run("image", "colorize", "pictures", "--count", 2, "--json", "-o", "colored")
    assert ran.status == 1
    assert ran.stdout == (pictures.parent / "colored" / "manifest.json").read_text("utf-8")
    facts = json.loads(ran.stdout)
    assert [one["files"] for one in facts] == [
        ["a b-1.png", "a b-2.png", "a b-sheet.png"],
        ["b-1.JPG", "b-2.JPG", "b-sheet.png"],
        ["c-1.png", "c-2.png", "c-sheet.png"],
    ]
    # One seed for all, so that one number makes all of it again.
    assert len({one["options"]["seed"] for one in facts}) == 1
    text = run("image", "colorize", "pictures", "--seed", 3, "-o", "again").stdout
    assert text.splitlines()[1:] == ["3 by 'photos'.", "Seed 3."]


def test_several_files_may_be_named(tints: Path, run: Run) -> None:
    (tints / "more").mkdir()
    (tints / "more" / "c.png").write_bytes((tints / "art.png").read_bytes())
    ran = run(*UPSCALE, "photo.jpg", "more", "tile.png", "-o", "out")
    assert (ran.status, ran.stderr) == (0, "")
    assert [facts["files"] for facts in json.loads((tints / "out" / "manifest.json").read_bytes())]
    assert names_in(tints / "out") == ["c.png", "manifest.json", "photo.jpg", "tile.png"]


def test_pictures_of_one_name_do_not_replace_each_other(tints: Path, run: Run) -> None:
    (tints / "more").mkdir()
    (tints / "more" / "tile.png").write_bytes((tints / "art.png").read_bytes())
    ran = run(*UPSCALE, "tile.png", "more/tile.png", "-o", "out")
    assert ran.status == 1
    assert "Failed: more/tile.png: The result would replace 'out/tile.png'" in ran.stderr
    made = read_image(tints / "out" / "tile.png").image
    assert made.pixels.shape == (32, 32, 4)
    # Those of an earlier command are replaced, as one picture is.
    assert run(*UPSCALE, "tile.png", "art.png", "-o", "out", "--scale", 3).status == 0


def test_hints_and_notes_of_several_pictures(tints: Path, run: Run) -> None:
    ran = run(*COLORIZE, "line.png", "photo.jpg", "--hints", "hints.png")
    assert ran.status == 0
    assert ran.stderr == "Note: photo.jpg: The hints were resized to 128 x 96 pixels.\n"


def test_progress_is_that_of_the_whole_folder(
    pictures: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    fractions: list[float] = []

    @contextmanager
    def bar(title: str) -> Iterator[object]:
        yield fractions.append

    monkeypatch.setattr(several, "progress_bar", bar)
    run(*UPSCALE, "pictures")
    assert fractions == sorted(fractions)
    assert fractions[0] == 0
    # The fourth of five pictures begins at 0.6, and its last quarter at 0.75; the fifth is broken.
    assert {0.6, 0.75, 0.8} <= {round(fraction, 6) for fraction in fractions}


def stop_after(monkeypatch: pytest.MonkeyPatch, events: int, error: BaseException) -> None:
    pauses = iter(range(1000))

    def pause(seconds: float) -> None:
        if next(pauses) == events:
            raise error

    monkeypatch.setattr(toy_tinter.time, "sleep", pause)


def test_cancelling_a_folder_keeps_what_is_whole(
    pictures: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_after(monkeypatch, 6, KeyboardInterrupt())
    ran = run(*UPSCALE, "pictures", "-o", "larger")
    assert ran.status == 130
    assert "1 of 5 pictures were done." in ran.stderr
    assert ran.stderr.endswith("Cancelled.\n")
    assert names_in(pictures.parent / "larger") == ["a b.png"]
    assert read_image(pictures.parent / "larger" / "a b.png").image.height == 32


def test_a_fault_ends_a_folder_as_well(
    pictures: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_after(monkeypatch, 6, RuntimeError("the brush broke"))
    ran = run(*UPSCALE, "pictures", "-o", "larger")
    assert ran.status == 1
    assert "the brush broke" in ran.stderr
    assert names_in(pictures.parent / "larger") == ["a b.png"]


def test_cancelling_a_picture_leaves_nothing(
    tints: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = names_in(tints)
    stop_after(monkeypatch, 2, KeyboardInterrupt())
    assert run(*UPSCALE, "tile.png", "-o", "new/folder/a.png").status == 130
    assert names_in(tints) == before


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM])
def test_being_told_to_end_leaves_nothing_half_written(tints: Path, told: signal.Signals) -> None:
    write_tinter(tints.parent / "assets", "slow", settings={"pause": 0.5})
    process = subprocess.Popen(
        [sys.executable, "-c", COMMAND, *UPSCALE, "tile.png", "--asset", "slow", "-o", "new/a.png"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
    )
    until = time.monotonic() + 60
    while not (tints / "new").exists() and time.monotonic() < until:
        time.sleep(0.02)
    time.sleep(0.1)
    process.send_signal(told)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err.decode().splitlines()[-1] == "Cancelled."
    assert not (tints / "new").exists()


def test_a_result_of_python_is_a_pillow_picture_in_and_out(tints: Path) -> None:
    result = open_engine().run("image.upscale", image=Pillow.open(tints / "tile.png"), scale=2)
    (made,) = result.values
    assert isinstance(made, Image)
    content = io.BytesIO()
    made.to_pil().save(content, "PNG")
    assert Pillow.open(content).size == (32, 32)
