from __future__ import annotations

from pathlib import Path

import pytest

from tests.plugins.blender.conftest import Blender
from tests.plugins.conftest import ROOT, needs, own_folders

pytestmark = pytest.mark.tool


def test_drawings(blender: Blender) -> None:
    assert "DRAWINGS DONE" in blender("drawings")


def test_pictures(blender: Blender) -> None:
    assert "PICTURES DONE" in blender("pictures", str(ROOT / "examples"))


def test_errors(blender: Blender, tmp_path: Path) -> None:
    environment = own_folders(tmp_path / "own") | {"PATH": "/usr/bin:/bin"}
    assert "ERRORS DONE" in blender("errors", environment=environment)


def test_window_goes_on(blender: Blender) -> None:
    needs("xvfb-run")
    screen = ("xvfb-run", "-a", "-s", "-screen 0 800x600x24")
    window = (
        "blender",
        "--enable-event-simulate",
        "--no-window-focus",
        "-p",
        "0",
        "0",
        "800",
        "600",
    )
    assert "WINDOW DONE" in blender("window", start=(*screen, *window))
