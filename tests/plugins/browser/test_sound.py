"""The keyboard, the piano roll and the drums of the studio."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import mido
import numpy as np
import pytest
import soundfile
from playwright.sync_api import Page, Route, expect

from tests.plugins.browser.conftest import OpenStudio, downloaded, wait_until

pytestmark = pytest.mark.tool


def sounds_of(page: Page) -> list[np.ndarray]:
    """The samples of every sound that the page fetches from now on."""
    fetched: list[np.ndarray] = []

    def pass_on(route: Route) -> None:
        answer = route.fetch()
        if answer.headers["content-type"].startswith("audio/wav"):
            fetched.append(soundfile.read(BytesIO(answer.body()))[0])
        route.fulfill(response=answer)

    page.route("**/v1/blobs/*", pass_on)
    return fetched


def test_a_key_sounds_and_is_made_once(open_studio: OpenStudio) -> None:
    page = open_studio("Sound")
    fetched = sounds_of(page)
    page.evaluate(
        "window.loudest = 0; const meter = document.querySelector('.meter meter');"
        "setInterval(() => window.loudest = Math.max(window.loudest, meter.value), 10)"
    )
    page.get_by_role("button", name="C 4", exact=True).click()
    page.wait_for_selector('.key[data-pitch="60"][data-state=ready]')
    wait_until(page, "window.loudest > 0.02")
    assert len(fetched) == 1
    note = fetched[0]
    assert np.abs(note).max() > 0.02
    assert np.sqrt(np.mean(note**2)) > 0.002

    page.evaluate("window.loudest = 0")
    page.keyboard.press("k")
    wait_until(page, "window.loudest > 0.02")
    assert len(fetched) == 1


def test_notes_are_set_dragged_played_and_saved(open_studio: OpenStudio, tmp_path: Path) -> None:
    page = open_studio("Sound")
    roll = page.locator(".roll")
    frame = page.locator(".roll-frame").bounding_box()
    assert frame
    x, y = frame["x"] + 44 + 26 * 2 + 13, frame["y"] + 100
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 26 * 3, y, steps=4)
    page.mouse.up()
    page.mouse.click(x + 26 * 6, y + 13 * 4)
    expect(page.locator(".roll .note")).to_have_count(2)

    notes = mido.MidiFile(downloaded(page, tmp_path, "Download MIDI"))
    played = [message for message in notes if message.type == "note_on"]
    assert [message.velocity for message in played] == [96, 96]
    assert played[0].note - played[1].note == 4
    assert notes.length == pytest.approx(9 * 60 / 108 / 4, abs=0.01)

    wave, rate = soundfile.read(downloaded(page, tmp_path, "Download WAV"))
    assert rate == 16000 and np.abs(wave).max() > 0.02
    page.mouse.click(x, y)
    expect(page.locator(".roll .note")).to_have_count(1)
    roll.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".roll .note")).to_have_count(2)
    page.keyboard.press("Control+z")
    expect(page.locator(".roll .note")).to_have_count(1)


def test_a_drum_is_hit(open_studio: OpenStudio) -> None:
    page = open_studio("Sound")
    fetched = sounds_of(page)
    page.keyboard.press("2")
    page.wait_for_selector(".drum[data-state=ready]")
    assert page.locator(".drum[data-state=ready]").get_attribute("data-kind") == "snare"
    assert np.abs(fetched[0]).max() > 0.02


def test_all_keys_are_prepared_in_one_job(open_studio: OpenStudio) -> None:
    page = open_studio("Sound")
    fetched = sounds_of(page)
    page.get_by_role("button", name="Prepare all keys").click()
    expect(page.locator(".key[data-state=ready]")).to_have_count(25, timeout=240_000)
    assert len(fetched) == 1
