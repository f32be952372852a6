"""Chromium, and the studio of a real server in it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests.plugins.conftest import ROOT, Server, needs

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
]
STUDIO = ROOT / "plugins" / "browser"
PATIENCE = 60_000
"""Milliseconds that a job may take on a busy machine."""

OpenStudio = Callable[..., Page]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    program = needs("chromium", "chromium-browser", "google-chrome")
    with sync_playwright() as playwright:
        expect.set_options(timeout=PATIENCE)
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_studio(chromium: Browser, server: Server) -> Iterator[OpenStudio]:
    """Opens the studio on one of its pages; it must make no mistake while a test runs."""
    faults: list[str] = []
    contexts = []

    def heard(message: ConsoleMessage) -> None:
        # Chromium reports answers such as 401 as errors, and so it does a server that is gone.
        if message.type == "error" and "Failed to load resource" not in message.text:
            faults.append(message.text)

    def opened(
        tab: str = "Sketch",
        width: int = 1280,
        height: int = 800,
        address: str = "",
        foreign: bool = False,
        **options: str,
    ) -> Page:
        context = chromium.new_context(
            viewport={"width": width, "height": height}, accept_downloads=True, **options
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        # What foreign files want to run or to style is refused, and Chromium tells so.
        if not foreign:
            page.on("console", heard)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(address or f"{server.url}/#token={server.token}")
        if tab:
            page.get_by_role("tab", name=tab, exact=True).click()
        return page

    yield opened
    for context in contexts:
        context.close()
    assert not faults


def wait_until(page: Page, expression: str) -> None:
    """Wait until a JavaScript expression is true.

    Playwright's own wait_for_function evaluates it in the page, which the studio's policy forbids.
    """
    deadline = time.monotonic() + PATIENCE / 1000
    while not page.evaluate(expression):
        assert time.monotonic() < deadline, expression
        page.wait_for_timeout(20)


def draw(page: Page, selector: str, points: list[tuple[float, float]], steps: int = 3) -> None:
    """Draw a line through points, which are shares of what is drawn on."""
    box = page.locator(selector).bounding_box()
    assert box
    at = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]
    page.mouse.move(*at[0])
    page.mouse.down()
    for x, y in at[1:]:
        page.mouse.move(x, y, steps=steps)
    page.mouse.up()


def downloaded(page: Page, folder: Path, button: str) -> Path:
    """The file that a button of this name saves."""
    with page.expect_download() as download:
        page.get_by_role("button", name=button, exact=True).first.click()
    path = folder / download.value.suggested_filename
    download.value.save_as(path)
    return path


HALF_A_CAT = [
    [(0.24, 0.1), (0.26, 0.34), (0.2, 0.5), (0.24, 0.72), (0.4, 0.86), (0.6, 0.86), (0.76, 0.72)],
    [(0.76, 0.72), (0.8, 0.5), (0.74, 0.34), (0.77, 0.1), (0.6, 0.22), (0.42, 0.22), (0.24, 0.1)],
    [(0.38, 0.42), (0.34, 0.46), (0.38, 0.5), (0.42, 0.46), (0.38, 0.42)],
]
"""A head with ears and one eye, in shares of the sheet."""
