"""How long after the pen lifts the studio shows a first suggestion, in Chromium.

Run `python benchmarks/studio_latency.py`, with Playwright and Chromium installed. It starts a
server of its own, draws with the mouse, and takes the time from the event that ends a stroke to
the frame after the one that shows the suggestion.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[1]
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run"]
STROKES = 40
GOAL = 150
PATIENCE = 30.0

SINCE = """() => {
    const [lifted, shown] = ["pen-lifted", "first-suggestion"].map(
        (name) => performance.getEntriesByName(name).at(-1)?.startTime ?? -1);
    return shown > lifted ? shown - lifted : null;
}"""


def main() -> None:
    """Print the median and the 90th percentile in milliseconds."""
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        sys.exit("Chromium is not installed: make tools.")
    with tempfile.TemporaryDirectory() as folder:
        server, address = started(Path(folder))
        try:
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
                page = browser.new_page(viewport={"width": 1280, "height": 800})
                page.goto(address)
                times = measured(page)
                browser.close()
        finally:
            server.terminate()
            server.wait()
    middle, high = np.percentile(times, [50, 90])
    print(f"first suggestion after the pen lifts: {middle:.0f} ms, 90th percentile {high:.0f} ms")
    print(f"({len(times)} strokes; the goal is {GOAL} ms)")


def started(folder: Path) -> tuple[subprocess.Popen[bytes], str]:
    """A server with folders of its own, and the studio's address."""
    runtime = folder / "runtime"
    runtime.mkdir(mode=0o700)
    own = {
        "XDG_RUNTIME_DIR": str(runtime),
        "CREATIVE_GEN_DATA": str(folder),
        "PYTHONPATH": str(ROOT),
    }
    inherited = {key: value for key, value in os.environ.items() if "CREATIVE_GEN" not in key}
    command = [sys.executable, "-m", "creative_gen.cli.main", "serve"]
    server = subprocess.Popen(command, env=inherited | own, stdout=subprocess.DEVNULL)
    described = runtime / "creative_gen" / "server.json"
    deadline = time.monotonic() + PATIENCE
    while not described.exists():
        if server.poll() is not None or time.monotonic() > deadline:
            server.kill()
            sys.exit("The server did not start.")
        time.sleep(0.1)
    document = json.loads(described.read_text("utf-8"))
    return server, f"{document['url']}/#token={document['token']}"


def measured(page: Page) -> list[float]:
    """Milliseconds of each of many strokes; those of the first few, which warm up, are left out."""
    page.wait_for_selector(".sketch-page .surface")
    page.get_by_label("What is it?").select_option("cat")
    times = []
    for number in range(STROKES + 3):
        if number % 6 == 0:
            page.keyboard.press("Delete")
        stroke(page, number)
        deadline = time.monotonic() + PATIENCE
        while (taken := page.evaluate(SINCE)) is None:
            if time.monotonic() > deadline:
                sys.exit(f"No suggestion came: {page.locator('#messages').inner_text()}")
            page.wait_for_timeout(5)
        times.append(taken)
        page.wait_for_timeout(300)
    return times[3:]


def stroke(page: Page, number: int) -> None:
    """An arc, another each time."""
    box = page.locator(".sketch-page .surface").bounding_box()
    assert box
    turn = np.linspace(0, 4.5, 14) + number
    radius = 0.12 + 0.04 * (number % 6)
    x = box["x"] + box["width"] * (0.5 + radius * np.cos(turn))
    y = box["y"] + box["height"] * (0.5 + radius * np.sin(turn))
    page.mouse.move(x[0], y[0])
    page.mouse.down()
    for at in zip(x[1:], y[1:], strict=True):
        page.mouse.move(*at)
    page.mouse.up()


if __name__ == "__main__":
    main()
