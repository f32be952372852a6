"""Inkscape's extensions, installed into a folder as `creative-gen plugins install` does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest

from creative_gen.tools.plugin import find_plugin
from tests.plugins.conftest import Server, needs

Effect = Callable[..., subprocess.CompletedProcess[bytes]]


@pytest.fixture(scope="session")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A profile folder of Inkscape with the effects in it."""
    needs("inkscape")
    folder = tmp_path_factory.mktemp("inkscape")
    for name, content in find_plugin("inkscape").files().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    command = [sys.executable, "-m", "creative_gen.cli.main", "serve", "--warm", "none"]
    how = {"command": command, "environment": {"PYTHONPATH": str(Path(__file__).parents[3])}}
    (folder / "extensions/creative_gen/creative_gen_server.json").write_text(json.dumps(how))
    return folder


@pytest.fixture
def effect(profile: Path, tmp_path: Path, server: Server) -> Effect:
    """Calls an effect as Inkscape does: effect("finish", svg, "--id=p1", environment=...)."""
    data = subprocess.run(
        ["inkscape", "--system-data-directory"], capture_output=True, text=True, check=True
    )
    extensions = os.path.join(data.stdout.strip(), "extensions")

    def call(
        name: str, svg: str, *arguments: str, environment: dict[str, str] | None = None
    ) -> subprocess.CompletedProcess[bytes]:
        given = tmp_path / "in.svg"
        given.write_text(svg, "utf-8")
        return subprocess.run(
            # The system's Python, which Inkscape takes, and not the one that runs this.
            ["/usr/bin/python3", f"{profile}/extensions/creative_gen/{name}.py", *arguments, given],
            env=(environment or server.environment) | {"PYTHONPATH": extensions},
            capture_output=True,
            timeout=120,
            check=False,
        )

    return call


@pytest.fixture
def last_job(server: Server) -> Callable[[], dict]:
    """The newest job document of the server's history."""

    def ask() -> dict:
        request = urllib.request.Request(
            f"{server.url}/v1/history?limit=1", headers={"Authorization": f"Bearer {server.token}"}
        )
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.load(answer)["jobs"][0]

    return ask
