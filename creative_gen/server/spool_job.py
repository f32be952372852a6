"""One request of the spool, from its files to those of its results."""

from __future__ import annotations

import json
import time
import traceback
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from creative_gen.formats.content_types import CONTENT_TYPES, format_of
from creative_gen.server.blobs import disk_full_told
from creative_gen.server.documents import ErrorBody
from creative_gen.server.errors import WireError, fault, stopping
from creative_gen.server.job import Job
from creative_gen.server.jobs import Jobs
from creative_gen.server.limits import Limits
from creative_gen.server.spool_files import copy, drop, parts_of, put
from creative_gen.server.spool_request import SpoolRequest, job_request, parsed

WATCH_SECONDS = 0.1
"""Between two looks at whether a job is still wanted."""

ABSENT_SECONDS = 15.0
"""A tool that says that it waits, and has not shown it for so long, is gone."""


@dataclass
class SpoolJob:
    """A request that has been taken.

    Args:
        folder: Path. The spool.
        name: str. That of the request, without its suffix.
        jobs: Jobs. Runs it.
        limits: Limits. How large the files may be.
    """

    folder: Path
    name: str
    jobs: Jobs
    limits: Limits
    _given: list[Path] = field(default_factory=list)
    _progress: str = ""
    _began: float = field(default_factory=time.time)

    def file(self, suffix: str) -> Path:
        """The file of that suffix."""
        return self.folder / f"{self.name}.{suffix}"

    async def run(self, text: bytes) -> None:
        """Do what the text asks for, and write what came of it.

        What goes wrong is written, too; only a cancelled coroutine raises, after it has written
        that the server is stopping.
        """
        for suffix in ("done", "error", "notes"):
            drop(self.file(suffix))
        end = {"error": _told(stopping().body)}
        try:
            end = await self._done(parsed(text))
        except WireError as error:
            end = {"error": _told(error.body)}
        except OSError as error:
            end = {"error": f"The spool cannot be written: {error.strerror}.\nMake room there."}
        except Exception as error:
            traceback.print_exception(error)
            end = {"error": _told(fault(error).body)}
        finally:
            self._write(end)

    async def _done(self, asked: SpoolRequest) -> dict[str, str]:
        blobs = {}
        for name, given in asked.inputs.items():
            if given.file is not None:
                self._given.append(self.folder / given.file)
                blobs[name] = await self._received(self.folder / given.file)
        job = self.jobs.submit(job_request(asked, blobs))
        while not job.ended:
            self._tell(job)
            await job.wait(job.revision, WATCH_SECONDS)
            if self._unwanted(asked.waiting) and not (job.ended or job.cancelled):
                self.jobs.cancel(job.id)
        return self._ended(job, asked.waiting)

    async def _received(self, file: Path) -> str:
        content_type = CONTENT_TYPES.get(file.suffix[1:].lower(), "application/octet-stream")
        parts = parts_of(file, self.limits.blob_bytes)
        return (await self.jobs.blobs.receive(parts, content_type)).id

    def _tell(self, job: Job) -> None:
        """How far it is, how many are before it, and for how many seconds it has been taken.

        So it changes every second: a script that cannot see when a file was written knows by that
        that the server is still there.
        """
        seconds = int(time.time() - self._began)
        progress = f"{job.document['progress']:.3f}\n{job.document['place']}\n{seconds}\n"
        if progress == self._progress:
            return
        # On Windows a file that is being read is not replaced: the next one may be.
        with suppress(PermissionError):
            put(self.file("progress"), progress)
            self._progress = progress

    def _unwanted(self, waiting: bool) -> bool:
        """Whether it was cancelled, or nobody waits for it any more."""
        return self.file("cancel").exists() or (waiting and self._absent())

    def _absent(self) -> bool:
        seen = self._began
        with suppress(OSError):
            seen = max(seen, self.file("waiting").lstat().st_mtime)
        return time.time() - seen > ABSENT_SECONDS

    def _ended(self, job: Job, waiting: bool) -> dict[str, str]:
        if job.document["state"] == "failed":
            return {"error": _told(ErrorBody.model_validate(job.document["error"]))}
        if job.document["state"] == "cancelled":
            if waiting and self._absent():
                return self._nothing()
            return {"error": "The job was cancelled.\nAsk again to have it made."}
        results = job.document["results"]
        with disk_full_told():
            lines = [self._result(*numbered) for numbered in enumerate(results, 1)]
        notes = dict.fromkeys(note for result in results for note in result["notes"])
        told = {"notes": _lines(notes)} if notes else {}
        return told | {"done": _lines(lines)}

    def _result(self, number: int, result: dict[str, Any]) -> str:
        """Write a result; labels have no file, and get one."""
        if "blob" not in result:
            file = self.folder / f"{self.name}-{number}.json"
            put(file, json.dumps({"labels": result["labels"]}, ensure_ascii=False))
        else:
            file = self.folder / f"{self.name}-{number}.{format_of(result['content_type'])}"
            # A copy: what a tool does to its file must not change the server's.
            copy(self.jobs.blobs.path(result["blob"]), file)
        return f"{file.name} {_title(result['details'])}".strip()

    def _write(self, end: dict[str, str]) -> None:
        """Write how it ended, last of all what the tool waits for."""
        for suffix, text in end.items():
            try:
                put(self.file(suffix), text)
            except OSError:
                drop(self.file(suffix))
        for suffix in ("running", "progress", "cancel", "waiting"):
            drop(self.file(suffix))

    def _nothing(self) -> dict[str, str]:
        """Delete what was given, and tell nobody: the tool is gone."""
        for file in self._given:
            drop(file)
        return {}


def _title(details: dict[str, Any]) -> str:
    """What is known of a result, on one line."""
    told = [
        f"{key} {value:g}" if isinstance(value, float) else f"{key} {value}"
        for key, value in details.items()
    ]
    return ", ".join(told).replace("\n", " ")


def _told(error: ErrorBody) -> str:
    return _lines([error.message, error.hint])


def _lines(texts: Iterable[str]) -> str:
    return "".join(f"{' '.join(text.split())}\n" for text in texts)
