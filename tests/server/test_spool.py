"""Requests as files: what a tool does is done here, in a real folder and with a real worker."""

from __future__ import annotations

import asyncio
import errno
import io
import json
import os
import stat
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from creative_gen.server import spool_job
from creative_gen.server.blobs import Blobs
from creative_gen.server.folders import UnusableFolder
from creative_gen.server.history import History
from creative_gen.server.jobs import Jobs
from creative_gen.server.limits import Limits
from creative_gen.server.spool import Spool
from creative_gen.server.supervisor import Supervisor
from tests import toy_pictures, toy_tinter

ROOT = Path(__file__).parents[2]
WORKER = "from tests.toy_tinter import install; install()\n"
WORKER += "from creative_gen.server.worker import main; main()"

Test = Callable[["Tool"], Coroutine[Any, Any, None]]


class Tool:
    """What writes into the spool and reads from it, while the server runs."""

    def __init__(self, folder: Path, jobs: Jobs) -> None:
        self.folder = folder
        self.jobs = jobs

    def file(self, name: str) -> Path:
        return self.folder / name

    def ask(self, name: str = "a", **changes: object) -> None:
        """Send `line.png` and ask for it to be coloured."""
        if not self.file("line.png").exists():
            Image.fromarray(toy_pictures.line_drawing()).save(self.file("line.png"))
        document = {
            "task": "image.colorize",
            "inputs": {"image": {"file": "line.png"}},
            "options": {"seed": 7},
            "tool": "gimp",
        } | changes
        self.file(f"{name}.draft").write_text(json.dumps(document))
        self.file(f"{name}.draft").rename(self.file(f"{name}.request"))

    async def until(self, *names: str) -> str:
        """Wait for one of some files, and read it."""
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            for name in names:
                if self.file(name).exists():
                    return self.file(name).read_text("utf-8")
            await asyncio.sleep(0.02)
        raise AssertionError(f"{names} did not come: {sorted(os.listdir(self.folder))}")

    async def gone(self, *names: str) -> None:
        """Wait until files are no longer there."""
        deadline = time.monotonic() + 30
        while any(self.file(name).exists() for name in names):
            assert time.monotonic() < deadline
            await asyncio.sleep(0.02)

    async def refused(self, name: str = "a") -> list[str]:
        """The lines of an error."""
        told = await self.until(f"{name}.error", f"{name}.done")
        assert self.file(f"{name}.error").exists()
        sentence, fix = told.splitlines()
        assert sentence and fix
        return [sentence, fix]


@asynccontextmanager
async def spooling(folder: Path, limits: Limits | None = None) -> AsyncIterator[Tool]:
    """A spool, and all that is behind it."""
    limits = limits or Limits(free_bytes=0)
    data = folder / "data"
    data.mkdir(exist_ok=True)
    history = History(data / "history.sqlite")
    blobs = Blobs(data, history, limits)
    supervisor = Supervisor(blobs.folder, limits, command=(sys.executable, "-c", WORKER))
    jobs = Jobs(history, blobs, supervisor, limits)
    spool = Spool(folder / "spool", jobs, limits)
    running = [asyncio.create_task(jobs.run()), asyncio.create_task(spool.run())]
    try:
        yield Tool(spool.folder, jobs)
    finally:
        await jobs.stop()
        for task in reversed(running):
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await supervisor.stop()
        history.close()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for a server; there is the asset "tints", and "slow" that takes its time."""
    toy_tinter.write_tinter(tmp_path / "assets", "tints", first_for=["image.colorize"])
    toy_tinter.write_tinter(tmp_path / "assets", "slow", settings={"pause": 0.3})
    toy_tinter.write_tinter(tmp_path / "assets", "endless", settings={"pause": 5.0})
    monkeypatch.setenv("CREATIVE_GEN_ASSETS", str(tmp_path / "assets"))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    return tmp_path


def driven(folder: Path, test: Test, **limits: Any) -> None:
    """Run a test beside a spool."""

    async def run() -> None:
        async with spooling(folder, replace(Limits(free_bytes=0), **limits)) as tool:
            await test(tool)

    asyncio.run(run())


def test_a_request_becomes_files(folder: Path) -> None:
    async def test(tool: Tool) -> None:
        tool.ask(options={"seed": 7, "count": 2})
        assert await tool.until("a.done", "a.error") == "a-1.png seed 7\na-2.png seed 8\n"
        for number, seed in ((1, 7), (2, 8)):
            picture = Image.open(io.BytesIO(tool.file(f"a-{number}.png").read_bytes()))
            facts = json.loads(picture.info["creative_gen"])["creative_gen"]
            assert facts["output"] == {"seed": seed}
        await tool.gone("a.request", "a.running", "a.progress")
        (document,), _ = tool.jobs.history(10, None)
        assert document["tool"] == "gimp"

    driven(folder, test)


def test_progress_is_told_and_what_the_user_has_to_know(folder: Path) -> None:
    async def test(tool: Tool) -> None:
        Image.fromarray(toy_pictures.hints(48, 48)).save(tool.file("hints.png"))
        inputs = {"image": {"file": "line.png"}, "hints": {"file": "hints.png"}}
        tool.ask("a", asset="slow", inputs=inputs)
        tool.ask("b", asset="slow")
        told = set()
        while not tool.file("b.done").exists():
            for name in ("a", "b"):
                with suppress(OSError):
                    told.add((name, *tool.file(f"{name}.progress").read_text().split()))
            await asyncio.sleep(0.02)
        assert ("b", "0.000", "1", "0") in told
        assert {float(share) for name, share, *_ in told if name == "a"} >= {0.25, 0.5}
        assert {seconds for *_, seconds in told} >= {"0", "1"}
        assert "The hints were resized to 96 x 96" in tool.file("a.notes").read_text()
        assert not tool.file("b.notes").exists()

    driven(folder, test)


def test_a_request_that_is_still_written_is_left(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def test(tool: Tool) -> None:
        tool.ask("whole")
        await tool.until("whole.done")
        text = json.dumps({"task": "image.colorize", "inputs": {"image": {"file": "line.png"}}})
        for length in range(0, len(text), 9):
            tool.file("b.request").write_text(text[:length])
            await asyncio.sleep(0.06)
            assert tool.file("b.request").exists()
        tool.file("b.request").write_text(text)
        assert (await tool.until("b.done", "b.error")).startswith("b-1.png seed ")
        monkeypatch.setattr("creative_gen.server.spool.WRITING_SECONDS", 0.1)
        tool.file("c.request").write_text(text[:-5])
        assert "is not JSON" in (await tool.refused("c"))[0]

    driven(folder, test)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"task": "image.fly"}, "There is no task 'image.fly'."),
        ({"asset": "mona-lisa"}, "There is no asset 'mona-lisa'."),
        ({"inputs": {}}, "needs the input 'image'"),
        ({"inputs": {"image": {"file": "none.png"}}}, "There is no file 'none.png'"),
        ({"inputs": {"image": {"file": "../data/history.sqlite"}}}, "names of files"),
        ({"inputs": {"image": {"file": "/etc/passwd"}}}, "names of files"),
        ({"inputs": {"image": {"file": "a.request"}}}, "There is no file 'a.request'"),
        ({"inputs": {"image": {"blob": "00" * 32}}}, "inputs.image"),
        ({"inputs": {"image": {}}}, "an input is"),
        ({"inputs": {"picture": {"file": "line.png"}}}, "takes no input 'picture'"),
        ({"options": {"seed": -1}}, "The option 'seed' is not valid"),
        ({"options": {"wings": 2}}, "There is no option 'wings' here."),
        ({"format": "exe"}, "cannot be written as 'exe'"),
        ({"colour": "red"}, "'colour' is not valid"),
        ({"task": None}, "'task' is not valid"),
    ],
)
def test_what_cannot_be_meant_is_told(folder: Path, changes: dict[str, Any], told: str) -> None:
    async def test(tool: Tool) -> None:
        tool.ask(**changes)
        assert told in (await tool.refused())[0]
        await tool.gone("a.request", "a.running", "a.progress")

    driven(folder, test)


def test_links_are_refused(folder: Path) -> None:
    secret = folder / "secret.png"
    Image.fromarray(toy_pictures.tile()).save(secret)

    async def test(tool: Tool) -> None:
        tool.file("line.png").symlink_to(secret)
        tool.ask("a")
        assert "There is no file 'line.png'" in (await tool.refused("a"))[0]
        (folder / "b.json").write_text('{"task": "image.generate"}')
        tool.file("b.request").symlink_to(folder / "b.json")
        assert "links are not followed" in (await tool.refused("b"))[1]
        assert (folder / "b.json").exists()
        os.mkfifo(tool.file("pipe.png"))
        tool.ask("c", inputs={"image": {"file": "pipe.png"}})
        assert "There is no file 'pipe.png'" in (await tool.refused("c"))[0]
        # Not even what is written is written through a link.
        tool.file("d.error").symlink_to(secret)
        tool.file(".d.error").symlink_to(secret)
        before = secret.read_bytes()
        tool.ask("d", task="image.fly")
        await tool.gone("d.running", "d.request")
        await tool.refused("d")
        assert secret.read_bytes() == before

    driven(folder, test)


def test_sizes_are_limited(folder: Path) -> None:
    async def test(tool: Tool) -> None:
        tool.file("large.png").write_bytes(bytes(2001))
        tool.ask("a", inputs={"image": {"file": "large.png"}})
        assert (await tool.refused("a"))[0].endswith("is larger than 2000 bytes.")
        tool.file("b.request").write_text(json.dumps({"task": "x" * 1000}))
        assert (await tool.refused("b"))[0].endswith("is larger than 1000 bytes.")

    driven(folder, test, blob_bytes=2000, json_bytes=1000)


@pytest.mark.parametrize(
    "name", ["with space", "dots..", "ümlaut", ".hidden", "x" * 120, "two.dots", "a;b"]
)
def test_names_that_are_not_plain_are_left_alone(folder: Path, name: str) -> None:
    async def test(tool: Tool) -> None:
        tool.file(f"{name}.request").write_text('{"task": "image.fly"}')
        tool.ask("plain", task="image.fly")
        await tool.refused("plain")
        assert tool.file(f"{name}.request").exists()
        assert not tool.file(f"{name}.error").exists()

    driven(folder, test)


def test_a_job_is_cancelled_by_a_file(folder: Path) -> None:
    async def test(tool: Tool) -> None:
        tool.ask("a", asset="slow")
        tool.ask("b", asset="slow")
        await tool.until("a.progress")
        tool.file("b.cancel").touch()
        assert (await tool.refused("b"))[0] == "The job was cancelled."
        tool.file("a.cancel").touch()
        assert (await tool.refused("a"))[0] == "The job was cancelled."
        await tool.gone("a.cancel", "b.cancel", "a.running", "b.running")
        assert not list(tool.folder.glob("a-*"))
        states = {one["state"] for one in tool.jobs.history(10, None)[0]}
        assert states == {"cancelled"}

    driven(folder, test)


def test_a_job_that_nobody_waits_for_is_cancelled(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool_job, "ABSENT_SECONDS", 0.4)

    async def test(tool: Tool) -> None:
        tool.ask("a", asset="slow", waiting=True)
        while not tool.file("a.done").exists():
            tool.file("a.waiting").write_text("yes")
            await asyncio.sleep(0.05)
        assert not tool.file("a.error").exists()
        tool.ask("b", asset="endless", waiting=True)
        await tool.until("b.running")
        await tool.gone("b.running", "line.png")
        assert not list(tool.folder.glob("b*"))
        assert tool.jobs.history(1, None)[0][0]["state"] == "cancelled"

    driven(folder, test, cancel_seconds=0.5)


def test_a_full_queue_is_told(folder: Path) -> None:
    async def test(tool: Tool) -> None:
        tool.ask("a", asset="endless")
        while not any(job.document["state"] == "running" for job in tool.jobs.live):
            await asyncio.sleep(0.02)
        tool.ask("b", asset="endless")
        await tool.until("b.progress")
        tool.ask("c", asset="endless")
        await tool.refused("c")
        assert not tool.file("b.error").exists()

    driven(folder, test, queue=1, stop_seconds=0.1)


def test_tools_are_told_when_the_server_stops(folder: Path) -> None:
    async def run() -> None:
        async with spooling(folder, Limits(free_bytes=0, stop_seconds=0.1)) as tool:
            tool.ask("a", asset="endless")
            tool.ask("b", asset="endless")
            await tool.until("b.progress")

    asyncio.run(run())
    for name in ("a", "b"):
        told = (folder / "spool" / f"{name}.error").read_text()
        assert told.splitlines() == [
            "The server is stopping.",
            "Start it again: creative-gen serve",
        ]
        assert not (folder / "spool" / f"{name}.running").exists()


def test_what_an_earlier_server_had_begun_is_told_as_lost(folder: Path) -> None:
    spool = folder / "spool"
    spool.mkdir(mode=0o700)
    for suffix in ("running", "progress", "waiting"):
        (spool / f"a.{suffix}").write_text("{}")

    async def test(tool: Tool) -> None:
        assert "stopped before this was done" in (await tool.refused("a"))[0]
        await tool.gone("a.running", "a.progress", "a.waiting")
        # What nobody had begun is done.
        tool.ask("b")
        await tool.until("b.done")

    driven(folder, test)


def test_a_full_disk_does_not_keep_the_server_from_starting(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = folder / "spool"
    spool.mkdir(mode=0o700)
    (spool / "a.running").write_text("{}")

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("creative_gen.server.spool.put", full)

    async def test(tool: Tool) -> None:
        await tool.gone("a.running")
        tool.ask("b")
        await tool.until("b.done")

    driven(folder, test)


def test_what_nobody_has_thought_of_is_told_as_a_fault(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("secret")

    monkeypatch.setattr(Jobs, "submit", broken)

    async def test(tool: Tool) -> None:
        tool.ask("a")
        sentence, _ = await tool.refused("a")
        assert "fault" in sentence and "secret" not in sentence

    driven(folder, test)
    assert "secret" in capsys.readouterr().err


def test_a_request_that_was_written_before_the_server_started_is_done(folder: Path) -> None:
    spool = folder / "spool"
    spool.mkdir(mode=0o700)
    (spool / "a.request").write_text('{"task": "image.fly"}')

    async def test(tool: Tool) -> None:
        assert "There is no task" in (await tool.refused("a"))[0]

    driven(folder, test)


def test_a_name_may_be_used_again(folder: Path) -> None:
    async def test(tool: Tool) -> None:
        tool.ask("a", task="image.fly")
        await tool.refused("a")
        tool.ask("a")
        assert await tool.until("a.done") == "a-1.png seed 7\n"
        assert not tool.file("a.error").exists()

    driven(folder, test)


def test_the_folder_is_the_users_own(folder: Path) -> None:
    async def test(tool: Tool) -> None:
        assert stat.S_IMODE(tool.folder.stat().st_mode) == 0o700

    driven(folder, test)
    (folder / "spool").chmod(0o755)
    with pytest.raises(UnusableFolder, match="other users"):
        driven(folder, test)


def test_a_folder_that_is_taken_away_comes_back(folder: Path) -> None:
    async def test(tool: Tool) -> None:
        tool.folder.rmdir()
        while not tool.folder.exists():
            await asyncio.sleep(0.02)
        tool.ask("a", task="image.fly")
        await tool.refused("a")

    driven(folder, test)


def test_what_is_older_than_a_day_is_deleted(folder: Path) -> None:
    spool = folder / "spool"
    spool.mkdir(mode=0o700)
    for name, hours in (("old-1.png", 25), (".old.draft", 30), ("new-1.png", 23)):
        (spool / name).write_bytes(b"x")
        os.utime(spool / name, (time.time() - hours * 3600,) * 2)

    async def test(tool: Tool) -> None:
        await tool.gone("old-1.png", ".old.draft")
        assert tool.file("new-1.png").exists()

    driven(folder, test)


def test_a_full_disk_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(spool_job, "copy", full)

    async def test(tool: Tool) -> None:
        tool.ask("a")
        assert (await tool.refused("a"))[0] == "The disk is full."

    driven(folder, test)
