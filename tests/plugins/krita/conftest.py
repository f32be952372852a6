"""The real Krita, with the plugin as `creative-gen plugins install` puts it there."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from creative_gen.tools.ini_file import set_ini_value
from tests.plugins.conftest import ROOT, needs, own_folders, runtime_of

LONGEST = 200
"""Seconds; the driver ends Krita before."""
DRIVER = "creative_gen_driver"
DESKTOP = f"""[Desktop Entry]
Type=Service
ServiceTypes=Krita/PythonPlugin
X-KDE-Library={DRIVER}
X-Python-2-Compatible=false
Name=Driver
"""


def home(folder: Path) -> dict[str, str]:
    """An environment in which Krita and the server keep everything in `folder`."""
    environment = own_folders(folder)
    for name in ("data", "config", "cache"):
        (folder / name).mkdir()
        environment[f"XDG_{name.upper()}_HOME"] = str(folder / name)
    return environment | {"HOME": str(folder), "LC_ALL": "C.UTF-8"}


def creative_gen(environment: dict[str, str], *arguments: str) -> str:
    """Run the command line."""
    command = [sys.executable, "-m", "creative_gen.cli.main", *arguments]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def seen(tmp_path_factory: pytest.TempPathFactory, display: str) -> Iterator[dict[str, Any]]:
    """What the driver saw in Krita; `folder` is where its screenshots are."""
    krita = needs("krita")
    folder = tmp_path_factory.mktemp("krita")
    environment = home(folder)
    creative_gen(environment, "plugins", "install", "krita")
    pykrita = folder / "data" / "krita" / "pykrita"
    (pykrita / DRIVER).mkdir()
    (pykrita / f"{DRIVER}.desktop").write_text(DESKTOP)
    shutil.copy(Path(__file__).with_name("driver.py"), pykrita / DRIVER / "__init__.py")
    for picture in ("lineart.png", "hints.png"):
        shutil.copy(ROOT / "examples" / picture, folder)
    set_ini_value(folder / "config" / "kritarc", "python", f"enable_{DRIVER}", "true")
    environment = {k: v for k, v in environment.items() if k != "PYTHONPATH"}
    with (folder / "krita.log").open("wb") as log:
        started = subprocess.Popen(
            [krita, "--nosplash"],
            env=environment | {"DRIVER_FOLDER": str(folder), "DISPLAY": display},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        started.wait(LONGEST)
    except subprocess.TimeoutExpired:
        started.kill()
        started.wait()
    try:
        found = json.loads((folder / "seen.json").read_text())
        yield found | {"folder": folder, "environment": environment}
    finally:
        stop_server(runtime_of(folder))


def stop_server(runtime: Path) -> None:
    """Stop the server that the docker started: it outlives Krita."""
    with suppress(FileNotFoundError, ProcessLookupError):
        pid = json.loads((runtime / "server.json").read_text())["pid"]
        os.kill(pid, signal.SIGTERM)
        for _ in range(100):
            os.kill(pid, 0)
            time.sleep(0.1)
        os.kill(pid, signal.SIGKILL)
