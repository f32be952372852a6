"""A server that answers as the wire says, with jobs that a test moves on."""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

CAPABILITIES = {
    "version": "0.5.0",
    "api": 1,
    "tasks": [],
    "assets": [{"name": "colors"}],
    "limits": {"blob_bytes": 1000, "sketch_points": 100, "queue": 8},
}


class StandIn(ThreadingHTTPServer):
    """The server's state; tests look into it and change it."""

    daemon_threads = True
    # Each answer leaves at once: it is small, and followed by none.
    disable_nagle_algorithm = True

    def __init__(self, token: str = "secret", api: int = 1) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.token, self.api = token, api
        self.name = "creative_gen"
        self.delay = 0.0
        self.gone = False
        self.connections = 0
        self.nodelay: list[int] = []
        self.asked: list[str] = []
        self.blobs: dict[str, bytes] = {}
        self.jobs: dict[str, dict[str, Any]] = {}
        self.requests: list[dict[str, Any]] = []
        self.refusal: tuple[int, dict[str, Any]] | None = None
        self.changed = threading.Condition()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def describe(self, folder: Path) -> None:
        """Write `server.json`."""
        document = {"url": self.url, "token": self.token, "pid": 1, "version": "0.5.0"}
        (folder / "server.json").write_text(json.dumps(document | {"api": self.api}))

    def move(self, job: str, **change: Any) -> None:
        """Change a job, and wake who waits for it."""
        with self.changed:
            self.jobs[job] |= change | {"revision": self.jobs[job]["revision"] + 1}
            self.changed.notify_all()


@contextmanager
def running(**given: Any) -> Iterator[StandIn]:
    server = StandIn(**given)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class Answering(BaseHTTPRequestHandler):
    """One connection."""

    protocol_version = "HTTP/1.1"
    server: StandIn

    def setup(self) -> None:
        self.disable_nagle_algorithm = True
        self.server.connections += 1
        super().setup()

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        address = urlsplit(self.path)
        kind, _, name = address.path.removeprefix("/v1/").partition("/")
        if kind == "health":
            time.sleep(self.server.delay)
            self.say(200, {"name": self.server.name, "version": "0.5.0"} | self.api("ready"))
        elif self.allowed():
            if kind == "capabilities":
                self.say(200, CAPABILITIES)
            elif kind == "blobs":
                self.say_bytes(200, self.server.blobs[name])
            elif kind == "jobs" and name in self.server.jobs:
                self.say(200, self.awaited(name, parse_qs(address.query)))
            elif kind == "history":
                self.say(200, {"jobs": list(self.server.jobs.values()), "more": False})
            else:
                self.refuse(404, "unknown_job")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if not self.allowed():
            return
        if self.server.refusal:
            self.say(*self.server.refusal)
        elif self.path == "/v1/blobs":
            name = hashlib.sha256(body).hexdigest()
            self.server.blobs[name] = body
            kind = self.headers["Content-Type"]
            self.say(201, {"id": name, "bytes": len(body), "content_type": kind})
        else:
            self.server.requests.append(json.loads(body))
            job = {"id": f"job{len(self.server.jobs)}", "revision": 1, "state": "queued"}
            job |= {"place": 1, "progress": 0.0, "preview": [], "results": [], "error": None}
            self.server.jobs[job["id"]] = job
            self.say(202, job)

    def do_DELETE(self) -> None:
        if self.allowed():
            name = self.path.rsplit("/", 1)[-1]
            if self.server.jobs[name]["state"] in ("done", "failed", "cancelled"):
                self.refuse(409, "job_ended")
            else:
                self.server.move(name, state="cancelled")
                self.say(200, self.server.jobs[name])

    def api(self, state: str) -> dict[str, Any]:
        return {"api": self.server.api, "state": state}

    def allowed(self) -> bool:
        self.server.asked.append(f"{self.command} {self.path}")
        if self.headers["Authorization"] == f"Bearer {self.server.token}":
            return True
        self.refuse(401, "wrong_token")
        return False

    def awaited(self, name: str, query: dict[str, list[str]]) -> dict[str, Any]:
        since, wait = int(query["since"][0]), float(query["wait"][0])
        with self.server.changed:
            self.server.changed.wait_for(lambda: self.server.jobs[name]["revision"] > since, wait)
            return dict(self.server.jobs[name])

    def refuse(self, status: int, code: str) -> None:
        error = {"code": code, "message": f"A sentence on {code}.", "hint": "A fix."}
        self.say(status, {"error": error | {"retryable": False}})

    def say(self, status: int, document: Any) -> None:
        self.say_bytes(status, json.dumps(document).encode())

    def say_bytes(self, status: int, content: bytes) -> None:
        if self.server.gone:
            self.close_connection = True
            return
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        # A test may have stopped waiting.
        with suppress(BrokenPipeError):
            self.wfile.write(content)
