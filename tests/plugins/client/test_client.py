"""The client against a stand-in for the server."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.plugins.client.stand_in import StandIn, running


@pytest.fixture
def client(client_module: ModuleType, stand_in: StandIn) -> Iterator[Any]:
    with client_module.connect("mine") as connected:
        yield connected


def until(ready: Any) -> None:
    deadline = time.monotonic() + 10
    while not ready():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def finished(server: StandIn, job: Any, **change: Any) -> Any:
    until(lambda: job.poll()["id"])
    server.move(job.poll()["id"], **change)
    return job.result(10)


def test_a_job_is_sent_watched_and_fetched(client: Any, stand_in: StandIn) -> None:
    seen: list[str] = []
    sketch = {"sketch": {"strokes": [[[0, 0], [1, 1]]], "size": [2, 2]}}
    job = client.submit(
        "sketch.complete",
        {"sketch": sketch, "image": client_file(client, b"png")},
        {"count": 1},
        on_change=lambda document: seen.append(document["state"]),
        fetch=True,
    )
    until(lambda: job.poll()["state"] == "queued")
    stand_in.move("job0", state="running", progress=0.5)
    until(lambda: job.poll()["progress"] == 0.5)
    blob = client.upload(b"<svg/>", "image/svg+xml")
    document = finished(stand_in, job, state="done", results=[{"blob": blob}])
    assert job.ended and document["state"] == "done"
    assert job.file(blob) == b"<svg/>"
    assert seen == ["queued", "running", "done"]
    [request] = stand_in.requests
    assert request == {
        "task": "sketch.complete",
        "inputs": {"sketch": sketch, "image": request["inputs"]["image"]},
        "options": {"count": 1},
        "tool": "mine",
    }
    assert stand_in.blobs[request["inputs"]["image"]["blob"]] == b"png"


def client_file(client: Any, data: object) -> Any:
    return type(client).submit.__globals__["file"](data, "image/png")


def test_a_file_may_be_made_in_the_thread(client: Any, stand_in: StandIn) -> None:
    threads = []

    def made() -> bytes:
        threads.append(threading.current_thread())
        return b"png"

    job = client.submit("image.upscale", {"image": client_file(client, made)})
    finished(stand_in, job, state="done")
    assert threads[0] is not threading.current_thread()
    assert list(stand_in.blobs.values()) == [b"png"]


def test_an_input_that_cannot_be_made_ends_the_job(client: Any, stand_in: StandIn) -> None:
    def made() -> bytes:
        raise RuntimeError("no such layer")

    job = client.submit("image.upscale", {"image": client_file(client, made)})
    until(lambda: job.ended)
    error = job.poll()["error"]
    assert job.poll()["state"] == "failed" and error["code"] == "fault"
    assert "no such layer" in error["message"] and error["hint"]
    with pytest.raises(RuntimeError, match="no such layer"):
        job.result(10)
    assert not stand_in.requests


def test_the_files_of_the_document_before_are_still_there(client: Any, stand_in: StandIn) -> None:
    blobs = [client.upload(data, "image/png") for data in (b"1", b"2", b"3")]
    job = client.submit("image.upscale", fetch=True)
    until(lambda: job.poll()["id"])
    for revision, blob in enumerate(blobs):
        stand_in.move("job0", state="running", progress=revision / 4, preview=[{"blob": blob}])
        until(lambda blob=blob: [one["blob"] for one in job.poll()["preview"]] == [blob])
    assert (job.file(blobs[1]), job.file(blobs[2])) == (b"2", b"3")
    with pytest.raises(KeyError):
        job.file(blobs[0])
    finished(stand_in, job, state="done")


def test_poll_never_waits(client: Any, stand_in: StandIn) -> None:
    began = time.perf_counter()
    job = client.submit("image.generate")
    assert job.poll()["state"] in ("sending", "queued")
    assert time.perf_counter() - began < 0.5
    finished(stand_in, job, state="done")


def test_a_cancelled_job_ends_and_may_be_cancelled_twice(
    client: Any, stand_in: StandIn, client_module: ModuleType
) -> None:
    job = client.submit("image.generate")
    until(lambda: job.poll()["id"])
    job.cancel()
    job.cancel()
    with pytest.raises(client_module.CreativeGenError, match="cancelled") as caught:
        job.result(10)
    assert caught.value.code == "cancelled"
    job.cancel()
    assert sum(line.startswith("DELETE") for line in stand_in.asked) == 1


def test_cancelling_before_it_was_sent_asks_for_nothing(client: Any, stand_in: StandIn) -> None:
    held = threading.Event()
    send = client.upload
    client.upload = lambda *given: (held.wait(10), send(*given))[1]
    job = client.submit("image.upscale", {"image": client_file(client, lambda: b"png")})
    job.cancel()
    held.set()
    until(lambda: job.ended)
    assert job.poll()["state"] == "cancelled"
    assert not stand_in.requests


def test_what_failed_raises_with_its_fix(
    client: Any, stand_in: StandIn, client_module: ModuleType
) -> None:
    job = client.submit("image.generate")
    error = {"code": "worker_died", "message": "It died.", "hint": "Again.", "retryable": True}
    with pytest.raises(client_module.CreativeGenError) as caught:
        finished(stand_in, job, state="failed", error=error)
    assert caught.value.document() == error
    assert job.poll()["error"] == error


def test_a_full_queue_is_told(client: Any, stand_in: StandIn) -> None:
    error = {"code": "queue_full", "message": "Full.", "hint": "Wait.", "retryable": True}
    stand_in.refusal = (429, {"error": error})
    job = client.submit("image.generate")
    until(lambda: job.ended)
    assert job.poll()["error"] == error


def test_no_server_is_told(client_module: ModuleType, runtime: Path) -> None:
    with pytest.raises(client_module.CreativeGenError) as caught:
        client_module.connect("mine")
    assert caught.value.code == "server_not_running"
    assert caught.value.message == "The server is not running."
    assert "creative-gen serve" in caught.value.hint


def test_a_stale_server_file_is_no_server(client_module: ModuleType, runtime: Path) -> None:
    with running() as gone:
        gone.describe(runtime)
    with pytest.raises(client_module.CreativeGenError, match="not running"):
        client_module.connect("mine")


def test_another_program_at_the_port_is_no_server(
    client_module: ModuleType, stand_in: StandIn
) -> None:
    stand_in.name = "something"
    with pytest.raises(client_module.CreativeGenError, match="not running"):
        client_module.connect("mine")


@pytest.mark.parametrize(("api", "fix"), [(2, "plugins install mine"), (0, "update creative_gen")])
def test_another_major_version_is_told(
    client_module: ModuleType, runtime: Path, api: int, fix: str
) -> None:
    with running(api=api) as server:
        server.describe(runtime)
        with pytest.raises(client_module.CreativeGenError) as caught:
            client_module.connect("mine", start=True)
    assert caught.value.code == "other_version"
    assert f"version {api}" in caught.value.message
    assert fix in caught.value.hint


def test_a_folder_of_others_is_refused(client_module: ModuleType, stand_in: StandIn) -> None:
    folder = Path(client_module.runtime_folder())
    folder.chmod(0o755)
    with pytest.raises(client_module.CreativeGenError) as caught:
        client_module.connect()
    assert caught.value.code == "unsafe_folder"


def test_only_this_machine_is_spoken_to(client_module: ModuleType, stand_in: StandIn) -> None:
    file = Path(client_module.runtime_folder()) / "server.json"
    file.write_text(file.read_text().replace("127.0.0.1", "example.com"))
    with pytest.raises(client_module.CreativeGenError, match="not running"):
        client_module.connect()


def test_a_restarted_server_is_found_again(client: Any, stand_in: StandIn, runtime: Path) -> None:
    client.capabilities()
    with running(token="another") as restarted:
        restarted.describe(runtime)
        stand_in.token = "nobody's"
        blob = client.upload(b"new")
        assert restarted.blobs[blob] == b"new"


def test_a_wrong_token_is_told_once(
    client: Any, stand_in: StandIn, client_module: ModuleType
) -> None:
    stand_in.token = "nobody's"
    with pytest.raises(client_module.CreativeGenError) as caught:
        client.upload(b"new")
    assert caught.value.code == "wrong_token" and "start it again" in caught.value.hint
    assert len(stand_in.asked) == 1


def test_a_server_that_goes_fails_the_job(
    client: Any, stand_in: StandIn, client_module: ModuleType
) -> None:
    job = client.submit("image.generate")
    until(lambda: any("wait=10" in line for line in stand_in.asked))
    stand_in.gone = True
    stand_in.shutdown()
    stand_in.server_close()
    stand_in.move("job0")
    until(lambda: job.ended)
    assert job.poll()["error"]["code"] == "server_not_running"
    assert "creative-gen serve" in job.poll()["error"]["hint"]


def test_a_server_that_does_not_answer_is_told(
    client_module: ModuleType, stand_in: StandIn
) -> None:
    stand_in.delay = 1.0
    with (
        client_module.Client("mine", timeout=0.2) as slow,
        pytest.raises(client_module.CreativeGenError) as caught,
    ):
        slow.health()
    assert caught.value.code == "no_answer"


def test_one_connection_serves_one_request_after_the_other(client: Any, stand_in: StandIn) -> None:
    for _ in range(5):
        client.health()
    assert stand_in.connections == 1
    [connection] = client._idle
    assert connection.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_connection_that_the_server_closed_is_replaced(client: Any, stand_in: StandIn) -> None:
    client._idle[0].sock.shutdown(socket.SHUT_RDWR)
    assert client.upload(b"again") in stand_in.blobs


def test_diagnostics_hold_no_secret(
    client_module: ModuleType, stand_in: StandIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, other = (os.path.join("/", *parts) for parts in (("home", "someone"), ("Users", "other")))
    monkeypatch.setenv("HOME", home)
    error = {"code": "fault", "message": f"'{home}/a.png' and {other}/b", "hint": ""}
    text = client_module.diagnostics("mine", "Krita 5", error)
    assert "colors" in text and "Krita 5" in text and "fault" in text
    assert stand_in.token not in text
    assert "someone" not in text and other not in text


def test_diagnostics_without_a_server(client_module: ModuleType, runtime: Path) -> None:
    assert "server_not_running" in client_module.diagnostics("mine")


def test_runtime_folders(client_module: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CREATIVE_GEN_RUNTIME_DIR", raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/run/user/7")
    assert client_module.runtime_folder() == "/run/user/7/creative_gen"
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    assert client_module.runtime_folder().endswith(f"creative_gen-{os.getuid()}")


def test_history(client: Any, stand_in: StandIn) -> None:
    assert client.history(5, before="job9") == {"jobs": [], "more": False}
    assert stand_in.asked[-1] == "GET /v1/history?limit=5&before=job9"
