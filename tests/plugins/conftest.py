"""What tests of tool plugins share: the real applications, and a real server."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CLIENT = ROOT / "plugins" / "client"


def needs(*names: str) -> str:
    """The path of the first of these programs that is installed; to be called in a fixture.

    Without it the test is skipped, and where CI=true it fails.
    """
    for name in names:
        if found := shutil.which(name):
            return found
    reason = f"{' or '.join(names)} is not installed: make tools"
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@dataclass(frozen=True)
class Server:
    """A server with folders of its own.

    Args:
        runtime: Path. Where `server.json` is.
        data: Path. Where its history is.
        environment: what a process needs that should find it.
        url: str. Where it listens.
        token: str. What it asks for.
        process: Popen.
        log: Path. What it said.
    """

    runtime: Path
    data: Path
    environment: dict[str, str]
    url: str
    token: str
    process: subprocess.Popen[bytes]
    log: Path

    def stop(self) -> None:
        """Ask it to stop, and wait until it did."""
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def own_folders(folder: Path) -> dict[str, str]:
    """An environment in which a server and its clients meet in `folder`, and nobody else."""
    folder.mkdir(parents=True, exist_ok=True)
    run = folder / "run"
    for path in (run, runtime_of(folder)):
        path.mkdir(mode=0o700, exist_ok=True)
    inherited = {k: v for k, v in os.environ.items() if k != "CREATIVE_GEN_RUNTIME_DIR"}
    return inherited | {
        "XDG_RUNTIME_DIR": str(run),
        "CREATIVE_GEN_DATA": str(folder / "server-data"),
        "PYTHONPATH": str(ROOT),
    }


def runtime_of(folder: Path) -> Path:
    """Where `server.json` is in the environment of `own_folders`."""
    return folder / "run" / "creative_gen"


def start_server(folder: Path, *arguments: str) -> Server:
    """A server of this checkout that is ready, with its folders in `folder`."""
    environment = own_folders(folder)
    runtime, log = runtime_of(folder), folder / "server.log"
    command = [sys.executable, "-m", "creative_gen.cli.main", "serve", *arguments]
    with log.open("wb") as said:
        process = subprocess.Popen(
            command, env=environment, cwd=folder, stdout=said, stderr=subprocess.STDOUT
        )
    document = _described(runtime / "server.json", process, log)
    return Server(
        runtime,
        Path(environment["CREATIVE_GEN_DATA"]),
        environment,
        document["url"],
        document["token"],
        process,
        log,
    )


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    """A screen that nobody sees: the DISPLAY for an application's process.

    Its number is drawn, because those that look for the first free one, as `xvfb-run -a` does,
    take the same when two look at once, or that of one that is just ending.
    """
    xvfb = needs("Xvfb")
    for _ in range(5):
        name = f":{random.SystemRandom().randrange(200, 50000)}"
        process, ready = _screen(xvfb, name)
        if ready:
            yield name
        process.terminate()
        process.wait()
        if ready:
            return
    pytest.fail("Xvfb did not start")


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server for all tests of plugins; stop it nowhere: `start_server` makes one of your own."""
    started = start_server(tmp_path_factory.mktemp("server"))
    yield started
    started.stop()


def _screen(xvfb: str, name: str) -> tuple[subprocess.Popen[bytes], bool]:
    """Xvfb, and whether it takes connections: it writes its number when it does."""
    reading, writing = os.pipe()
    # Without -noreset it lets nobody in for a moment whenever its last client has gone.
    command = [xvfb, name, "-noreset", "-displayfd", str(writing), "-screen", "0", "1280x800x24"]
    process = subprocess.Popen(
        [*command, "-nolisten", "tcp"],
        pass_fds=[writing],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with open(reading) as said:
        return process, bool(said.readline().strip())


def _described(file: Path, process: subprocess.Popen[bytes], log: Path) -> dict[str, str]:
    """The content of `server.json`, when the server behind it answers."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        if file.exists():
            document = json.loads(file.read_text("utf-8"))
            if document["pid"] == process.pid and _ready(document["url"]):
                return document
        time.sleep(0.1)
    process.kill()
    process.wait()
    pytest.fail(f"The server did not start: {log.read_text('utf-8', 'replace')}")


def _ready(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/v1/health", timeout=5) as answer:
            return json.load(answer)["state"] == "ready"
    except OSError:
        return False
