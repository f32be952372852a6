"""Whatever goes wrong in the worker fails the running job, and the next job runs."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable
from contextlib import aclosing
from pathlib import Path
from typing import Any

import pytest

from creative_gen.server.limits import Limits
from creative_gen.server.supervisor import Supervisor
from tests.server.odd_worker import WARMING_CRASHES
from tests.server.started import ODD_WORKER, Started, folders, write_odd_asset

linux = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="looks into /proc")


@pytest.mark.parametrize(
    ("wish", "code", "retryable"),
    [
        ("die", "worker_died", True),
        ("hang", "worker_hung", True),
        ("memory", "out_of_memory", True),
        ("disk", "disk_full", True),
        ("fault", "fault", False),
    ],
)
def test_a_fault_fails_the_running_job_alone(
    served: Started, wish: str, code: str, retryable: bool
) -> None:
    job, waiting = served.submit(wish), served.submit(seed=5)
    failed = served.end_of(job)
    assert failed["state"] == "failed"
    error = failed["error"]
    assert (error["code"], error["retryable"]) == (code, retryable)
    assert error["message"].endswith(".") and error["hint"]
    assert "secret" not in error["message"]
    assert served.end_of(waiting)["state"] == "done"


def test_what_a_library_prints_is_no_message(served: Started) -> None:
    ended = served.end_of(served.submit("print"))
    assert ended["state"] == "done"
    assert "more noise" in served.log()


def test_a_job_that_does_not_notice_that_it_is_cancelled_is_ended(served: Started) -> None:
    job = served.until(served.submit("hang"))
    assert served.ask("DELETE", f"/v1/jobs/{job['id']}").status == 200
    assert served.ask("DELETE", f"/v1/jobs/{job['id']}").status in (200, 409)
    assert served.end_of(job)["state"] == "cancelled"
    assert served.end_of(served.submit())["state"] == "done"


@linux
def test_a_worker_that_is_killed_between_jobs_is_started_again(served: Started) -> None:
    served.end_of(served.submit())
    killed = served.worker()
    os.kill(killed, signal.SIGKILL)
    deadline = time.monotonic() + 30
    while served.worker() == killed and time.monotonic() < deadline:
        time.sleep(0.05)
    assert served.end_of(served.submit())["state"] == "done"


@linux
def test_the_worker_is_what_the_system_ends_first(served: Started) -> None:
    served.end_of(served.submit())
    score = int(Path(f"/proc/{served.worker()}/oom_score_adj").read_text("ascii"))
    own = int(Path(f"/proc/{served.process.pid}/oom_score_adj").read_text("ascii"))
    assert score > own


@linux
def test_a_worker_does_not_outlive_its_server(starting: Callable[..., Started]) -> None:
    server = starting()
    server.end_of(server.submit())
    worker = server.worker()
    server.process.kill()
    server.process.wait()
    deadline = time.monotonic() + 10
    while Path(f"/proc/{worker}/cmdline").exists() and time.monotonic() < deadline:
        if not Path(f"/proc/{worker}/cmdline").read_bytes():
            break
        time.sleep(0.05)
    else:
        assert not Path(f"/proc/{worker}/cmdline").exists()


def test_a_warming_that_ends_the_worker_is_not_tried_again(
    starting: Callable[..., Started],
) -> None:
    server = starting(environment={WARMING_CRASHES: "1"}, warm=["sketch.complete"])
    assert server.end_of(server.submit(seed=1))["state"] == "done"
    time.sleep(1.0)
    assert server.log().count("ended unexpectedly") == 1


@linux
def test_a_job_may_be_cancelled_while_its_worker_starts(
    starting: Callable[..., Started],
) -> None:
    server = starting()
    first = server.until(server.submit("slow"))
    os.kill(server.worker(), signal.SIGKILL)
    assert server.end_of(first)["error"]["code"] == "worker_died"
    began = time.monotonic()
    job = server.until(server.submit("slow"))
    assert job["asset"] is None, "no worker has it yet"
    server.ask("DELETE", f"/v1/jobs/{job['id']}")
    assert server.end_of(job)["state"] == "cancelled"
    assert time.monotonic() - began < 15, "the whole job takes 20 seconds"


def test_a_job_that_nobody_follows_any_more_is_cancelled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_odd_asset(tmp_path)
    for name, value in folders(tmp_path).items():
        monkeypatch.setenv(name, value)

    def order(wish: str | None) -> dict[str, Any]:
        options = {"category": wish, "seed": 1, "count": 1}
        known = {"kind": "run", "task": "sketch.generate", "asset": None, "format": None}
        return known | {"job": f"job {wish}", "inputs": {}, "options": options}

    async def first_of(supervisor: Supervisor, wish: str) -> None:
        async with aclosing(supervisor.events(order(wish))) as events:
            async for event in events:
                if event["kind"] == "progress":
                    return

    async def test() -> float:
        supervisor = Supervisor(tmp_path, Limits(), command=ODD_WORKER)
        await first_of(supervisor, "slow")
        began = time.monotonic()
        kinds = [event["kind"] async for event in supervisor.events(order(None))]
        assert kinds[-1] == "done"
        await supervisor.stop()
        return time.monotonic() - began

    assert asyncio.run(test()) < 10, "the first takes 20 seconds"


def test_warm_models_are_told(starting: Callable[..., Started]) -> None:
    server = starting(warm=["sketch.generate"])
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        (asset,) = server.ask("GET", "/v1/capabilities").json["assets"]
        if asset["loaded"]:
            break
        time.sleep(0.1)
    assert asset["loaded"]


def test_a_worker_that_cannot_start_is_told_as_such(starting: Callable[..., Started]) -> None:
    server = starting(worker=[sys.executable, "-c", "raise SystemExit(3)"])
    for _ in range(2):
        error = server.end_of(server.submit())["error"]
        assert error["code"] == "worker_died" and "status 3" in error["message"]
    assert server.ask("GET", "/v1/health").json["state"] == "starting"


@linux
def test_models_leave_memory_oldest_first(starting: Callable[..., Started], tmp_path: Path) -> None:
    for name in ("first", "second", "third"):
        write_odd_asset(tmp_path, name, megabytes=200)
    server = starting({"memory_bytes": 590 << 20})

    def use(asset: str) -> set[str]:
        assert server.end_of(server.submit(asset=asset))["state"] == "done"
        assets = server.ask("GET", "/v1/capabilities").json["assets"]
        return {one["name"] for one in assets if one["loaded"]}

    assert use("first") == {"first"}
    assert use("second") == {"first", "second"}
    assert use("first") == {"first", "second"}
    assert use("third") == {"first", "third"}


@linux
def test_one_model_that_is_over_the_budget_is_kept(
    starting: Callable[..., Started], tmp_path: Path
) -> None:
    write_odd_asset(tmp_path, "large", megabytes=100)
    server = starting({"memory_bytes": 1 << 20})
    server.end_of(server.submit(asset="large"))
    assets = server.ask("GET", "/v1/capabilities").json["assets"]
    assert [one["name"] for one in assets if one["loaded"]] == ["large"]
