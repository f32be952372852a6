"""What was made is found again."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.plugins.browser.conftest import HALF_A_CAT, OpenStudio, draw
from tests.plugins.browser.test_sketch import SHEET, TAKEABLE

pytestmark = pytest.mark.tool


def made_a_cat(page: Page) -> None:
    page.get_by_label("What is it?").select_option("cat")
    for stroke in HALF_A_CAT:
        draw(page, SHEET, stroke)
    expect(page.locator(TAKEABLE)).to_have_count(9)


def test_what_was_made_survives_a_reload_and_is_opened_again(open_studio: OpenStudio) -> None:
    page = open_studio()
    made_a_cat(page)
    seed = page.locator(".suggestion .seed").first.inner_text()
    page.reload()
    page.get_by_role("tab", name="History").click()
    entry = page.locator(".entry").first
    expect(entry).to_contain_text("9 results")
    expect(entry).to_contain_text(seed)
    entry.get_by_role("button", name="Open").click()
    expect(page.get_by_label("What is it?")).to_have_value("cat")
    assert (page.locator(f"{SHEET} .ink").first.get_attribute("d") or "").count("M") == 3


def test_again_makes_the_same_and_forget_takes_it_away(open_studio: OpenStudio) -> None:
    page = open_studio()
    made_a_cat(page)
    page.get_by_role("tab", name="History").click()
    entries = page.locator(".entry")
    expect(entries.first).to_contain_text("9 results")
    first = entries.first.locator(".drawing .ink").first.get_attribute("d")
    made = entries.first.get_attribute("data-job")
    entries.first.get_by_role("button", name="Again").click()
    expect(entries.first).not_to_have_attribute("data-job", str(made))
    expect(entries.first).to_contain_text("9 results")
    again = entries.first.get_attribute("data-job")
    assert entries.first.locator(".drawing .ink").first.get_attribute("d") == first
    with page.expect_response(lambda answer: answer.request.method == "DELETE") as answer:
        entries.first.get_by_role("button", name="Forget").click()
    assert answer.value.status == 204
    page.get_by_role("button", name="Look again").click()
    expect(entries.first).to_have_attribute("data-job", str(made))
    expect(page.locator(f".entry[data-job='{again}']")).to_have_count(0)
