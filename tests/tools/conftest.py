"""A plugin for a tool that was made up, in folders of the test's own."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from creative_gen.tools.plugin import Plugin, read_plugin
from tests.plugins.conftest import CLIENT

DESCRIPTION = """
title = "Easel"
summary = "Paints"
programs = ["easel-of-a-test"]
version = ["easel-of-a-test", "--version"]
client = "scripts/paint"
afterwards = "Start Easel again."

[[files]]
from = "*.py"
to = "scripts/paint"

[[files]]
from = "paint.desktop"
to = "."

[[places]]
platform = "linux"
folder = "$EASEL_HOME/plugins"
settings = "$EASEL_HOME/easelrc"

[[places]]
platform = "linux"
folder = "~/.easel"
settings = "~/.config/easelrc"

[[places]]
platform = "linux"
folder = "~/flat/*/easel"
settings = "~/flat/easelrc"

[[settings]]
section = "python"
key = "enable_paint"
value = "true"
"""


@dataclass(frozen=True)
class Easel:
    """The tool's home and its plugin's source."""

    home: Path
    source: Path

    @property
    def plugin(self) -> Plugin:
        return read_plugin(self.source)


@pytest.fixture
def easel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Easel:
    """A tool that has run: it has a folder `~/.easel`."""
    home, plugins = tmp_path / "home", tmp_path / "plugins"
    (home / ".easel").mkdir(parents=True)
    source = plugins / "easel"
    source.mkdir(parents=True)
    (plugins / "client").mkdir()
    shutil.copy(CLIENT / "creative_gen_client.py", plugins / "client")
    (source / "plugin.toml").write_text(DESCRIPTION)
    (source / "README.md").write_text("Read me.\n")
    (source / "paint.py").write_text("PAINT = 1\n")
    (source / "paint.desktop").write_text("[Desktop Entry]\n")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("CREATIVE_GEN_DATA", str(tmp_path / "data"))
    monkeypatch.delenv("EASEL_HOME", raising=False)
    monkeypatch.setattr("creative_gen.tools.places.platform", lambda: "linux")
    monkeypatch.setattr("creative_gen.tools.plugin.plugins_folder", lambda: plugins)
    return Easel(home, source)


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}
