from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image as Pillow

from creative_gen import open_engine
from creative_gen.cli import image_sheet
from creative_gen.interface.jobs import Output, Result
from creative_gen.interface.wire import provenance
from creative_gen.media.animation import there_and_back
from creative_gen.media.image import Image
from creative_gen.media.image_files import read_image
from tests.cli.conftest import Run

SIDE = 12
"""Of the pictures that the toys make."""

EDIT = ("image", "edit", "--asset", "doodles", "--direction", "smile")
WALK = ("image", "interpolate", "a.png", "b.png", "--asset", "doodles", "--steps", 5)


def names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def frames_of(path: Path) -> list[NDArray[np.uint8]]:
    with Pillow.open(path) as file:
        frames = []
        for index in range(getattr(file, "n_frames", 1)):
            file.seek(index)
            frames.append(np.array(file.convert("RGBA")))
        return frames


def manifest_in(folder: Path) -> Any:
    return json.loads((folder / "manifest.json").read_text("utf-8"))


def pixels_of(path: Path) -> NDArray[np.uint8]:
    return np.array(read_image(path).image.to_pil().convert("RGBA"))


def test_a_page_of_tiles(latents: Path, run: Run) -> None:
    ran = run("image", "generate", "--asset", "tiles", "--count", 64, "--seed", 5, "-o", "sheet/")
    assert (ran.status, ran.stderr) == (0, "")
    assert ran.stdout.splitlines() == [
        "64 pictures in sheet: 12 x 12 pixels",
        "All on one sheet: sheet/tiles-sheet.png",
        "Seed 5, asset 'tiles'.",
    ]
    names = [f"tiles-{number:02}.png" for number in range(1, 65)]
    assert names_in(latents / "sheet") == ["manifest.json", *names, "tiles-sheet.png"]
    assert [one["file"] for one in manifest_in(latents / "sheet")["outputs"]] == names
    with Pillow.open(latents / "sheet" / "tiles-sheet.png") as file:
        sheet = np.array(file)
    times = sheet.shape[0] // (8 * (SIDE + 1) + 1)
    assert sheet.shape[:2] == ((8 * (SIDE + 1) + 1) * times,) * 2
    # The tenth tile is the second of the second row.
    made = pixels_of(latents / "sheet" / "tiles-10.png")
    assert made.shape == (SIDE, SIDE, 4)
    start, large = (2 * times + SIDE * times), made.repeat(times, 0).repeat(times, 1)
    place = sheet[start : start + SIDE * times, start : start + SIDE * times]
    opaque = large[..., 3] == 255
    assert np.array_equal(place[opaque], large[opaque][:, :3])


@pytest.mark.parametrize(
    ("arguments", "first"),
    [
        (("--category", "cat", "--count", 12), "cat-01.png"),
        (("--category", "alarm clock", "--count", 2), "alarm-clock-1.png"),
        (("--category", "cat", "--count", 1), "cat.png"),
        (("--count", 3), "doodles-1.png"),
        (("--count", 100), "doodles-001.png"),
    ],
)
def test_pictures_are_named_after_what_is_in_them_or_the_asset(
    latents: Path, run: Run, arguments: tuple[object, ...], first: str
) -> None:
    assert run("image", "generate", "--asset", "doodles", *arguments).status == 0
    names = names_in(latents / "out")
    assert names[0] == first
    assert names[-1] == "manifest.json"


def test_a_sheet_shows_the_first_hundred(latents: Path, run: Run) -> None:
    ran = run("image", "generate", "--asset", "noise", "--count", 1200, "-o", "many")
    assert (ran.status, ran.stderr) == (0, "")
    assert ran.stdout.splitlines()[:2] == [
        "1,200 pictures in many: 8 x 8 pixels",
        "The first 100 of 1,200 on one sheet: many/noise-sheet.png",
    ]
    assert len(names_in(latents / "many")) == 1202
    assert (latents / "many" / "noise-0001.png").exists()
    with Pillow.open(latents / "many" / "noise-sheet.png") as sheet:
        facts = json.loads(sheet.text["creative_gen"])  # type: ignore[attr-defined]
        assert sheet.width == sheet.height
    assert len(facts["outputs"]) == 100


def test_one_picture_goes_into_a_file(latents: Path, run: Run) -> None:
    ran = run("image", "generate", "--count", 1, "--scale", 3, "--asset", "tiles", "-o", "a.webp")
    assert (ran.status, ran.stderr) == (0, "")
    assert "1 picture in a.webp: 36 x 36 pixels" in ran.stdout
    assert read_image(latents / "a.webp").file_format == "webp"


def test_a_walk_is_a_picture_for_each_step_and_a_sheet(latents: Path, run: Run) -> None:
    ran = run(*WALK, "-o", "walk/")
    assert (ran.status, ran.stderr) == (0, "")
    names = [f"a-{number}.png" for number in range(1, 6)]
    assert names_in(latents / "walk") == [*names, "a-sheet.png", "manifest.json"]
    shares = [one["share"] for one in manifest_in(latents / "walk")["outputs"]]
    assert shares == pytest.approx([0, 0.25, 0.5, 0.75, 1])
    with Pillow.open(latents / "walk" / "a-sheet.png") as sheet:
        assert sheet.width > 4 * sheet.height


def test_an_apng_goes_there_and_back_beside_the_pictures(latents: Path, run: Run) -> None:
    ran = run(*WALK, "--animation", "apng", "-o", "walk")
    assert (ran.status, ran.stderr) == (0, "")
    assert "5 pictures, there and back: walk/a.png" in ran.stdout
    facts = manifest_in(latents / "walk")
    assert facts["files"] == ["a-1.png", "a-2.png", "a-3.png", "a-4.png", "a-5.png"] + [
        "a-sheet.png",
        "a.png",
    ]
    made = [pixels_of(latents / "walk" / f"a-{number}.png") for number in range(1, 6)]
    shown = frames_of(latents / "walk" / "a.png")
    for frame, picture in zip(shown, there_and_back(made), strict=True):
        assert np.array_equal(frame, picture)


@pytest.mark.parametrize(
    ("name", "flags", "form"),
    [
        ("walk.gif", (), "GIF"),
        ("new/walk.GIF", ("--animation", "gif"), "GIF"),
        ("walk.apng", (), "PNG"),
        ("walk.png", ("--animation", "apng"), "PNG"),
    ],
)
def test_an_animation_alone(
    latents: Path, run: Run, name: str, flags: tuple[str, ...], form: str
) -> None:
    before = set(names_in(latents))
    ran = run(*WALK, *flags, "--fps", 20, "-o", name, "--json")
    assert (ran.status, ran.stderr) == (0, "")
    facts = json.loads(ran.stdout)
    assert facts["files"] == [Path(name).name]
    assert not any("file" in one for one in facts["outputs"])
    assert set(names_in(latents)) - before == {Path(name).parts[0]}
    with Pillow.open(latents / name) as file:
        assert (file.format, file.n_frames) == (form, 8)  # type: ignore[attr-defined]
        assert file.info["duration"] == 50
        told = file.info["comment" if form == "GIF" else "creative_gen"]
    assert json.loads(told)["outputs"] == facts["outputs"]
    run(*WALK, "-o", "walk")
    made = there_and_back([pixels_of(latents / "walk" / f"a-{n}.png") for n in range(1, 6)])
    for frame, picture in zip(frames_of(latents / name), made, strict=True):
        assert np.array_equal(frame, picture)


def test_a_row_of_smiles(latents: Path, run: Run) -> None:
    ran = run(*EDIT, "a.png", "--amount", "-2..2", "--steps", 9, "-o", "smiles/")
    assert (ran.status, ran.stderr) == (0, "")
    amounts = [one["amount"] for one in manifest_in(latents / "smiles")["outputs"]]
    assert amounts == pytest.approx([-2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2])
    with Pillow.open(latents / "smiles" / "a-sheet.png") as sheet:
        assert sheet.width > 7 * sheet.height
    assert not np.array_equal(
        pixels_of(latents / "smiles" / "a-1.png"), pixels_of(latents / "smiles" / "a-9.png")
    )


def test_an_edit_of_one_amount_is_one_picture(latents: Path, run: Run) -> None:
    ran = run(*EDIT, "a.png", "--amount", "-1.5", "-o", "new.png")
    assert (ran.status, ran.stderr) == (0, "")
    assert "1 picture in new.png: 12 x 12 pixels" in ran.stdout
    run(*EDIT, "a.png", "--amount", "-1.5", "--steps", 7, "--json", "-o", "again")
    assert names_in(latents / "again") == ["a.png", "manifest.json"]
    assert np.array_equal(pixels_of(latents / "again" / "a.png"), pixels_of(latents / "new.png"))


def test_an_edit_can_be_an_animation(latents: Path, run: Run) -> None:
    ran = run(*EDIT, "a.png", "--steps", 3, "--animation", "gif")
    assert (ran.status, ran.stderr) == (0, "")
    assert len(frames_of(latents / "out" / "a.gif")) == 4


def test_arithmetic_between_pictures_and_seeds(latents: Path, run: Run) -> None:
    pictures = ("--a", "a.png", "--b", "b.png", "--c", "c.png")
    ran = run("image", "edit", "--from", "a - b + c", *pictures, "--asset", "doodles")
    assert (ran.status, ran.stderr) == (0, "")
    assert names_in(latents / "out") == ["a.png", "manifest.json"]
    assert sorted(manifest_in(latents / "out")["inputs"]) == ["a", "b", "c"]
    ran = run("image", "edit", "--from", "-7 + 2*8", "--asset", "noise", "-o", "seeds")
    assert (ran.status, ran.stderr) == (0, "")
    assert names_in(latents / "seeds") == ["manifest.json", "noise.png"]


def test_a_file_says_how_to_make_it_again(latents: Path, run: Run) -> None:
    flags = ("--b", "b.png", "--from", "0.5*image + 0.5*b", "--amount", "-1..1", "--steps", 3)
    assert run(*EDIT, "a.png", *flags).status == 0
    made = json.loads(read_image(latents / "out" / "a-3.png").image.text["creative_gen"])
    facts = made["creative_gen"]
    inputs = {"image": Pillow.open("a.png"), "b": Pillow.open("b.png")}
    result = open_engine().run(facts["task"], asset=facts["asset"], **inputs, **facts["options"])
    assert provenance(result, result.outputs[2]) == made
    again = result.outputs[2].value
    assert isinstance(again, Image)
    assert np.array_equal(again.pixels, read_image(latents / "out" / "a-3.png").image.pixels)


def test_what_is_made_anew_does_not_take_the_format_of_the_given_picture(
    latents: Path, run: Run
) -> None:
    ran = run("image", "reconstruct", "photo.jpg", "--asset", "tiles")
    assert (ran.status, ran.stderr) == (0, "")
    assert names_in(latents / "out") == ["manifest.json", "photo.png"]
    # JPEG could not hold its alpha.
    assert read_image(latents / "out" / "photo.png").image.channels == 4


@pytest.mark.parametrize("verb", ["reconstruct", "edit", "map"])
def test_several_pictures_and_folders(latents: Path, run: Run, verb: str) -> None:
    (latents / "more").mkdir()
    for name in ("b.png", "c.png"):
        (latents / name).rename(latents / "more" / name)
    flags = {"edit": ("--direction", "smile", "--steps", 2), "map": ("--side", 256)}
    ran = run("image", verb, "a.png", "more", *flags.get(verb, ()), "--asset", "doodles")
    assert (ran.status, ran.stderr) == (0, "")
    assert "3 of 3 pictures done, in out" in ran.stdout
    each = ["{}-1.png", "{}-2.png", "{}-sheet.png"] if verb == "edit" else ["{}.png"]
    names = [name.format(stem) for stem in "abc" for name in each]
    assert names_in(latents / "out") == [*names, "manifest.json"]


def test_a_folder_of_pictures_can_be_folders_of_animations(latents: Path, run: Run) -> None:
    ran = run(*EDIT, "a.png", "b.png", "--steps", 2, "--animation", "gif")
    assert ran.status == 0
    assert {"a.gif", "b.gif"} < set(names_in(latents / "out"))


def test_a_map_is_one_picture_with_or_without_a_given_one(latents: Path, run: Run) -> None:
    for arguments, name in ((("a.png",), "a.png"), ((), "doodles.png")):
        ran = run("image", "map", *arguments, "--asset", "doodles", "--side", 300, "-o", "map")
        assert (ran.status, ran.stderr) == (0, "")
        assert pixels_of(latents / "map" / name).shape == (300, 300, 4)


def test_the_likeliest_names_of_a_picture_are_printed(latents: Path, run: Run) -> None:
    ran = run("image", "classify", "a.png", "--asset", "doodles", "--top", 2)
    assert (ran.status, ran.stderr) == (0, "")
    lines = ran.stdout.splitlines()
    assert len(lines) == 2
    facts = json.loads(run("image", "classify", "a.png", "--top", 2, "--json").stdout)
    labels = facts["outputs"][0]["labels"]
    assert lines == [f"{one['probability']:6.1%}  {one['name']}" for one in labels]
    assert "out" not in names_in(latents)


def test_several_pictures_are_named_in_a_line_each(latents: Path, run: Run) -> None:
    (latents / "more").mkdir()
    (latents / "b.png").rename(latents / "more" / "b.png")
    (latents / "more" / "notes.txt").write_text("not a picture")
    arguments = ("image", "classify", "a.png", "more", "--asset", "doodles", "--top", 2)
    ran = run(*arguments)
    assert ran.status == 0
    assert ran.stderr == "Left out, because they are not pictures: 1\n"
    facts = json.loads(run(*arguments, "--json").stdout)
    assert [one["picture"] for one in facts] == ["a.png", "more/b.png"]
    for line, one in zip(ran.stdout.splitlines(), facts, strict=True):
        labels = [
            f"{each['name']} {each['probability']:.1%}" for each in one["outputs"][0]["labels"]
        ]
        assert line == f"{one['picture']}: {', '.join(labels)}"
    assert not {"out", "manifest.json"} & set(names_in(latents))


def test_a_picture_that_has_no_name_stops_no_other(latents: Path, run: Run) -> None:
    (latents / "broken.png").write_bytes(b"")
    ran = run("image", "classify", "broken.png", "a.png")
    assert ran.status == 1
    assert ran.stdout.startswith("a.png: ")
    assert ran.stderr.startswith("Failed: broken.png: This picture file is empty.")
    ran = run("image", "classify", "broken.png", "broken.png")
    assert (ran.status, ran.stdout) == (1, "")


def test_the_same_command_writes_the_same_bytes(latents: Path, run: Run) -> None:
    for out in ("one", "two"):
        assert run(*WALK, "--animation", "apng", "-o", out).status == 0
    first, second = (
        {path.name: path.read_bytes() for path in (latents / out).iterdir()}
        for out in ("one", "two")
    )
    assert first == second


def sheet_of(images: list[Image], details: list[dict[str, Any]]) -> Pillow.Image:
    outputs = tuple(map(Output, images, details))
    result = Result(
        task="image.generate",
        asset="toy",
        asset_sha256="0",
        licence="CC0-1.0",
        inputs={},
        options={},
        version="1",
        outputs=outputs,
    )
    return Pillow.open(io.BytesIO(image_sheet.sheet_of(result, 100)))


@pytest.mark.parametrize(
    ("details", "caption"),
    [
        ({"seed": 7}, "seed 7"),
        ({"seed": 7, "category": "cat"}, "cat, seed 7"),
        ({"amount": -0.5}, "amount: -0.5"),
        ({"amount": 1.25, "category": "face"}, "face, amount: +1.25"),
        ({"amount": -1e-9}, "amount: 0"),
        ({"share": 1 / 3, "seed": 4}, "share: 0.33"),
        ({"share": 1.0}, "share: 1"),
        ({}, ""),
    ],
)
def test_captions(details: dict[str, Any], caption: str, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[str] = []
    kept = image_sheet.ImageDraw.ImageDraw.text
    monkeypatch.setattr(
        image_sheet.ImageDraw.ImageDraw,
        "text",
        lambda pen, place, text, **style: written.append(text) or kept(pen, place, text, **style),
    )
    sheet_of([Image(np.zeros((9, 9, 1), np.uint8))], [details])
    assert written == [caption]


@pytest.mark.parametrize(
    ("count", "side", "is_way", "columns"),
    [
        (9, 64, True, 9),
        (12, 28, True, 4),
        (9, 64, False, 3),
        (9, 300, True, 3),
        (50, 200, False, 6),
    ],
)
def test_a_short_way_is_a_row(count: int, side: int, is_way: bool, columns: int) -> None:
    images = [Image(np.zeros((side, side, 3), np.uint8))] * count
    sheet = sheet_of(images, [{"share" if is_way else "seed": 1}] * count)
    width = max(side * max(160 // side, 1), 100) + 12
    assert sheet.width == columns * width + 12


def test_small_pictures_of_different_sizes_are_no_page(latents: Path) -> None:
    images = [Image(np.full((side, 9, 1), 255, np.uint8)) for side in range(5, 45)]
    sheet = np.array(sheet_of(images, [{}] * 40))
    # Each begins at its corner of a grid of 7 x 7, of whole multiples.
    times = 1280 // (7 * 45 + 1)
    for index, image in enumerate(images):
        top, left = (times + place * 45 * times for place in divmod(index, 7))
        shown = sheet[top : top + image.height * times, left : left + 9 * times]
        assert (shown == 255).all()
