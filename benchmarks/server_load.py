"""Many clients at once: what is lost, swapped or refused, and whether memory stays as it is.

    python benchmarks/server_load.py [--clients 64] [--seconds 60] [--kills 10]

A server of its own runs with the shipped assets. Each client completes drawings of its own, one
after another, over a connection of its own, and looks for its own strokes in what comes back.
Meanwhile the worker is killed now and then. Memory is the resident memory that /proc tells.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import random
import signal
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

SETTLING = 10.0
"""Seconds after which memory is to stay as it is."""

YOUNG = 5.0
"""Seconds for which a new worker is still loading its models."""


@dataclass
class Address:
    """Where a server is, and the token that it asks for."""

    port: int
    token: str
    pid: int


@dataclass
class Load:
    """What has come of a load.

    Args:
        seconds: how long each job took, from being asked for to its end, queue included.
        counts: jobs by how they ended: `done`, or the code of an error; `queue_full` are refusals.
        wrong: what must not be: results that are another's, answers that were no answers.
        server: resident bytes of the server, by seconds since the start.
        worker: those of the worker, unless it has just been started.
        kills: how often the worker was killed.
    """

    seconds: list[float] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    server: dict[float, int] = field(default_factory=dict)
    worker: dict[float, int] = field(default_factory=dict)
    kills: int = 0

    def spread(self, memory: dict[float, int], since: float = SETTLING) -> float:
        """How far memory is from its median, at most, after it has settled; a fraction."""
        settled = [size for at, size in memory.items() if at >= since]
        middle = statistics.median(settled)
        return max(abs(size - middle) for size in settled) / middle


class Client(threading.Thread):
    """Asks for one job after another until a time."""

    def __init__(self, number: int, address: Address, until: float, load: Load) -> None:
        super().__init__()
        self._number = number
        self._random = random.Random(number)
        self._address = address
        self._until = until
        self._load = load

    def run(self) -> None:
        """Ask; whatever is raised is wrong."""
        connection = http.client.HTTPConnection("127.0.0.1", self._address.port, timeout=60)
        try:
            while time.monotonic() < self._until:
                self._draw(connection)
        except Exception as error:
            self._load.wrong.append(f"client {self._number}: {type(error).__name__}: {error}")
        finally:
            connection.close()

    def _draw(self, connection: http.client.HTTPConnection) -> None:
        strokes = self._strokes()
        sketch = {"strokes": strokes, "size": [256, 256]}
        options = {"count": 1, "best_of": 1, "category": "cat"}
        request = {"task": "sketch.complete", "inputs": {"sketch": {"sketch": sketch}}}
        began = time.monotonic()
        status, job = self._ask(connection, "POST", "/v1/jobs", request | {"options": options})
        if status == 429:
            self._load.counts[job["error"]["code"]] += 1
            time.sleep(self._random.uniform(0.1, 0.5))
            return
        if status != 202:
            self._load.wrong.append(f"POST answered {status}: {job}")
            return
        while job["state"] in ("queued", "running"):
            status, job = self._ask(connection, "GET", f"/v1/jobs/{job['id']}?wait=30")
            if status != 200:
                self._load.wrong.append(f"GET answered {status}: {job}")
                return
        self._load.seconds.append(time.monotonic() - began)
        self._load.counts["done" if job["state"] == "done" else job["error"]["code"]] += 1
        if job["state"] == "done":
            made = job["results"][0]["sketch"]["strokes"]
            if made[: len(strokes)] != strokes:
                self._load.wrong.append(f"client {self._number} got what is not its own")

    def _strokes(self) -> list[list[list[float]]]:
        """Two strokes that no other client draws, of numbers that float32 holds."""
        points = [[float(self._number), self._random.randrange(512) / 2]]
        points += [[self._random.randrange(512) / 2 for _ in "xy"] for _ in range(6)]
        return [points[:4], points[4:]]

    def _ask(
        self, connection: http.client.HTTPConnection, method: str, path: str, body: Any = None
    ) -> tuple[int, dict[str, Any]]:
        headers = {"Authorization": f"Bearer {self._address.token}"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())


def put_under_load(address: Address, clients: int, seconds: float, kills: int) -> Load:
    """Let clients ask for a time, kill the worker now and then, and watch."""
    load, began = Load(), time.monotonic()
    threads = [Client(number, address, began + seconds, load) for number in range(clients)]
    for thread in threads:
        thread.start()
    pauses = [(kill + 0.5) * seconds / kills for kill in range(kills)]
    worker, since = worker_of(address.pid), began
    while time.monotonic() < began + seconds:
        now = time.monotonic()
        if worker_of(address.pid) != worker:
            worker, since = worker_of(address.pid), now
        if pauses and now - began >= pauses[0] and worker is not None:
            pauses.pop(0)
            os.kill(worker, signal.SIGKILL)
            load.kills += 1
        load.server[now - began] = resident(address.pid)
        if worker is not None and now - since >= YOUNG:
            load.worker[now - began] = resident(worker)
        time.sleep(0.2)
    for thread in threads:
        thread.join()
    load.worker = {at: size for at, size in load.worker.items() if size}
    return load


def worker_of(pid: int) -> int | None:
    """The worker's process id; None while there is none."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split()
    except OSError:
        return None
    return int(children[0]) if children else None


def resident(pid: int) -> int:
    """Resident bytes of a process; 0 if it is gone."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


@contextmanager
def serving(*arguments: str) -> Iterator[Address]:
    """A server with folders of its own, whose models are warm."""
    with tempfile.TemporaryDirectory() as folder:
        runtime = Path(folder, "runtime")
        runtime.mkdir(mode=0o700)
        folders = {"CREATIVE_GEN_RUNTIME_DIR": str(runtime), "CREATIVE_GEN_DATA": f"{folder}/data"}
        command = [sys.executable, "-m", "creative_gen.cli.main", "serve", *arguments]
        process = subprocess.Popen(
            command, env=os.environ | folders, stdout=subprocess.PIPE, text=True
        )
        try:
            assert process.stdout is not None and process.stdout.readline()
            told = json.loads((runtime / "server.json").read_text("utf-8"))
            port = int(told["url"].rpartition(":")[2])
            address = Address(port, told["token"], process.pid)
            _wait_until_warm(address)
            yield address
        finally:
            process.terminate()
            process.wait(30)


def _wait_until_warm(address: Address) -> None:
    client = Client(0, address, 0.0, Load())
    connection = http.client.HTTPConnection("127.0.0.1", address.port, timeout=60)
    loaded = False
    while not loaded:
        _, capabilities = client._ask(connection, "GET", "/v1/capabilities")
        loaded = any(asset["loaded"] for asset in capabilities["assets"])
        time.sleep(0.1)
    connection.close()


def main() -> None:
    """Print what came of it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--clients", type=int, default=64)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--kills", type=int, default=10)
    asked = parser.parse_args()
    with serving() as address:
        load = put_under_load(address, asked.clients, asked.seconds, asked.kills)
    print(f"{asked.clients} clients, {asked.seconds:g} s, {load.kills} workers killed")
    print(f"jobs: {', '.join(f'{count} {name}' for name, count in load.counts.most_common())}")
    ordered = sorted(load.seconds)
    late = ordered[int(len(ordered) * 0.95)]
    print(
        f"{load.counts['done'] / asked.seconds:.1f} done a second; "
        f"{statistics.median(ordered):.2f} s p50, {late:.2f} s p95, with the queue"
    )
    for name, memory in (("server", load.server), ("worker", load.worker)):
        if any(at >= SETTLING for at in memory):
            middle = statistics.median(memory.values()) / 2**20
            print(f"memory of the {name}: {middle:.0f} MiB, +-{load.spread(memory):.1%} after 10 s")
    print(f"wrong: {len(load.wrong)}", *load.wrong[:10], sep="\n  ")


if __name__ == "__main__":
    main()
