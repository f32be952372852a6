"""The example of docs/add-a-tool.md, as its reader runs it."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from tests.plugins.conftest import CLIENT, ROOT, Server, own_folders

EXAMPLE = ROOT / "examples" / "plugin" / "color_picture.py"


@pytest.fixture
def plugin(tmp_path: Path) -> list[str]:
    """The command of the example with the client beside it."""
    for file in (EXAMPLE, CLIENT / "creative_gen_client.py"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    return [sys.executable, str(tmp_path / EXAMPLE.name)]


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A grey picture, drawn for this test."""
    path = tmp_path / "grey.png"
    Image.linear_gradient("L").resize((64, 48)).save(path)
    return path


def run(
    command: list[str], *arguments: str | Path, environment: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*command, *map(str, arguments)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_example_is_short_and_shown_as_it_is() -> None:
    code = EXAMPLE.read_text("utf-8")
    assert len(code.splitlines()) < 60
    assert f"```python\n{code}```" in (ROOT / "docs" / "add-a-tool.md").read_text("utf-8")


def test_colors_a_picture(plugin: list[str], picture: Path, server: Server) -> None:
    before = picture.read_bytes()
    ended = run(plugin, picture, "--count", "2", "--seed", "5", environment=server.environment)
    assert ended.returncode == 0, ended.stderr
    made = re.findall(r"^(.*\.png) \(seed (\d+)\)$", ended.stdout, re.MULTILINE)
    assert [seed for _, seed in made] == ["5", "6"]
    assert picture.read_bytes() == before
    for path, _ in made:
        pixels = np.asarray(Image.open(path).convert("RGB"), int)
        assert pixels.shape == (48, 64, 3)
    assert {path for path, _ in made} == {str(p) for p in picture.parent.glob("grey-*.png")}


def test_options_are_those_of_the_server(plugin: list[str], server: Server) -> None:
    ended = run(plugin, "--help", environment=server.environment)
    assert "--mode {auto,tones,lines}" in ended.stdout


def test_errors_are_a_sentence_and_its_fix(
    plugin: list[str], picture: Path, server: Server, tmp_path: Path
) -> None:
    refused = run(plugin, picture, "--count", "1000", environment=server.environment)
    assert refused.returncode == 1
    assert len(refused.stderr.strip().splitlines()) == 2
    gone = run(plugin, tmp_path / "gone.png", environment=server.environment)
    assert (gone.returncode, "gone.png" in gone.stderr) == (1, True)
    nowhere = own_folders(tmp_path / "own") | {"PATH": "/usr/bin:/bin"}
    alone = run(plugin, picture, environment=nowhere)
    assert alone.returncode == 1
    assert "creative-gen serve" in alone.stderr


def test_can_be_cancelled(plugin: list[str], server: Server, tmp_path: Path) -> None:
    large = tmp_path / "large.png"
    Image.linear_gradient("L").resize((1200, 900)).save(large)
    process = subprocess.Popen(
        [*plugin, str(large), "--count", "100"],
        env=server.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    said = b""
    while b"running" not in said and process.poll() is None:
        said += process.stdout.read1()
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=60)
    assert process.returncode == 1
    assert b"cancelled" in error
    assert not list(tmp_path.glob("large-*"))
