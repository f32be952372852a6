"""The history and the blobs on their own: what is kept, what is forgotten, and when."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import os
import sqlite3
import stat
import tempfile
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from creative_gen.server import blobs as blobs_module
from creative_gen.server.blobs import Blobs
from creative_gen.server.documents import JobRequest
from creative_gen.server.errors import WireError
from creative_gen.server.history import VERSION, BlobRecord, History
from creative_gen.server.jobs import Jobs
from creative_gen.server.limits import Limits
from creative_gen.server.supervisor import Supervisor

REQUEST = JobRequest(task="sketch.generate")


async def parts(*content: bytes) -> AsyncIterator[bytes]:
    for part in content:
        yield part


def document(job: str, **fields: Any) -> dict[str, Any]:
    return {"id": job, "revision": 1, "created": 1.0, "state": "done", **fields}


@pytest.fixture
def history(tmp_path: Path) -> Any:
    with closing(History(tmp_path / "history.sqlite")) as opened:
        yield opened


def test_jobs_come_back_as_they_were(history: History, tmp_path: Path) -> None:
    for job in ("a", "b", "c"):
        history.keep_job(document(job, text="ü\ud800"), (), ended=job != "b")
    history.keep_job(document("a", text="changed"), (), ended=True)
    with closing(History(tmp_path / "history.sqlite")) as again:
        assert again.job("a") == document("a", text="changed")
        assert again.job("d") is None
        assert [one["id"] for one in again.ended_jobs(9)] == ["c", "a"]
        assert [one["id"] for one in again.ended_jobs(9, before="c")] == ["a"]
        assert again.ended_jobs(9, before="unknown") == []
        assert [one["id"] for one in again.unended_jobs()] == ["b"]


def test_a_blob_goes_when_the_last_job_that_names_it_does(history: History) -> None:
    history.keep_blob(BlobRecord("x", "image/png", 5))
    history.keep_job(document("a"), ["x"], ended=True)
    history.keep_job(document("b"), ["x"], ended=True)
    assert history.bytes > 5
    assert not history.forget_blob("x")
    assert history.forget_job("a") and not history.forget_job("a")
    assert not history.forget_blob("x")
    history.forget_job("b")
    assert history.bytes == 0
    assert history.forget_blob("x") and history.blob("x") is None


def test_a_job_that_names_a_blob_that_is_not_there_is_not_kept_in_part(history: History) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        history.keep_job(document("a"), ["nothing"], ended=True)
    assert history.job("a") is None


def test_blobs_expire_unless_they_are_used(tmp_path: Path, history: History) -> None:
    blobs = Blobs(tmp_path, history, replace(Limits(), blob_seconds=-1.0))
    kept = asyncio.run(blobs.receive(parts(b"ke", b"pt"), "image/png"))
    gone = asyncio.run(blobs.receive(parts(b"gone"), "image/png"))
    assert kept == BlobRecord(hashlib.sha256(b"kept").hexdigest(), "image/png", 4)
    assert blobs.path(kept.id).read_bytes() == b"kept"
    history.keep_job(document("a"), [kept.id], ended=True)
    blobs.forget_expired()
    assert blobs.find(kept.id) == kept
    with pytest.raises(WireError, match="expired"):
        blobs.find(gone.id)
    assert not blobs.path(gone.id).exists()
    assert not list((tmp_path / "uploads").iterdir())


def test_a_file_is_never_there_in_part(
    tmp_path: Path, history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where the disk knows no links, as memory cards do."""

    def none(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", none)
    monkeypatch.setattr(blobs_module.shutil, "copyfile", none)
    blobs = Blobs(tmp_path, history, Limits())
    received = asyncio.run(blobs.receive(parts(b"who", b"le"), "image/png"))
    assert blobs.path(received.id).read_bytes() == b"whole"
    assert not list((tmp_path / "uploads").iterdir())


def test_a_sender_that_goes_away_leaves_nothing(tmp_path: Path, history: History) -> None:
    async def interrupted() -> AsyncIterator[bytes]:
        yield b"half"
        raise ConnectionResetError

    blobs = Blobs(tmp_path, history, Limits())
    with pytest.raises(ConnectionResetError):
        asyncio.run(blobs.receive(interrupted(), "image/png"))
    assert not list((tmp_path / "uploads").iterdir())
    assert not history.blob_ids() and not list(blobs.folder.glob("*/*"))


def test_a_history_of_a_later_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "later.sqlite"
    with closing(sqlite3.connect(path)) as database:
        database.execute(f"PRAGMA user_version = {VERSION + 1}")
    before = path.read_bytes()
    with pytest.raises(sqlite3.DatabaseError, match="later"):
        History(path)
    assert path.read_bytes() == before


def test_the_same_file_is_kept_once(tmp_path: Path, history: History) -> None:
    blobs = Blobs(tmp_path, history, Limits())
    first = asyncio.run(blobs.receive(parts(b"same"), "image/png"))
    inode = blobs.path(first.id).stat()
    second = asyncio.run(blobs.receive(parts(b"same"), "image/webp"))
    assert second.id == first.id and blobs.path(first.id).stat().st_ino == inode.st_ino
    if os.name == "posix":
        assert not stat.S_IMODE(inode.st_mode) & 0o077


def test_files_of_which_nothing_is_known_are_deleted(tmp_path: Path, history: History) -> None:
    blobs = Blobs(tmp_path, history, Limits())
    known = asyncio.run(blobs.receive(parts(b"known"), "image/png"))
    stray = blobs.path("ab" * 32)
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(b"stray")
    blobs.forget_strays()
    assert not stray.exists() and blobs.path(known.id).exists()


def test_a_disk_that_fills_up_while_a_file_is_sent_is_told(
    tmp_path: Path, history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    blobs = Blobs(tmp_path, history, Limits())
    real = tempfile.NamedTemporaryFile

    def full(**options: Any) -> Any:
        file = real(**options)

        def write(content: bytes) -> int:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

        file.write = write
        return file

    monkeypatch.setattr(blobs_module.tempfile, "NamedTemporaryFile", full)
    with pytest.raises(WireError) as raised:
        asyncio.run(blobs.receive(parts(b"x"), "image/png"))
    assert (raised.value.code, raised.value.status) == ("disk_full", 507)
    assert not list((tmp_path / "uploads").iterdir())


def test_a_job_that_cannot_be_kept_is_not_taken(
    tmp_path: Path, history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        error = sqlite3.OperationalError("database or disk is full")
        error.sqlite_errorcode = sqlite3.SQLITE_FULL
        raise error

    async def submit() -> None:
        blobs = Blobs(tmp_path, history, Limits())
        jobs = Jobs(history, blobs, Supervisor(tmp_path, Limits()), Limits())
        monkeypatch.setattr(history, "keep_job", full)
        with pytest.raises(WireError) as raised:
            jobs.submit(REQUEST)
        assert raised.value.code == "disk_full"
        assert not jobs.live

    asyncio.run(submit())


def test_the_oldest_go_when_there_is_too_much(tmp_path: Path, history: History) -> None:
    async def shrink() -> None:
        blobs = Blobs(tmp_path, history, Limits())
        limits = replace(Limits(), history_bytes=60_000)
        jobs = Jobs(history, blobs, Supervisor(tmp_path, limits), limits)
        ids = []
        for number in range(50):
            record = await blobs.receive(parts(bytes([number]) * 4_000), "image/png")
            history.keep_job(document(f"{number:032x}"), [record.id], ended=True)
            ids.append(record.id)
        jobs.shrink_history()
        assert history.bytes <= 60_000
        left = [int(one["id"], 16) for one in history.ended_jobs(99)]
        assert left[0] == 49 and left == sorted(left, reverse=True)
        for number, blob in enumerate(ids):
            assert blobs.path(blob).exists() == (number in left)

    asyncio.run(shrink())


def test_what_was_kept_reaches_the_database_file(tmp_path: Path, history: History) -> None:
    history.keep_job(document("a", text="x" * 100_000), (), ended=True)
    before = (tmp_path / "history.sqlite").stat().st_size
    history.checkpoint()
    assert (tmp_path / "history.sqlite").stat().st_size > before + 100_000
