"""A server from its start to its end, and what is there when it is started again."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.server.started import TOKEN, Started, folders, write_odd_asset

posix = pytest.mark.skipif(os.name != "posix", reason="modes are those of POSIX")


def command(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """`creative-gen serve`, which is expected to refuse."""
    return subprocess.run(
        [sys.executable, "-m", "creative_gen.cli.main", "serve", *arguments],
        env={**folders(folder), **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


@posix
def test_server_json_is_the_users_alone_and_goes_with_the_server(
    starting: Callable[..., Started], tmp_path: Path
) -> None:
    server = starting()
    file = tmp_path / "runtime" / "server.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    told = json.loads(file.read_text("utf-8"))
    assert set(told) == {"url", "token", "pid", "version", "api", "spool"}
    assert told["pid"] == server.process.pid and told["token"] == TOKEN and told["api"] == 1
    assert stat.S_IMODE(Path(told["spool"]).stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "data" / "server").stat().st_mode) == 0o700
    assert server.stop() == 0
    assert not file.exists()
    assert server.log() == ""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_command_tells_the_address_and_stops_when_told(tmp_path: Path, number: int) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "creative_gen.cli.main", "serve", "--warm", "none"],
        env=folders(tmp_path),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    address = re.search(r"http://127\.0\.0\.1:(\d+)/#token=(\S{30,})", line)
    assert address, line
    server = Started(process, tmp_path)
    answer = server.ask("GET", "/v1/history", token=address[2])
    assert answer.status == 200 and answer.json == {"jobs": [], "more": False}
    server.disconnect()
    process.send_signal(number)
    said, errors = process.communicate(timeout=30)
    assert (process.returncode, errors) == (0, "")
    assert said.endswith("Stopped.\n")


def test_a_second_server_is_refused_with_the_address_of_the_first(
    starting: Callable[..., Started], tmp_path: Path
) -> None:
    server = starting()
    second = command(tmp_path)
    assert second.returncode == 1
    assert f"{server.announced['url']}/#token={TOKEN}" in second.stderr
    assert second.stderr.startswith("Error: A server is running already at ")
    assert len(second.stderr.splitlines()) == 2
    other = folders(tmp_path)["CREATIVE_GEN_RUNTIME_DIR"] + "-2"
    same_data = command(tmp_path, CREATIVE_GEN_RUNTIME_DIR=other)
    assert same_data.returncode == 1 and "running already" in same_data.stderr
    assert server.ask("GET", "/v1/health").status == 200


def test_what_a_killed_server_left_is_replaced(starting: Callable[..., Started]) -> None:
    first = starting()
    first.disconnect()
    first.process.kill()
    first.process.wait()
    assert first.announced["pid"] == first.process.pid
    second = starting()
    assert second.announced["pid"] == second.process.pid
    assert second.ask("GET", "/v1/health").status == 200


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ran = command(tmp_path, "--port", str(port))
    assert ran.returncode == 1
    assert ran.stderr.startswith(f"Error: The port {port} cannot be used")
    assert "--port" in ran.stderr.splitlines()[1]


@posix
def test_folders_that_others_can_enter_are_refused(tmp_path: Path) -> None:
    (tmp_path / "open").mkdir(mode=0o755)
    ran = command(tmp_path, CREATIVE_GEN_RUNTIME_DIR=str(tmp_path / "open"))
    assert ran.returncode == 1 and "can be entered by other users" in ran.stderr
    (tmp_path / "link").symlink_to(tmp_path / "runtime")
    ran = command(tmp_path, CREATIVE_GEN_RUNTIME_DIR=str(tmp_path / "link"))
    assert ran.returncode == 1 and "is a file or a link" in ran.stderr


@pytest.mark.parametrize("variable", ["CREATIVE_GEN_RUNTIME_DIR", "CREATIVE_GEN_DATA"])
def test_folders_that_cannot_be_made_are_told(tmp_path: Path, variable: str) -> None:
    (tmp_path / "file").write_text("")
    ran = command(tmp_path, **{variable: str(tmp_path / "file" / "folder")})
    assert ran.returncode == 1
    message, hint = ran.stderr.splitlines()
    assert "cannot be made" in message and variable in hint


def test_a_runtime_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    folders(tmp_path)
    (tmp_path / "runtime" / "server.json").mkdir()
    ran = command(tmp_path)
    assert ran.returncode == 1
    message, hint = ran.stderr.splitlines()
    assert "cannot be written" in message and "CREATIVE_GEN_RUNTIME_DIR" in hint


def test_help_loads_no_web_framework() -> None:
    code = (
        "import sys\nfrom creative_gen.cli.main import main\n"
        "try:\n    main(['serve', '--help'])\n"
        "finally:\n    print(*{name.split('.')[0] for name in sys.modules}, file=sys.stderr)"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert ran.returncode == 0 and "--history-size" in ran.stdout
    assert not set(ran.stderr.split()) & {"fastapi", "uvicorn", "pydantic", "numpy", "asyncio"}


def test_a_history_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "server").mkdir(mode=0o700)
    (tmp_path / "data" / "server" / "history.sqlite").write_bytes(b"no database" * 99)
    ran = command(tmp_path)
    assert ran.returncode == 1
    assert "cannot be opened" in ran.stderr and len(ran.stderr.splitlines()) == 2


def test_a_task_that_there_is_not_cannot_be_warmed(tmp_path: Path) -> None:
    ran = command(tmp_path, "--warm", "sketch.eat")
    assert ran.returncode == 2 and "There is no task 'sketch.eat'" in ran.stderr


def test_a_restart_loses_nothing_that_was_finished(starting: Callable[..., Started]) -> None:
    first = starting()
    done = [first.end_of(first.submit(seed=seed)) for seed in (1, 2, 3)]
    running = first.until(first.submit("slow"))
    queued = first.submit(seed=9)
    first.disconnect()
    first.process.kill()
    first.process.wait()

    second = starting()
    for document in done:
        assert second.ask("GET", f"/v1/jobs/{document['id']}").json == document
        blob = document["results"][0]["blob"]
        assert second.ask("GET", f"/v1/blobs/{blob}").status == 200
    for lost in (running, queued):
        document = second.ask("GET", f"/v1/jobs/{lost['id']}?wait=5").json
        assert document["state"] == "failed" and document["ended"]
        assert document["error"]["code"] == "stopping" and document["error"]["retryable"]
        events = second.ask("GET", f"/v1/jobs/{lost['id']}/events").body
        assert b'"state":"failed"' in events
    history = second.ask("GET", "/v1/history?limit=3").json
    assert [one["id"] for one in history["jobs"]] == [queued["id"], running["id"], done[2]["id"]]
    assert history["more"]
    rest = second.ask("GET", f"/v1/history?before={done[2]['id']}").json
    assert [one["id"] for one in rest["jobs"]] == [done[1]["id"], done[0]["id"]]
    assert not rest["more"]
    assert second.end_of(second.post(queued["request"]).json)["state"] == "done"


def test_stopping_lets_the_running_job_end_and_tells_the_others(
    starting: Callable[..., Started],
) -> None:
    server = starting({"stop_seconds": 10.0})
    running = server.until(server.submit("show", seed=5))
    queued = server.submit(seed=6)
    ends: dict[str, dict[str, object]] = {}

    def wait_for(job: dict[str, object]) -> None:
        mine = Started(server.process, server.folder)
        mine.ask("GET", "/v1/health")
        ready.wait()
        ends[str(job["id"])] = mine.ask("GET", f"/v1/jobs/{job['id']}?wait=20").json
        mine.disconnect()

    ready = threading.Barrier(3)
    threads = [threading.Thread(target=wait_for, args=(job,)) for job in (running, queued)]
    for thread in threads:
        thread.start()
    ready.wait()
    time.sleep(0.1)
    server.process.terminate()
    for thread in threads:
        thread.join()
    assert ends[running["id"]]["state"] == "done"
    assert ends[queued["id"]]["error"]["code"] == "stopping"
    assert server.process.wait(20) == 0


def test_while_it_stops_nothing_new_is_taken(starting: Callable[..., Started]) -> None:
    server = starting({"stop_seconds": 1.5})
    job = server.until(server.submit("slow"))
    server.process.terminate()
    time.sleep(0.4)
    refused = server.post({"task": "sketch.generate"})
    assert (refused.status, refused.code) == (503, "stopping")
    assert refused.json["error"]["retryable"]
    ended = server.ask("GET", f"/v1/jobs/{job['id']}?wait=20").json
    assert ended["state"] == "failed" and ended["error"]["code"] == "stopping"
    assert server.process.wait(20) == 0


def test_a_full_disk_is_told(starting: Callable[..., Started]) -> None:
    server = starting({"free_bytes": 1 << 62})
    answer = server.ask("POST", "/v1/blobs", b"x", {"Content-Type": "image/png"})
    assert (answer.status, answer.code) == (507, "disk_full")
    assert server.ask("GET", "/v1/health").status == 200


def test_new_assets_are_found(starting: Callable[..., Started], tmp_path: Path) -> None:
    server = starting()
    assert [one["name"] for one in server.ask("GET", "/v1/capabilities").json["assets"]] == ["odd"]
    write_odd_asset(tmp_path, "newer")
    deadline = time.monotonic() + 20
    names: list[str] = []
    while names != ["newer", "odd"] and time.monotonic() < deadline:
        time.sleep(0.2)
        names = [one["name"] for one in server.ask("GET", "/v1/capabilities").json["assets"]]
    assert names == ["newer", "odd"]
    assert server.end_of(server.submit(asset="newer"))["asset"] == "newer"


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="looks into /proc")
def test_the_server_stays_small_and_loads_no_model(starting: Callable[..., Started]) -> None:
    server = starting()
    server.end_of(server.submit())
    maps = Path(f"/proc/{server.process.pid}/maps").read_text("utf-8")
    for library in ("numpy", "onnxruntime", "llvmlite", "PIL", "soundfile"):
        assert f"/{library}/" not in maps
    status = Path(f"/proc/{server.process.pid}/status").read_text("ascii")
    resident = int(re.search(r"VmRSS:\s+(\d+) kB", status)[1])  # type: ignore[index]
    assert resident < 120_000
