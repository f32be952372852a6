"""Servers for tests: processes with folders of their own, and what asks them."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.server.odd_worker import CARD

ROOT = Path(__file__).parents[2]
TOKEN = "a token of the tests"
HALF = {"strokes": [[[1, 2], [3, 4.5]], [[5, 6]]], "size": [10, 10]}

ODD_WORKER = (sys.executable, "-m", "tests.server.odd_worker")

START = """
import json, sys
from creative_gen.server.limits import Limits
from creative_gen.server.serving import Settings, serve
given = json.loads(sys.argv[1])
limits = Limits(**given.pop("limits"))
serve(Settings(limits=limits, **given), lambda address: print(address, flush=True))
"""


@dataclass
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        return str(self.json["error"]["code"])


@dataclass
class Started:
    """A running server.

    Args:
        process: Popen.
        folder: Path. Its `runtime`, `data` and `assets` are there, and `log`.
    """

    process: subprocess.Popen[str]
    folder: Path
    _connection: http.client.HTTPConnection | None = field(default=None)

    @property
    def announced(self) -> dict[str, Any]:
        return dict(json.loads((self.folder / "runtime" / "server.json").read_text("utf-8")))

    @property
    def port(self) -> int:
        return int(self.announced["url"].rpartition(":")[2])

    def ask(
        self,
        method: str,
        path: str,
        body: bytes | str | None = None,
        headers: Mapping[str, str] | None = None,
        token: str | None = TOKEN,
    ) -> Answer:
        """Ask on a connection that is kept."""
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        given = {"Authorization": f"Bearer {token}"} if token else {}
        try:
            self._connection.request(method, path, body, {**given, **(headers or {})})
            answer = self._connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        except BaseException:
            self._connection.close()
            self._connection = None
            raise

    def post(self, document: Any, path: str = "/v1/jobs") -> Answer:
        return self.ask("POST", path, json.dumps(document), {"Content-Type": "application/json"})

    def submit(self, wish: str | None = None, seed: int | None = 1, **given: Any) -> dict[str, Any]:
        """Ask for a drawing to be finished; the job document."""
        options = {"category": wish, "seed": seed, "count": 1}
        request = {"task": "sketch.complete", "inputs": {"sketch": {"sketch": HALF}}}
        answer = self.post(request | {"options": options} | given)
        assert answer.status == 202, answer.body
        assert answer.headers["Location"] == f"/v1/jobs/{answer.json['id']}"
        return dict(answer.json)

    def end_of(self, job: Mapping[str, Any]) -> dict[str, Any]:
        """The document of a job that has ended."""
        for _ in range(4):
            document = self.ask("GET", f"/v1/jobs/{job['id']}?wait=15").json
            if document["state"] not in ("queued", "running"):
                return dict(document)
        raise AssertionError(document)

    def until(self, job: Mapping[str, Any], state: str = "running") -> dict[str, Any]:
        """The document of a job, as soon as it has a state."""
        document = dict(job)
        while document["state"] != state:
            path = f"/v1/jobs/{job['id']}?wait=15&since={document['revision']}"
            document = self.ask("GET", path).json
        return document

    def worker(self) -> int:
        """The process id of its worker."""
        path = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        while not path.read_text("ascii").split():
            time.sleep(0.02)
        return int(path.read_text("ascii").split()[0])

    def stop(self, number: int = signal.SIGTERM) -> int:
        """End it; its status."""
        self.disconnect()
        self.process.send_signal(number)
        try:
            return self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise

    def disconnect(self) -> None:
        if self._connection:
            self._connection.close()
            self._connection = None

    def log(self) -> str:
        return (self.folder / "log").read_text("utf-8")


def folders(folder: Path) -> dict[str, str]:
    """The environment of a server with folders of its own."""
    (folder / "runtime").mkdir(mode=0o700, exist_ok=True)
    return os.environ | {
        "CREATIVE_GEN_RUNTIME_DIR": str(folder / "runtime"),
        "CREATIVE_GEN_DATA": str(folder / "data"),
        "CREATIVE_GEN_ASSETS": str(folder / "assets"),
        "PYTHONPATH": str(ROOT),
    }


def write_odd_asset(folder: Path, name: str = "odd", megabytes: int = 1) -> None:
    """Write an asset for the odd worker into the folder of a server."""
    asset = folder / "assets" / name
    asset.mkdir(parents=True, exist_ok=True)
    (asset / "card.toml").write_text(CARD.format(name=name, megabytes=megabytes), "utf-8")


def start(
    folder: Path,
    limits: Mapping[str, Any] | None = None,
    environment: Mapping[str, str] | None = None,
    **settings: Any,
) -> Started:
    """Start a server with the odd worker, in a folder."""
    if not (folder / "assets").exists():
        write_odd_asset(folder)
    own = {"token": TOKEN, "limits": dict(limits or {}), "worker": ODD_WORKER}
    given = json.dumps(own | settings)
    with (folder / "log").open("a") as log:
        process = subprocess.Popen(
            [sys.executable, "-W", "error", "-c", START, given],
            env={**folders(folder), **(environment or {})},
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )
    assert process.stdout is not None
    # It answers as soon as it has told its address.
    assert process.stdout.readline(), (folder / "log").read_text("utf-8")
    return Started(process, folder)
