"""The studio without its server, and with a key that it does not know."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from playwright.sync_api import Route, expect

from tests.plugins.browser.conftest import OpenStudio, draw
from tests.plugins.browser.test_sketch import SHEET, TAKEABLE
from tests.plugins.conftest import Server, start_server

pytestmark = pytest.mark.tool

TOKEN = "made-for-this-test"


def test_the_key_is_taken_out_of_the_address(open_studio: OpenStudio, server: Server) -> None:
    page = open_studio()
    assert page.url == f"{server.url}/#sketch"
    page.reload()
    expect(page.get_by_role("tab", name="Sketch")).to_be_visible()


@pytest.mark.parametrize(
    ("fragment", "said"),
    [("", "needs a link with a key"), ("#token=wrong", "link is of an earlier server")],
)
def test_without_the_right_key_it_says_how_to_get_it(
    open_studio: OpenStudio, server: Server, fragment: str, said: str
) -> None:
    page = open_studio(tab="", address=f"{server.url}/{fragment}")
    gate = page.get_by_role("alert")
    expect(gate).to_contain_text(said)
    expect(gate).to_contain_text("creative-gen serve --open")
    page.evaluate(f"location.hash = '#token={server.token}'")
    expect(page.get_by_role("tab", name="Sketch")).to_be_visible()


def test_it_goes_on_when_the_server_is_back(open_studio: OpenStudio, tmp_path: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    started = start_server(tmp_path, "--port", port, "--token", TOKEN)
    try:
        page = open_studio(address=f"{started.url}/#token={TOKEN}")
        draw(page, SHEET, [(0.2, 0.2), (0.8, 0.2), (0.8, 0.8)])
        expect(page.locator(TAKEABLE)).to_have_count(9)
        started.stop()
        draw(page, SHEET, [(0.2, 0.8), (0.8, 0.8)])
        expect(page.locator(".message")).to_contain_text("The server does not answer.")
        expect(page.locator(".message")).to_contain_text("creative-gen serve --open")
        assert (page.locator(f"{SHEET} .ink").first.get_attribute("d") or "").count("M") == 2
        started = start_server(tmp_path, "--port", port, "--token", TOKEN)
        expect(page.locator(".message")).to_have_count(0)
        draw(page, SHEET, [(0.2, 0.2), (0.2, 0.8)])
        expect(page.locator(TAKEABLE)).to_have_count(9)
    finally:
        started.stop()


def test_a_busy_server_is_asked_again(open_studio: OpenStudio) -> None:
    page = open_studio()
    refused = []

    def refuse_once(route: Route) -> None:
        if refused or route.request.method != "POST":
            return route.continue_()
        refused.append(route.request.url)
        error = {"code": "queue_full", "message": "64 jobs wait.", "hint": "", "retryable": True}
        return route.fulfill(status=429, headers={"Retry-After": "1"}, json={"error": error})

    page.route("**/v1/jobs", refuse_once)
    draw(page, SHEET, [(0.2, 0.2), (0.8, 0.2), (0.8, 0.8)])
    expect(page.locator(".message")).to_contain_text("64 jobs wait.")
    expect(page.locator(TAKEABLE)).to_have_count(9)
    assert len(refused) == 1


def test_a_failed_job_is_told_with_its_fix_and_the_page_goes_on(open_studio: OpenStudio) -> None:
    page = open_studio()
    page.locator(".sketch-page summary").first.click()
    page.get_by_label("Temperature").first.fill("9")
    draw(page, SHEET, [(0.2, 0.2), (0.8, 0.2), (0.8, 0.8)])
    expect(page.locator(".message")).to_contain_text("temperature")
    page.get_by_label("Temperature").first.fill("0.4")
    draw(page, SHEET, [(0.2, 0.8), (0.2, 0.2)])
    expect(page.locator(TAKEABLE)).to_have_count(9)
