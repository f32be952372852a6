"""The studio on small screens, for those who use keys, and for those who listen to it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.plugins.browser.conftest import STUDIO, OpenStudio

pytestmark = pytest.mark.tool

PAGES = ["Sketch", "Morph", "Colour", "Enlarge", "Make", "Sound", "History"]
CONTROLS = "button|textbox|slider|combobox|checkbox|radio|link|spinbutton|tab|img|progressbar|meter"


@pytest.mark.parametrize("width", [375, 820, 1280])
def test_nothing_is_wider_than_the_screen(open_studio: OpenStudio, width: int) -> None:
    page = open_studio(width=width, height=800)
    for name in PAGES:
        page.get_by_role("tab", name=name, exact=True).click()
        for more in page.locator("details.more > summary").all():
            if more.is_visible():
                more.click()
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name


def test_every_control_has_a_name(open_studio: OpenStudio) -> None:
    page = open_studio()
    for name in PAGES:
        page.get_by_role("tab", name=name, exact=True).click()
        for more in page.locator("details.more > summary").all():
            if more.is_visible():
                more.click()
        told = page.locator("body").aria_snapshot()
        nameless = re.findall(rf"^\s*- (?:{CONTROLS})\b(?! \")[^\n]*", told, re.MULTILINE)
        assert not nameless, name


def test_pages_are_walked_through_by_keys_with_the_focus_in_sight(open_studio: OpenStudio) -> None:
    page = open_studio()
    page.get_by_role("tab", name="Sketch").focus()
    page.keyboard.press("ArrowRight")
    expect(page.get_by_role("tab", name="Morph")).to_be_focused()
    expect(page.locator("#page-morph")).to_be_visible()
    page.keyboard.press("End")
    expect(page.locator("#page-history")).to_be_visible()
    page.keyboard.press("Home")
    seen = []
    while True:
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        outline, label = page.evaluate(
            "[getComputedStyle(document.activeElement).outlineStyle, "
            "document.activeElement.ariaLabel || document.activeElement.textContent]"
        )
        assert outline != "none", label
        seen.append(label)
    assert len(seen) >= 8 and len(set(seen)) == len(seen)


def test_the_keys_are_listed(open_studio: OpenStudio) -> None:
    page = open_studio()
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog).to_contain_text("take a suggestion")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()


def test_light_and_dark_follow_the_system_and_the_switch(open_studio: OpenStudio) -> None:
    page = open_studio(color_scheme="dark")
    paper = "getComputedStyle(document.documentElement).backgroundColor"
    dark = page.evaluate(paper)
    page.get_by_role("radio", name="Light").click()
    light = page.evaluate(paper)
    assert dark != light
    page.reload()
    expect(page.get_by_role("radio", name="Light")).to_have_attribute("aria-checked", "true")
    assert page.evaluate(paper) == light


def test_nothing_moves_by_itself_where_less_motion_is_asked_for(open_studio: OpenStudio) -> None:
    page = open_studio(reduced_motion="reduce")
    moving = page.evaluate(
        "[...document.querySelectorAll('*')].filter(one => "
        "!['0s', ''].includes(getComputedStyle(one).transitionDuration)).length"
    )
    assert moving == 0


def colors(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block))


def luminance(color: str) -> float:
    """WCAG 2.2's relative luminance."""
    channels = [int(color[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


PAIRS = [
    (text, ground)
    for text in ("ink", "soft", "accent")
    for ground in ("paper", "sheet", "raised", "tint")
]


@pytest.mark.parametrize(("text", "ground"), [*PAIRS, ("on-accent", "accent"), ("ink", "red-tint")])
def test_texts_stand_out_from_what_they_are_on(text: str, ground: str) -> None:
    css = (STUDIO / "css" / "colors.css").read_text("utf-8")
    light, follows, chosen = (colors(block) for block in css.split("  color-scheme: ")[1:])
    assert follows == chosen
    for theme in (light, chosen):
        assert contrast(theme[text], theme[ground]) >= 4.5
