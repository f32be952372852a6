"""Runs the command line in this process: a process of its own takes a second to start."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PIL import Image

from creative_gen.cli.main import main
from creative_gen.engine import registry
from tests import toy_pictures, toy_sound, toy_tinter
from tests.toy_assets import HALF_A_DRAWING_SVG, write_toy_asset
from tests.toy_latent_assets import TOY_DRAWINGS, TOY_NOISE, TOY_TILES, write_latent


@dataclass(frozen=True)
class Ran:
    """How a command ended, and what it printed."""

    status: int | str | None
    stdout: str
    stderr: str


Run = Callable[..., Ran]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, which has a drawing, `half.svg`; there is one asset, "toy"."""
    assets = tmp_path / "assets"
    write_toy_asset(assets)
    monkeypatch.setenv("CREATIVE_GEN_ASSETS", str(assets))
    monkeypatch.setattr("creative_gen.store.finder.builtin_assets", lambda: tmp_path / "none")
    here = tmp_path / "here"
    here.mkdir()
    (here / "half.svg").write_bytes(HALF_A_DRAWING_SVG)
    monkeypatch.chdir(here)
    return here


@pytest.fixture
def sines(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder; there is a family that plays sines, and its asset "sines"."""
    monkeypatch.setattr(registry, "entry_points", registry.entry_points)
    toy_sound.install()
    toy_sound.write_sine_asset(folder.parent / "assets")
    return folder


@pytest.fixture
def tints(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with pictures; there is a family that tints and repeats pixels.

    Its assets are "photos" and "artwork", of the kinds "photo" and "artwork".
    """
    monkeypatch.setattr(registry, "entry_points", registry.entry_points)
    toy_tinter.install()
    first = ["image.colorize", "image.upscale"]
    toy_tinter.write_tinter(folder.parent / "assets", "photos", "photo", first_for=first)
    toy_tinter.write_tinter(folder.parent / "assets", "artwork", "artwork")
    drawn = {
        "photo.jpg": toy_pictures.photo(),
        "art.png": toy_pictures.clip_art(),
        "tile.png": toy_pictures.tile(),
        "line.png": toy_pictures.line_drawing(),
        "hints.png": toy_pictures.hints(),
    }
    for name, pixels in drawn.items():
        Image.fromarray(pixels).save(folder / name)
    return folder


@pytest.fixture(scope="session")
def latent_assets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of assets, written once: "doodles", "tiles", and "noise", which takes no picture."""
    assets = tmp_path_factory.mktemp("latent")
    write_latent(assets, "doodles", settings=TOY_DRAWINGS)
    write_latent(assets, "tiles", settings=TOY_TILES)
    write_latent(assets, "noise", settings=TOY_NOISE, landmarks=0)
    return assets


@pytest.fixture
def latents(latent_assets: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with pictures; there are the `latent_assets`."""
    monkeypatch.setenv("CREATIVE_GEN_ASSETS", str(latent_assets))
    monkeypatch.setattr("creative_gen.store.finder.builtin_assets", lambda: tmp_path / "none")
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    for seed, name in enumerate(("a.png", "b.png", "c.png")):
        Image.fromarray(toy_pictures.line_drawing(40, seed)).save(here / name)
    Image.fromarray(toy_pictures.photo(30, 30)).save(here / "photo.jpg")
    Image.fromarray(toy_pictures.tile()).save(here / "tile.png")
    return here


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Iterator[Run]:
    """Function that runs a command."""

    def ran(*arguments: object) -> Ran:
        with pytest.raises(SystemExit) as ended:
            main([str(argument) for argument in arguments])
        return Ran(ended.value.code, *capsys.readouterr())

    yield ran
    gc.enable()
