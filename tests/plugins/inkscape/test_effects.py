from __future__ import annotations

import json
import math
import os
import re
import signal
import subprocess
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import numpy as np
import pytest
from svgelements import SVG
from svgelements import Path as SvgPath

from tests.plugins.conftest import Server, needs, own_folders
from tests.plugins.inkscape.conftest import Effect

pytestmark = pytest.mark.tool

SVG_NAME = "{http://www.w3.org/2000/svg}"
LABEL = "{http://www.inkscape.org/namespaces/inkscape}label"
HEAD = [[60, 20], [64, 84], [50, 150], [80, 210], [130, 222], [190, 200], [206, 162], [194, 86],
        [198, 18], [154, 56], [104, 56], [60, 20]]  # fmt: skip
EYE = [[96, 104], [88, 118], [104, 116], [96, 104]]


def path(name: str, points: list[list[int]]) -> str:
    joined = " L ".join(f"{x} {y}" for x, y in points)
    return f'<path id="{name}" d="M {joined}"/>'


GIVEN = f"""<!-- Drawn for this project. --><svg xmlns="http://www.w3.org/2000/svg"
  xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape"
  id="root" width="210mm" height="297mm" viewBox="-10 -20 210 297">
  <style>.pen {{ stroke: #aa2211; stroke-linejoin: bevel }}</style>
  <g id="layer1" inkscape:groupmode="layer" transform="translate(20,30)   scale(0.25)">
    <g id="cat" class="pen" transform="rotate(-30 130 120) scale(2)" fill="none" stroke-width="3">
      {path("head", HEAD)}
      {path("eye", EYE)}
    </g>
  </g>
  <text id="words" x="10" y="10">hello</text>
  <image id="photo" width="9" height="9"/>
  <use id="clone" href="#eye"/>
  <rect id="filled" x="10" y="200" width="30" height="20" fill="#00ff00"/>
  <g id="nothing"/>
  <g id="face" fill="none" stroke="blue"><circle id="round" cx="150" cy="60" r="20"/></g>
</svg>"""


def there(points: list[list[int]]) -> np.ndarray:
    """Where the drawing's points lie on the page, by the transforms' definition (SVG 1.1, 7.6)."""
    turn = math.radians(-30)
    rotation = np.array([[math.cos(turn), -math.sin(turn)], [math.sin(turn), math.cos(turn)]])
    centre = np.array([130, 120])
    rotated = (rotation @ (2 * np.array(points) - centre).T).T + centre
    return rotated * 0.25 + (20, 30)


def new_group(output: bytes) -> ElementTree.Element:
    root = ElementTree.fromstring(output)
    return next(
        group
        for group in root.iter(f"{SVG_NAME}g")
        if group.find(f"{SVG_NAME}metadata") is not None
    )


def drawn(output: bytes) -> list[np.ndarray]:
    """The new paths on the page, as another SVG reader sees them."""
    # In user units: without the root's own scale from user units to pixels.
    text = re.sub(r'(width|height)="[\d.]+mm"|viewBox="[^"]*"', "", output.decode())
    given = {"head", "eye"}
    paths = [
        (element.values.get("id"), np.array([(p.x, p.y) for p in element.as_points()]))
        for element in SVG.parse(StringIO(text)).elements()
        if isinstance(element, SvgPath)
    ]
    return [points for name, points in paths if name not in given]


def assert_given_is_kept(output: bytes) -> None:
    """What was there is there, byte for byte (inkex gives the root element an id)."""
    text = output.decode()
    _, _, given = GIVEN.partition("<style>")
    start = text.index("<style>")
    for line in given.splitlines():
        # The new group goes before an end tag or the document's end.
        start = text.index(line.strip().removesuffix("</svg>").removesuffix("</g>"), start)


def test_finish_adds_what_is_missing_on_top(effect: Effect, last_job: Callable[[], dict]) -> None:
    ended = effect("finish", GIVEN, "--id=head", "--id=eye", "--category=Cat", "--seed=7")
    assert (ended.returncode, ended.stderr) == (0, b"")
    job = last_job()
    corner = np.array([-10, -20])
    sent = job["request"]["inputs"]["sketch"]["sketch"]
    assert sent["size"] == [210, 297]
    for stroke, points in zip(sent["strokes"], (HEAD, EYE), strict=True):
        np.testing.assert_allclose(stroke, there(points) - corner, atol=1e-9)
    assert job["request"]["options"]["category"] == "cat"
    assert job["tool"] == "inkscape"

    assert_given_is_kept(ended.stdout)
    group = new_group(ended.stdout)
    provenance = json.loads(group.findtext(f"{SVG_NAME}metadata"))["creative_gen"]
    assert provenance["options"]["seed"] == 7
    assert provenance["asset_sha256"] == job["provenance"]["asset_sha256"]
    assert "seed 7" in group.get(LABEL)
    (variation,) = group.findall(f"{SVG_NAME}g")
    assert re.fullmatch(r"cat, seed \d+", variation.get(LABEL))

    added = job["results"][0]["sketch"]["strokes"][2:]
    paths = variation.findall(f"{SVG_NAME}path")
    assert len(paths) == len(added)
    for one in paths:
        style = dict(part.split(":") for part in one.get("style").split(";"))
        assert style["stroke"] == "#aa2211"
        assert style["stroke-linejoin"] == "bevel"
        assert style["fill"] == "none"
        # 3 in a group of 2 in a layer of 0.25.
        assert float(style["stroke-width"]) == pytest.approx(1.5)
    shown = drawn(ended.stdout)[-len(added) :]
    for points, stroke in zip(shown, added, strict=True):
        ends = np.array([stroke[0], stroke[-1]]) + corner
        np.testing.assert_allclose(points[[0, -1]], ends, atol=0.01)


def test_group_lies_on_top_in_the_drawings_own_group(effect: Effect) -> None:
    output = effect("finish", GIVEN, "--id=head", "--category=cat").stdout
    root = ElementTree.fromstring(output)
    cat = next(one for one in root.iter() if one.get("id") == "cat")
    assert cat[-1].get(LABEL).startswith("Finished")


def test_several_lie_in_a_row_with_copies(effect: Effect) -> None:
    ended = effect("finish", GIVEN, "--id=cat", "--category=cat", "--count=3", "--seed=1")
    assert_given_is_kept(ended.stdout)
    variations = new_group(ended.stdout).findall(f"{SVG_NAME}g")
    assert len({one.get(LABEL) for one in variations}) == 3
    xs = []
    for one in variations:
        head, eye, *added = one.findall(f"{SVG_NAME}path")
        assert [head.get("id"), eye.get("id")] == [None, None]
        assert added
        assert "stroke:#aa2211" in head.get("style")
        xs.append(float(re.match(r"translate\(([\d.]+)", one.get("transform"))[1]))
    width = np.ptp(there(HEAD)[:, 0])
    assert xs[0] >= width
    np.testing.assert_allclose(np.diff(xs), xs[0], rtol=1e-3)


def test_vary_draws_a_group_again(effect: Effect, last_job: Callable[[], dict]) -> None:
    ended = effect("vary", GIVEN, "--id=layer1", "--count=2", "--category=cat")
    assert ended.returncode == 0, ended.stderr
    assert_given_is_kept(ended.stdout)
    assert last_job()["task"] == "sketch.reconstruct"
    variations = new_group(ended.stdout).findall(f"{SVG_NAME}g")
    assert [len(one.findall(f"{SVG_NAME}path")) for one in variations] == [
        len(result["sketch"]["strokes"]) for result in last_job()["results"]
    ]


def test_between_two(effect: Effect, last_job: Callable[[], dict]) -> None:
    ended = effect("between", GIVEN, "--id=cat", "--id=face", "--steps=4")
    assert ended.returncode == 0, ended.stderr
    assert_given_is_kept(ended.stdout)
    first, second = (
        last_job()["request"]["inputs"][name]["sketch"] for name in ("first", "second")
    )
    assert len(first["strokes"]) == 2
    (circle,) = second["strokes"]
    away = np.hypot(*(np.array(circle) - (160, 80)).T)
    np.testing.assert_allclose(away, 20, atol=0.05)
    variations = new_group(ended.stdout).findall(f"{SVG_NAME}g")
    assert [one.get(LABEL)[:6] for one in variations] == ["1 of 4", "2 of 4", "3 of 4", "4 of 4"]
    everything = np.concatenate(drawn(ended.stdout)[1:])
    assert everything[:, 1].min() > max(there(HEAD)[:, 1].max(), 80)


def test_draw_needs_no_selection(effect: Effect) -> None:
    ended = effect("draw", GIVEN, "--category=pig", "--count=5")
    assert (ended.returncode, ended.stderr) == (0, b"")
    variations = new_group(ended.stdout).findall(f"{SVG_NAME}g")
    assert [one.get(LABEL)[:9] for one in variations] == ["pig, seed"] * 5
    middle = np.concatenate(drawn(ended.stdout)[-1:]).mean(axis=0)
    assert np.all(np.abs(middle - (95, 128.5)) < 105)


def test_filled_shape_gives_its_color(effect: Effect) -> None:
    ended = effect("vary", GIVEN, "--id=filled", "--count=1")
    assert ended.returncode == 0, ended.stderr
    assert "stroke:#00ff00" in new_group(ended.stdout)[-1][-1].get("style")


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        ("finish", [], "Select the paths"),
        ("finish", ["--id=nothing"], "Select the paths"),
        ("finish", ["--id=words"], "Object to Path"),
        ("vary", ["--id=photo"], "Trace Bitmap"),
        ("vary", ["--id=clone"], "Unlink Clone"),
        ("between", ["--id=cat"], "select the two groups"),
        ("finish", ["--id=head", "--category=unicorn"], "It knows face, pig"),
        ("finish", ["--id=head", "--seed=lucky"], "Leave it empty"),
    ],
)
def test_errors_leave_the_document(
    effect: Effect, name: str, arguments: list[str], said: str
) -> None:
    ended = effect(name, GIVEN, *arguments)
    assert ended.returncode != 0
    assert ended.stdout == b""
    lines = ended.stderr.decode().strip().splitlines()
    assert len(lines) == 2
    assert said in lines[1]


def test_starts_the_server(effect: Effect, tmp_path: Path) -> None:
    environment = own_folders(tmp_path / "own")
    ended = effect("draw", GIVEN, "--category=pig", "--count=1", environment=environment)
    for file in (tmp_path / "own").rglob("server.json"):
        os.kill(json.loads(file.read_text())["pid"], signal.SIGTERM)
    assert (ended.returncode, ended.stderr) == (0, b"")


def test_server_that_cannot_be_started(
    effect: Effect, profile: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    how = profile / "extensions/creative_gen/creative_gen_server.json"
    kept = how.read_bytes()
    how.unlink()
    try:
        environment = own_folders(tmp_path / "own") | {"PATH": "/usr/bin:/bin"}
        ended = effect("draw", GIVEN, environment=environment)
    finally:
        how.write_bytes(kept)
    assert ended.returncode != 0
    assert ended.stdout == b""
    assert b"creative-gen serve" in ended.stderr


def test_in_the_real_application(profile: Path, server: Server, tmp_path: Path) -> None:
    needs("xvfb-run")
    given, made = tmp_path / "given.svg", tmp_path / "made.svg"
    given.write_text(GIVEN)
    actions = [
        "select-by-id:head,eye",
        "org.creative-gen.finish.noprefs",
        f"export-filename:{made}",
        "export-do",
    ]
    subprocess.run(
        ["xvfb-run", "-a", "inkscape", "--batch-process", f"--actions={';'.join(actions)}", given],
        env=server.environment | {"INKSCAPE_PROFILE_DIR": str(profile)},
        timeout=240,
        check=True,
        capture_output=True,
    )
    group = new_group(made.read_bytes())
    (variation,) = group.findall(f"{SVG_NAME}g")
    assert variation.findall(f"{SVG_NAME}path")
    before, after = (
        {one.get("id"): one.get("d") for one in ElementTree.parse(file).iter(f"{SVG_NAME}path")}
        for file in (given, made)
    )
    assert before.items() <= after.items()
