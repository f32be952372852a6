"""GIMP without a screen, with the plug-in installed in a folder of its own."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from tests import toy_pictures
from tests.plugins.conftest import ROOT, Server, needs, own_folders

SCRIPTS = ROOT / "plugins" / "gimp" / "scripts"
SECONDS = 120

# What a test may call besides the plug-in.
TOOLS = """
(define (opened path) (car (gimp-file-load RUN-NONINTERACTIVE path path)))
(define (active image) (car (gimp-image-get-active-layer image)))
(define (saved image path)
  (gimp-xcf-save RUN-NONINTERACTIVE image (active image) path path))
(define (exported image layer path)
  (file-png-save RUN-NONINTERACTIVE image layer path path 0 9 0 0 0 0 0))
(define (layer-at image place) (vector-ref (cadr (gimp-image-get-layers image)) place))
(define (newest) (vector-ref (cadr (gimp-image-list)) 0))
"""


@dataclass(frozen=True)
class Gimp:
    """GIMP as a command.

    Args:
        program: str. Its console.
        here: Path. The current folder, with `line.png` and others.
        environment: what it finds the server with.
    """

    program: str
    here: Path
    environment: dict[str, str]

    def command(self, script: str) -> list[str]:
        """The command line that runs a script, and ends."""
        (self.here / "script.scm").write_text(TOOLS + script, "utf-8")
        options = ["--no-interface", "--no-data", "--no-fonts", "--console-messages"]
        return [self.program, *options, "-b", '(load "script.scm")', "-b", "(gimp-quit 1)"]

    def run(self, script: str) -> str:
        """Run a script, and give what GIMP has said."""
        ran = subprocess.run(
            self.command(script),
            cwd=self.here,
            env=self.environment,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=SECONDS,
        )
        assert "batch command experienced" not in ran.stdout, ran.stdout
        return ran.stdout


def gimp_in(folder: Path, settings: Path, environment: dict[str, str]) -> Gimp:
    """GIMP with pictures to work on, in a folder of its own."""
    here = folder / "here"
    here.mkdir()
    drawn = {
        "line.png": toy_pictures.line_drawing(),
        "tile.png": toy_pictures.tile(),
        "hints.png": toy_pictures.hints(),
    }
    for name, pixels in drawn.items():
        Image.fromarray(pixels).save(here / name)
    Image.fromarray(toy_pictures.photo(60, 80)).convert("L").save(here / "grey.png")
    Image.fromarray(toy_pictures.clip_art()).quantize(16).save(here / "palette.png")
    own = {"GIMP2_DIRECTORY": str(settings), "XDG_CONFIG_HOME": str(folder / "config")}
    return Gimp(needs("gimp-console-2.10"), here, environment | own)


@pytest.fixture(scope="session")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """GIMP's own folder, with the plug-in; what GIMP finds out at its first start stays there."""
    folder = tmp_path_factory.mktemp("gimp")
    (folder / "scripts").mkdir()
    for script in SCRIPTS.glob("*.scm"):
        (folder / "scripts" / script.name).write_bytes(script.read_bytes())
    return folder


@pytest.fixture
def gimp(tmp_path: Path, settings: Path, server: Server) -> Gimp:
    """GIMP beside a running server."""
    return gimp_in(tmp_path, settings, server.environment)


@pytest.fixture
def lonely_gimp(tmp_path: Path, settings: Path) -> Gimp:
    """GIMP where no server runs."""
    return gimp_in(tmp_path, settings, own_folders(tmp_path))
