"""Blender with the add-on, installed into a folder as `creative-gen plugins install` does."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from creative_gen.tools.plugin import find_plugin
from tests.plugins.conftest import Server, needs

Blender = Callable[..., str]


@pytest.fixture(scope="session")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of Blender's user scripts with the add-on in it."""
    needs("blender")
    folder = tmp_path_factory.mktemp("blender")
    for name, content in find_plugin("blender").files().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return folder


@pytest.fixture
def blender(scripts: Path, server: Server, tmp_path: Path) -> Blender:
    """Runs a script of `inside/` in Blender, by default without a window: blender("pictures")."""

    def run(
        name: str,
        *arguments: str,
        environment: dict[str, str] | None = None,
        start: tuple[str, ...] = ("blender", "-b"),
    ) -> str:
        script = Path(__file__).parent / "inside" / f"{name}.py"
        command = [*start, "--factory-startup", "--python-exit-code", "1"]
        ended = subprocess.run(
            [*command, "-P", str(script), "--", *arguments],
            env=(environment or server.environment)
            | {"BLENDER_USER_SCRIPTS": str(scripts), "PYTHONDONTWRITEBYTECODE": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            cwd=tmp_path,
            timeout=400,
            check=False,
            text=True,
        )
        assert ended.returncode == 0, ended.stdout
        return ended.stdout

    return run
