from __future__ import annotations

import io
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from creative_gen import open_engine
from creative_gen.formats.sketch import encode, read_document
from creative_gen.media.ndjson import read_ndjson
from creative_gen.media.quickdraw_npz import read_npz
from creative_gen.media.svg_reader import read_svg
from tests.cli.conftest import Run
from tests.toy_assets import HALF_A_DRAWING_SVG, write_unconditional_asset

COMPLETE = ("sketch", "complete", "half.svg", "--category", "cat", "--seed", 7, "--count", 2)


def metadata(svg: bytes) -> dict[str, Any]:
    """What an SVG file says of how it was made."""
    found = re.search(rb"<metadata>(.*)</metadata>", svg)
    assert found
    text = found[1].replace(b"&lt;", b"<").replace(b"&gt;", b">").replace(b"&amp;", b"&")
    facts: dict[str, Any] = json.loads(text)["creative_gen"]
    return facts


def written(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_complete_writes_drawings_a_sheet_and_a_manifest(folder: Path, run: Run) -> None:
    ran = run(*COMPLETE, "-o", "out")
    assert ran.status == 0
    assert ran.stderr == ""
    assert "2 sketches in out" in ran.stdout
    assert str(Path("out", "half-sheet.png")) in ran.stdout
    assert "Seed 7, asset 'toy'." in ran.stdout
    files = written(folder / "out")
    assert sorted(files) == ["half-1.svg", "half-2.svg", "half-sheet.png", "manifest.json"]
    # The tolerance by default is a share of the drawing's size, which grows.
    given = read_svg(HALF_A_DRAWING_SVG, tolerance=0.1).sketch
    for name in ("half-1.svg", "half-2.svg"):
        before, group = files[name].split(b"<g id=")
        after = group.split(b"</g>\n")[1]
        assert before + after == HALF_A_DRAWING_SVG
        assert b"stroke:#224466" in group
        whole = read_svg(files[name], tolerance=0.1).sketch
        assert whole.points > given.points
        assert all(map(np.array_equal, whole.strokes, given.strokes))


def test_the_same_command_writes_the_same_bytes(folder: Path, run: Run) -> None:
    for out in ("a", "b"):
        assert run(*COMPLETE, "-o", out, "--format", "svg,png,ndjson,npz").status == 0
    first, second = written(folder / "a"), written(folder / "b")
    assert len(first) == 6
    assert first == second


def test_json_prints_the_manifest_and_nothing_else(folder: Path, run: Run) -> None:
    ran = run(*COMPLETE, "-o", "out", "--json")
    assert (ran.status, ran.stderr) == (0, "")
    assert ran.stdout == (folder / "out" / "manifest.json").read_text("utf-8")
    facts = json.loads(ran.stdout)
    assert facts["task"] == "sketch.complete"
    assert facts["asset"] == "toy"
    assert facts["data_licence"] == "CC0-1.0"
    assert facts["options"]["seed"] == 7
    assert facts["options"]["temperature"] == 0.4
    assert [one["file"] for one in facts["outputs"]] == ["half-1.svg", "half-2.svg"]
    assert all(isinstance(one["seed"], int) for one in facts["outputs"])
    assert facts["files"] == ["half-1.svg", "half-2.svg", "half-sheet.png"]


def test_a_drawing_can_be_made_again_from_what_its_file_says(folder: Path, run: Run) -> None:
    run("sketch", "complete", "half.svg", "--count", 3, "--format", "svg", "-o", "out")
    made = (folder / "out" / "half-2.svg").read_bytes()
    facts = metadata(made)
    document = read_document(folder / "half.svg")
    result = open_engine().run(
        facts["task"], asset=facts["asset"], sketch=document.sketch, **facts["options"]
    )
    assert result.asset_sha256 == facts["asset_sha256"]
    assert result.inputs == facts["inputs"]
    (again,) = [one for one in result.outputs if one.details["seed"] == facts["output"]["seed"]]
    assert encode(result, again, document, "svg") == made


def test_the_sheet_says_how_it_was_made(folder: Path, run: Run) -> None:
    run(*COMPLETE, "-o", "out")
    with Image.open(io.BytesIO((folder / "out" / "half-sheet.png").read_bytes())) as sheet:
        facts = json.loads(sheet.info["creative_gen"])
    assert facts["options"]["seed"] == 7
    assert len(facts["outputs"]) == 2


def test_every_format_holds_every_drawing(folder: Path, run: Run) -> None:
    ran = run(*COMPLETE, "-o", "out", "--format", "npz, ndjson")
    assert ran.status == 0
    lines = list(read_ndjson(folder / "out" / "half-all.ndjson"))
    assert [line.word for line in lines] == ["cat", "cat"]
    rows = read_npz(folder / "out" / "half-all.npz")["train"]
    assert [len(row) + 1 for row in rows] == [line.sketch.points for line in lines]
    assert not list((folder / "out").glob("*.svg"))


@pytest.mark.parametrize("suffix", ["ndjson", "npz"])
def test_a_drawing_of_many_is_chosen_by_its_number(folder: Path, run: Run, suffix: str) -> None:
    run(*COMPLETE, "-o", "out", "--format", suffix)
    first, second = (read_document(folder / f"out/half-all.{suffix}#{n}") for n in (0, 1))
    assert first.sketch == read_document(folder / f"out/half-all.{suffix}").sketch
    assert first.sketch != second.sketch
    ran = run("sketch", "complete", f"out/half-all.{suffix}#1", "-o", "again")
    assert ran.status == 0
    assert (folder / "again" / "half-all-1.svg").exists()
    ran = run("sketch", "complete", f"out/half-all.{suffix}#2", "-o", "again")
    assert ran.status == 2
    assert "has no drawing 2" in ran.stderr


def test_reconstruct_keeps_the_documents_frame_and_line(folder: Path, run: Run) -> None:
    ran = run("sketch", "reconstruct", "half.svg", "--category", "cat", "--count", 1, "-o", "out")
    assert ran.status == 0
    assert "1 sketch in out" in ran.stdout
    drawing = read_svg(folder / "out" / "half-1.svg")
    assert drawing.sketch.size == (200, 160)
    assert (drawing.style.color, drawing.style.width) == ("#224466", 3)


def test_interpolate_draws_every_step_with_a_line_that_fits(folder: Path, run: Run) -> None:
    ran = run("sketch", "interpolate", "half.svg", "half.svg", "--steps", 3, "-o", "out")
    assert ran.status == 0
    drawings = [read_svg(folder / "out" / f"half-{n}.svg") for n in (1, 2, 3)]
    for drawing in drawings:
        assert drawing.style.width / max(drawing.sketch.size) == pytest.approx(3 / 200, rel=1e-4)


def test_generate_is_named_after_the_category(folder: Path, run: Run) -> None:
    run("sketch", "generate", "--category", "alarm clock", "--count", 2, "-o", "out")
    names = ["alarm-clock-1.svg", "alarm-clock-2.svg", "alarm-clock-sheet.png", "manifest.json"]
    assert sorted(written(folder / "out")) == names


def test_a_sheet_shows_no_more_than_it_can_hold(
    folder: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    sizes = []
    for shown in (6, 3):
        monkeypatch.setattr("creative_gen.cli.sketch_files.MAX_ON_SHEET", shown)
        ran = run("sketch", "generate", "--count", 6, "--format", "png", "-o", "out", "--json")
        assert len(json.loads(ran.stdout)["outputs"]) == 6
        with Image.open(folder / "out" / "sketch-sheet.png") as sheet:
            sizes.append(sheet.size)
    assert sizes[0][1] > sizes[1][1]


def test_classify_names_the_likeliest_first(folder: Path, run: Run) -> None:
    ran = run("sketch", "classify", "half.svg", "--json", "--top", 3)
    assert (ran.status, ran.stderr) == (0, "")
    labels = json.loads(ran.stdout)["outputs"][0]["labels"]
    chances = [label["probability"] for label in labels]
    assert chances == sorted(chances, reverse=True)
    assert sum(chances) == pytest.approx(1, abs=1e-4)
    plain = run("sketch", "classify", "half.svg", "--top", 1).stdout
    assert plain == f"{chances[0]:6.1%}  {labels[0]['name']}\n"
    assert not (folder / "out").exists()


def test_an_asset_that_is_named_after_the_category_is_chosen(folder: Path, run: Run) -> None:
    write_unconditional_asset(folder.parent / "assets", "bicycle")
    for arguments in (("generate",), ("complete", "half.svg")):
        ran = run("sketch", *arguments, "--category", "bicycle", "--count", 1, "--json")
        assert ran.status == 0
        assert json.loads(ran.stdout)["asset"] == "bicycle"


def test_a_name_that_is_not_unicode_is_written_as_one_that_is(folder: Path, run: Run) -> None:
    odd = folder / b"h\xffalf a\ncat.svg".decode("utf-8", "surrogateescape")
    odd.write_bytes(HALF_A_DRAWING_SVG)
    ran = run("sketch", "complete", odd, "--count", 1, "-o", "out", "--format", "svg")
    assert ran.status == 0
    assert (folder / "out" / "h-alf-a-cat-1.svg").exists()
