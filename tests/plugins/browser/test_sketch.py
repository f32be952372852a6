"""Drawing in the studio, and taking what it suggests."""

from __future__ import annotations

import json
import re
from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from creative_gen.media.svg_reader import read_svg
from tests.plugins.browser.conftest import HALF_A_CAT, OpenStudio, downloaded, draw, wait_until

pytestmark = pytest.mark.tool

SHEET = ".sketch-page .surface"
TAKEABLE = ".suggestion:not([disabled])"


def half_a_cat(page: Page) -> None:
    page.get_by_label("What is it?").select_option("cat")
    for stroke in HALF_A_CAT:
        draw(page, SHEET, stroke)


def strokes_of_requests(page: Page) -> list[list[list[list[float]]]]:
    """The strokes of every job that the page asks for from now on, as they are asked for."""
    asked: list[list[list[list[float]]]] = []

    def seen(request: object) -> None:
        if request.method == "POST" and request.url.endswith("/v1/jobs"):
            asked.append(request.post_data_json["inputs"]["sketch"]["sketch"]["strokes"])

    page.on("request", seen)
    return asked


def test_half_a_cat_is_finished_and_downloaded_with_its_given_points(
    open_studio: OpenStudio, tmp_path: Path
) -> None:
    page = open_studio()
    asked = strokes_of_requests(page)
    half_a_cat(page)
    expect(page.locator(TAKEABLE)).to_have_count(9)
    given = asked[-1]
    assert [len(stroke) >= 5 for stroke in given] == [True] * 3

    page.locator(TAKEABLE).nth(2).click()
    path = downloaded(page, tmp_path, "Download SVG")

    assert path.name == "cat.svg"
    text = path.read_text("utf-8")
    numbers = {float(number) for number in re.findall(r"-?\d+(?:\.\d+)?", text)}
    assert all({x, y} <= numbers for stroke in given for x, y in stroke)
    taken = read_svg(path).sketch
    assert len(taken.strokes) > len(given)
    for stroke, read in zip(given, taken.strokes, strict=False):
        gaps = [np.hypot(*(read - np.float32(point)).T).min() for point in stroke]
        assert max(gaps) < 0.75
    provenance = json.loads(re.findall("<metadata>(.*)</metadata>", text)[0].replace("&lt;", "<"))
    assert provenance["creative_gen"]["task"] == "sketch.complete"
    assert provenance["creative_gen"]["output"]["category"] == "cat"


def test_suggestions_of_earlier_strokes_are_never_shown(open_studio: OpenStudio) -> None:
    page = open_studio()
    half_a_cat(page)
    expect(page.locator(TAKEABLE)).to_have_count(9)
    box = page.locator(SHEET).bounding_box()
    assert box
    page.mouse.move(box["x"] + 300, box["y"] + 300)
    page.mouse.down()
    expect(page.locator(TAKEABLE)).to_have_count(0)
    expect(page.locator(".ghost.shown")).to_have_count(0)
    page.mouse.move(box["x"] + 330, box["y"] + 310, steps=4)
    page.mouse.up()
    expect(page.locator(TAKEABLE)).to_have_count(9)


def test_keys_take_undo_redo_and_clear(open_studio: OpenStudio) -> None:
    page = open_studio()
    half_a_cat(page)
    expect(page.locator(TAKEABLE)).to_have_count(9)
    ink = page.locator(f"{SHEET} .ink").first
    drawn = ink.get_attribute("d")
    page.keyboard.press("4")
    expect(page.locator(".suggestion.taken")).to_have_count(1)
    taken = ink.get_attribute("d")
    assert drawn and taken and taken.startswith(drawn) and len(taken) > len(drawn)
    page.keyboard.press("5")
    assert ink.get_attribute("d") != taken
    page.keyboard.press("Control+z")
    assert ink.get_attribute("d") == drawn
    page.keyboard.press("Control+Shift+z")
    assert len(ink.get_attribute("d") or "") > len(drawn)
    page.keyboard.press("Delete")
    assert ink.get_attribute("d") == ""


def test_the_eraser_takes_whole_strokes(open_studio: OpenStudio) -> None:
    page = open_studio()
    draw(page, SHEET, [(0.1, 0.2), (0.9, 0.2)])
    draw(page, SHEET, [(0.1, 0.8), (0.9, 0.8)])
    page.keyboard.press("e")
    draw(page, SHEET, [(0.5, 0.1), (0.5, 0.3)])
    left = page.locator(f"{SHEET} .ink").first.get_attribute("d") or ""
    assert left.count("M") == 1
    assert float(left[1:].split()[1].split("C")[0]) == pytest.approx(0.8 * 512, abs=2)


def test_an_svg_file_is_opened_with_its_parts_as_strokes(
    open_studio: OpenStudio, tmp_path: Path
) -> None:
    drawing = tmp_path / "two.svg"
    drawing.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100" onload="alert(1)">'
        '<script>alert(1)</script><g transform="translate(10 0)">'
        '<path d="M0 10h40m-40 20h40"/><circle cx="30" cy="60" r="10"/></g></svg>',
        "utf-8",
    )
    page = open_studio(foreign=True)
    asked = strokes_of_requests(page)
    page.locator(".sketch-page input[type=file]").set_input_files(drawing)
    expect(page.locator(TAKEABLE)).to_have_count(9)
    first, second, circle = asked[-1]
    assert first[0] == pytest.approx([51.2, 51.2]) and first[-1] == pytest.approx([256, 51.2])
    assert second[0] == pytest.approx([51.2, 153.6])
    reach = np.hypot(*(np.array(circle) - [204.8, 307.2]).T)
    assert reach == pytest.approx(np.full(len(circle), 51.2), abs=0.1)


def test_a_file_that_is_no_drawing_is_told_with_its_fix(
    open_studio: OpenStudio, tmp_path: Path
) -> None:
    broken = tmp_path / "broken.svg"
    broken.write_text("<svg", "utf-8")
    page = open_studio(foreign=True)
    page.locator(".sketch-page input[type=file]").set_input_files(broken)
    message = page.locator(".message")
    expect(message).to_contain_text("This is not a whole SVG file. Save the drawing again")
    message.get_by_role("button", name="Dismiss").click()
    expect(message).to_have_count(0)


def test_a_morph_is_walked_through_and_saved(open_studio: OpenStudio, tmp_path: Path) -> None:
    page = open_studio("Morph")
    page.get_by_role("button", name="Example: face").click()
    page.get_by_role("button", name="Example: pig").click()
    expect(page.locator(".thumb")).to_have_count(12)
    slider = page.get_by_role("slider", name="Step between the two drawings")
    stage = page.locator(".morph-page .stage .ink")
    middle = stage.get_attribute("d")
    slider.focus()
    page.keyboard.press("End")
    last = stage.get_attribute("d")
    assert last != middle
    path = downloaded(page, tmp_path, "SVG")
    assert path.name == "morph-12.svg"
    assert read_svg(path).sketch.strokes
    page.get_by_role("button", name="Play").first.click()
    wait_until(page, "document.querySelector('.morph-page .player input').value < 9")


def test_a_finger_and_a_pen_draw(open_studio: OpenStudio) -> None:
    page = open_studio(has_touch=True)
    box = page.locator(SHEET).bounding_box()
    assert box
    browser = page.context.new_cdp_session(page)
    places = [(box["x"] + 100 + 20 * step, box["y"] + 150 + 5 * step) for step in range(6)]
    for step, (x, y) in enumerate(places):
        kind = "touchMove" if step else "touchStart"
        browser.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    browser.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    for step, (x, y) in enumerate(places):
        kind = "mouseMoved" if step else "mousePressed"
        pen = {"pointerType": "pen", "button": "left", "buttons": 1, "x": x, "y": y + 80}
        browser.send("Input.dispatchMouseEvent", {"type": kind, "clickCount": 1, **pen})
    pen |= {"buttons": 0, "clickCount": 1}
    browser.send("Input.dispatchMouseEvent", {"type": "mouseReleased", **pen})
    ink = page.locator(f"{SHEET} .ink").first.get_attribute("d") or ""
    assert ink.count("M") == 2 and ink.count("C") >= 8
    expect(page.locator(TAKEABLE)).to_have_count(9)
