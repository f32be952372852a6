"""Makes docs/images/studio-*.png: the studio at work, in Chromium, with a server of its own.

Run `python -m tests.plugins.browser.screenshots` in the repository's root.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from io import BytesIO
from pathlib import Path

import PIL.Image
from playwright.sync_api import Page, expect, sync_playwright

from tests.plugins.browser.conftest import FLAGS, draw, wait_until
from tests.plugins.conftest import ROOT, start_server

IMAGES = ROOT / "docs" / "images"
SIZE = {"width": 1280, "height": 800}
PATIENCE = 120_000
SEED = "34"

HINTS = [
    ("orange", [(0.24, 0.6), (0.3, 0.64)]),
    ("white", [(0.37, 0.4), (0.38, 0.62)]),
    ("orange", [(0.47, 0.36), (0.5, 0.36)]),
    ("white", [(0.585, 0.4), (0.59, 0.6)]),
    ("orange", [(0.68, 0.5), (0.71, 0.52)]),
    ("yellow", [(0.84, 0.42), (0.88, 0.36)]),
    ("yellow", [(0.5, 0.21), (0.57, 0.19)]),
    ("yellow", [(0.48, 0.52), (0.52, 0.52)]),
    ("yellow", [(0.5, 0.76), (0.53, 0.8)]),
    ("green", [(0.06, 0.86), (0.07, 0.94)]),
    ("green", [(0.16, 0.72), (0.16, 0.9)]),
    ("green", [(0.24, 0.86), (0.22, 0.92)]),
    ("green", [(0.93, 0.88), (0.94, 0.95)]),
    ("teal", [(0.72, 0.12), (0.92, 0.14)]),
    ("teal", [(0.3, 0.08), (0.44, 0.1)]),
    ("teal", [(0.04, 0.36), (0.06, 0.56)]),
    ("teal", [(0.32, 0.88), (0.46, 0.92)]),
    ("teal", [(0.66, 0.84), (0.84, 0.9)]),
    ("teal", [(0.95, 0.62), (0.96, 0.76)]),
]
"""A colour, and a stroke of it on the example, in shares of the picture."""


def sketch(page: Page) -> None:
    """Half a face and nine ways to finish it."""
    page.locator(".sketch-page summary").click()
    for name, value in {"Seed": SEED, "Temperature": "0.2"}.items():
        page.locator(".sketch-page").get_by_label(name, exact=True).fill(value)
    page.locator(".sketch-page summary").click()
    page.get_by_role("button", name="Half a face").click()
    expect(page.locator(".suggestion:not([disabled])")).to_have_count(9)
    page.locator(".suggestion").nth(3).hover()


def colour(page: Page) -> None:
    """A fish, coloured by strokes of colour."""
    live = page.get_by_label("Colour whenever a stroke ends")
    live.evaluate("box => box.click()")
    page.locator(".color-page").get_by_label("Seed", exact=True).evaluate(
        "(box, seed) => box.value = seed", SEED
    )
    page.get_by_role("button", name="Example: a fish").click()
    expect(page.locator(".variations .card")).to_have_count(4)
    for color, points in HINTS:
        page.get_by_role("radio", name=color, exact=True).click()
        draw(page, ".hint-layer", points)
    with page.expect_request(lambda asked: asked.url.endswith("/v1/jobs")):
        page.get_by_role("button", name="Colour it").click()
    expect(page.locator(".color-page .work")).to_have_attribute("data-busy", "false")
    page.locator(".variations img").last.scroll_into_view_if_needed()
    wait_until(page, "[...document.querySelectorAll('.variations img')].every(one => one.complete)")
    page.evaluate("scrollTo(0, 0)")


def sound(page: Page) -> None:
    """A tune on the piano roll, while it plays."""
    page.get_by_role("button", name="A tune").click()
    page.get_by_role("button", name="Prepare all keys").click()
    expect(page.locator(".key[data-state=ready]")).to_have_count(25)
    page.locator(".roll-section").get_by_role("button", name="Play").click()
    page.wait_for_selector(".roll-wave .waveform")
    page.evaluate("scrollTo(0, 0)")
    page.wait_for_timeout(2200)


def main() -> None:
    """Make all three, or those that are named: sketch, color, sound."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        sys.exit("Chromium is not installed: make tools.")
    scenes = {"sketch": ("Sketch", sketch), "color": ("Colour", colour), "sound": ("Sound", sound)}
    expect.set_options(timeout=PATIENCE)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        server = start_server(Path(folder))
        try:
            browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
            for name in sys.argv[1:] or scenes:
                tab, act = scenes[name]
                page = browser.new_page(viewport=SIZE, color_scheme="light")
                page.set_default_timeout(PATIENCE)
                page.goto(f"{server.url}/#token={server.token}")
                page.get_by_role("tab", name=tab, exact=True).click()
                act(page)
                save(page.screenshot(), IMAGES / f"studio-{name}.png")
                page.close()
            browser.close()
        finally:
            server.stop()


def save(picture: bytes, path: Path) -> None:
    """Write a picture with the 256 colours that suit it best, which is a third of the size."""
    with PIL.Image.open(BytesIO(picture)) as full:
        colors = full.convert("RGB").quantize(256, kmeans=3, dither=PIL.Image.Dither.NONE)
    colors.save(path, optimize=True)
    print(f"{path.name}: {path.stat().st_size // 1000} kB")


if __name__ == "__main__":
    main()
