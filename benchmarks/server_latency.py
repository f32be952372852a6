"""Round trips to a warm server on this machine: a look at its health, and a finished sketch.

    python benchmarks/server_latency.py

A server of its own runs with the shipped assets. Health is asked for 2,000 times over one
connection. A sketch is a job for one completion of half a cat, from its request to the end of the
long poll that has the drawing, 200 times; then with `best_of` 1, as a first suggestion is. The CPU
time is that of the server and of its worker, which tells more where other programs run.
"""

from __future__ import annotations

import http.client
import json
import os
import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from server_load import Address, serving, worker_of

from creative_gen.media.svg_reader import read_svg

HALF_A_CAT = Path(__file__).parents[1] / "examples" / "half-a-cat.svg"
WARM_UP = 10
TIMES = 200


class Connection:
    """A connection to the server that is kept."""

    def __init__(self, address: Address) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", address.port, timeout=60)
        self._headers = {
            "Authorization": f"Bearer {address.token}",
            "Content-Type": "application/json",
        }

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """The answer's document."""
        content = None if body is None else json.dumps(body)
        self._connection.request(method, path, content, self._headers)
        return json.loads(self._connection.getresponse().read())


def milliseconds(action: Callable[[], object], times: int) -> list[float]:
    """How long it took each time, after some times that do not count."""
    taken = []
    for _ in range(WARM_UP + times):
        began = time.perf_counter()
        action()
        taken.append(1000 * (time.perf_counter() - began))
    return sorted(taken[WARM_UP:])


def cpu_seconds(address: Address) -> tuple[float, float]:
    """CPU time that the server and its worker have used."""
    pids = address.pid, worker_of(address.pid)
    fields = [
        Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split() for pid in pids
    ]
    ticks = os.sysconf("SC_CLK_TCK")
    server, worker = ((int(one[11]) + int(one[12])) / ticks for one in fields)
    return server, worker


def tell(name: str, taken: list[float]) -> None:
    """Print a line."""
    late = taken[int(len(taken) * 0.95)]
    print(f"{name:44}{statistics.median(taken):8.2f} ms p50{late:8.2f} ms p95", flush=True)


def main() -> None:
    """Print a line a kind of round trip."""
    sketch = read_svg(HALF_A_CAT).sketch
    drawing = {"strokes": [one.tolist() for one in sketch.strokes], "size": list(sketch.size)}
    request = {"task": "sketch.complete", "inputs": {"sketch": {"sketch": drawing}}}
    with serving() as address:
        connection = Connection(address)

        def complete(**options: Any) -> None:
            wish = {"category": "cat", "count": 1, **options}
            job = connection.ask("POST", "/v1/jobs", request | {"options": wish})
            job = connection.ask("GET", f"/v1/jobs/{job['id']}?wait=30")
            assert job["state"] == "done", job

        health = milliseconds(lambda: connection.ask("GET", "/v1/health"), 2000)
        tell("GET /v1/health", health)
        capabilities = milliseconds(lambda: connection.ask("GET", "/v1/capabilities"), 200)
        tell("GET /v1/capabilities", capabilities)
        for name, wish in (("one", {}), ("one, best_of 1", {"best_of": 1})):
            before = cpu_seconds(address)
            tell(f"sketch.complete, {name}", milliseconds(partial(complete, **wish), TIMES))
            used = [
                1000 * (now - then) for now, then in zip(cpu_seconds(address), before, strict=True)
            ]
            server, worker = (one / (WARM_UP + TIMES) for one in used)
            print(f"{'':44}{server:8.2f} ms CPU of the server, {worker:.2f} ms of the worker")


if __name__ == "__main__":
    main()
