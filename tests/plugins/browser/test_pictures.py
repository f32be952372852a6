"""Colouring, enlarging and making pictures in the studio."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import PIL.Image
import pytest
from playwright.sync_api import expect

from tests.plugins.browser.conftest import STUDIO, OpenStudio, downloaded, draw

pytestmark = pytest.mark.tool


def test_a_line_drawing_is_coloured_by_its_hints(open_studio: OpenStudio, tmp_path: Path) -> None:
    page = open_studio("Colour")
    page.get_by_label("Colour whenever a stroke ends").evaluate("box => box.click()")
    page.locator(".color-page .picture-empty input[type=file]").set_input_files(
        STUDIO / "examples" / "lineart.png"
    )
    expect(page.locator(".variations .card")).to_have_count(4)
    page.get_by_role("radio", name="blue", exact=True).click()
    draw(page, ".hint-layer", [(0.5, 0.62), (0.53, 0.66)])
    with page.expect_request(
        lambda asked: asked.url.endswith("/v1/jobs") and asked.method == "POST"
    ) as request:
        page.get_by_role("button", name="Colour it").click()
    assert set(request.value.post_data_json["inputs"]) == {"image", "hints"}
    expect(page.locator(".color-page .work")).to_have_attribute("data-busy", "false")

    with PIL.Image.open(STUDIO / "examples" / "lineart.png") as lines:
        size = lines.size
    with PIL.Image.open(downloaded(page, tmp_path, "Download")) as colored:
        assert colored.size == size
        pixels = np.asarray(colored.convert("RGB"), dtype=np.float64)
    x, y = int(0.515 * size[0]), int(0.64 * size[1])
    assert pixels[y, x] == pytest.approx([0x3C, 0x6F, 0xC4], abs=2)


def test_what_is_no_picture_is_told(open_studio: OpenStudio, tmp_path: Path) -> None:
    text = tmp_path / "not.png"
    text.write_text("no picture", "utf-8")
    page = open_studio("Enlarge")
    page.locator(".enlarge-page .picture-empty input[type=file]").set_input_files(text)
    page.get_by_role("button", name="Enlarge it").click()
    expect(page.locator(".message strong")).to_be_visible()
    expect(page.get_by_role("button", name="Another picture")).to_be_enabled()


def test_a_picture_is_enlarged_and_looked_at_closely(
    open_studio: OpenStudio, tmp_path: Path
) -> None:
    page = open_studio("Enlarge")
    page.get_by_role("button", name="Example: a snail").click()
    page.locator(".enlarge-page").get_by_label("Scale").select_option("3")
    page.get_by_role("button", name="Enlarge it").click()
    page.wait_for_selector(".enlarge-page .compare:not([hidden])")
    with PIL.Image.open(STUDIO / "examples" / "clip.png") as small:
        expected = (3 * small.width, 3 * small.height)
    with PIL.Image.open(downloaded(page, tmp_path, "Download")) as large:
        assert large.size == expected
    line = page.locator(".enlarge-page .compare-line")
    before = line.bounding_box()
    page.get_by_role("slider", name="Where before ends").focus()
    page.keyboard.press("Home")
    after = line.bounding_box()
    assert before and after and after["x"] < before["x"]
    page.get_by_role("slider", name="Zoom").focus()
    page.keyboard.press("End")
    expect(page.locator(".enlarge-page .compare-view")).to_have_class("compare-view zoomed")


def test_pictures_are_made_by_a_form_of_the_tasks_options(open_studio: OpenStudio) -> None:
    page = open_studio("Make")
    page.get_by_label("Model", exact=True).select_option("tiles")
    page.locator(".make-page").get_by_label("Count").fill("5")
    page.locator(".make-page").get_by_label("Category").select_option("monster")
    page.get_by_role("button", name="Make it").click()
    expect(page.locator(".make-page .results .card img[src]")).to_have_count(5)
    expect(page.locator(".make-page .results .card").first).to_contain_text("monster")


def test_what_is_out_of_bounds_is_told_by_the_server(open_studio: OpenStudio) -> None:
    page = open_studio("Make")
    page.locator(".make-page").get_by_label("Count").fill("0")
    page.get_by_role("button", name="Make it").click()
    expect(page.locator(".message")).to_contain_text("count")


def test_a_face_is_moved_along_a_direction(open_studio: OpenStudio) -> None:
    page = open_studio("Make")
    page.get_by_label("What to make", exact=True).select_option("image.edit")
    page.get_by_label("Model", exact=True).select_option("faces")
    page.locator(".make-page .inputs").get_by_role("button", name="Example: a face").first.click()
    direction = page.locator(".make-page").get_by_label("Direction")
    if direction.evaluate("control => control.tagName") == "SELECT":
        direction.select_option("smile")
    else:
        direction.fill("smile")
    page.get_by_role("button", name="Make it").click()
    expect(page.locator(".make-page .results .card img[src]")).to_have_count(9)
    shown = page.locator(".make-page .stage img")
    first = shown.get_attribute("src")
    page.get_by_role("slider", name="Step", exact=True).focus()
    page.keyboard.press("End")
    assert shown.get_attribute("src") != first
