"""The jobs: taken, queued, run one after another, and kept."""

from __future__ import annotations

import asyncio
import sqlite3
import sys
import traceback
from collections import OrderedDict
from collections.abc import Sequence
from contextlib import aclosing, suppress
from typing import Any

from creative_gen.interface.errors import CreativeGenError, describe
from creative_gen.interface.tasks import Task, task_named
from creative_gen.server.blobs import Blobs, disk_full_told
from creative_gen.server.documents import InputValue, JobRequest
from creative_gen.server.errors import WireError, fault, stopping
from creative_gen.server.history import History
from creative_gen.server.job import Job
from creative_gen.server.job_options import check_options
from creative_gen.server.job_queue import JobQueue
from creative_gen.server.limits import Limits
from creative_gen.server.supervisor import Supervisor
from creative_gen.store.finder import find_assets

REMEMBERED = 32
"""Ended jobs that are answered for from memory; the others are in the history."""

_TAKEN = frozenset(("task", "asset", "on_chunk", "on_progress"))
"""What no option can be called; see `engine.registry.RESERVED`."""


class Jobs:
    """What is asked for over HTTP and through the spool goes through here.

    Use `submit`, then `Job.wait`, and `cancel`; `run` has to run meanwhile.

    Args:
        history: History. Where jobs are kept.
        blobs: Blobs. The files of their inputs and results.
        supervisor: Supervisor. Runs them.
        limits: Limits. How many may wait.
    """

    def __init__(
        self, history: History, blobs: Blobs, supervisor: Supervisor, limits: Limits
    ) -> None:
        self.blobs = blobs
        self._history = history
        self._supervisor = supervisor
        self._limits = limits
        self._queue = JobQueue()
        self._running: Job | None = None
        self._ended: OrderedDict[str, Job] = OrderedDict()
        self._work = asyncio.Event()
        self._stopping = False
        self._assets_changed = False
        self._fail_lost()

    @property
    def live(self) -> Sequence[Job]:
        """The jobs that have not ended, the running one first."""
        return [*([self._running] if self._running else []), *self._queue]

    def submit(self, request: JobRequest) -> Job:
        """Take a job.

        Raises:
            WireError: it cannot be what is meant, or there is no room for it.
        """
        if self._stopping:
            raise stopping()
        check_request(request, self._limits)
        # What is not known yet, because no worker has started, the worker itself refuses.
        described = self._supervisor.described(request.task)
        if described:
            check_options(described, request.asset, request.options)
        for given in request.inputs.values():
            if given.blob:
                self.blobs.find(given.blob)
        if len(self._queue) >= self._limits.queue:
            raise _queue_full(len(self._queue))
        job = Job(request, len(self.live))
        self._keep(job)
        self._queue.add(job)
        self._tell_places()
        self._work.set()
        return job

    def find(self, job: str) -> Job | None:
        """A job that has not ended, or not long ago."""
        live = next((one for one in self.live if one.id == job), None)
        return live or self._ended.get(job)

    def document(self, job: str) -> dict[str, Any]:
        """A job's document.

        Raises:
            WireError: `unknown_job`.
        """
        found = self.find(job)
        document = found.document if found else self._history.job(job)
        if document is None:
            raise _unknown_job()
        return document

    def cancel(self, job: str) -> dict[str, Any]:
        """Cancel a job, and give its document; one that runs ends a moment later.

        Raises:
            WireError: `unknown_job`, or `job_ended`.
        """
        document, found = self.document(job), self.find(job)
        if found is None or found.ended:
            raise WireError(
                "job_ended", f"The job has ended: it is {document['state']}.", "Ask for a new one."
            )
        found.cancelled = True
        if found is self._running:
            self._supervisor.cancel(found.id)
        else:
            self._queue.remove(found)
            found.be_cancelled()
            self._settle(found)
            self._tell_places()
        return found.document

    def history(self, limit: int, before: str | None) -> tuple[list[dict[str, Any]], bool]:
        """Documents of ended jobs, the newest first, and whether there are more."""
        found = self._history.ended_jobs(limit + 1, before)
        return found[:limit], len(found) > limit

    def forget(self, job: str) -> None:
        """Forget an ended job, and its files unless another job has them.

        Raises:
            WireError: `unknown_job`; `job_running` if it has not ended.
        """
        if any(one.id == job for one in self.live):
            raise WireError("job_running", "The job has not ended.", "Cancel it first.")
        self._ended.pop(job, None)
        blobs = self._history.blobs_of(job)
        if not self._history.forget_job(job):
            raise _unknown_job()
        for blob in blobs:
            self.blobs.forget(blob)

    async def run(self) -> None:
        """Run the jobs as they come, until cancelled."""
        while True:
            self._work.clear()
            if self._assets_changed:
                self._assets_changed = False
                await self._describe()
            if not self._queue:
                await self._supervisor.idle(self._work)
                continue
            self._running = self._queue.take()
            try:
                await self._run_one(self._running)
            finally:
                ended, self._running = self._running, None
                if not ended.ended:
                    ended.fail(stopping().body)
                self._settle(ended)
            self._tell_places()

    def note_assets_changed(self) -> None:
        """Ask the worker again what it can do, as soon as it has time."""
        self._assets_changed = True
        self._work.set()

    async def stop(self) -> None:
        """Take no more jobs, let the running one end if it soon does, and fail the others."""
        self._stopping = True
        while self._queue:
            job = self._queue.take()
            job.fail(stopping().body)
            self._settle(job)
        if self._running:
            await self._running.wait(None, self._limits.stop_seconds)

    async def _run_one(self, job: Job) -> None:
        job.begin()
        try:
            async with aclosing(self._supervisor.events(_order(job, self.blobs))) as events:
                async for event in events:
                    self._take(job, event)
        except WireError as error:
            if job.cancelled:
                job.be_cancelled()
            else:
                job.fail(error.body)
        except Exception as error:
            traceback.print_exception(error)
            job.fail(fault(error).body)

    def _take(self, job: Job, event: dict[str, Any]) -> None:
        """Take what the worker tells of a job."""
        if event["kind"] == "started":
            job.describe_ran(event["asset"], event["options"])
            if job.cancelled:
                # It was while the worker started, which could not be told so then.
                self._supervisor.cancel(job.id)
        elif event["kind"] == "progress":
            self._note_files(event["preview"])
            job.change(progress=event["fraction"], preview=event["preview"])
        elif event["kind"] == "done":
            self._note_files(event["results"])
            if job.cancelled:
                job.be_cancelled()
            else:
                job.finish(event["results"], event["provenance"])
        elif event["kind"] == "cancelled":
            job.be_cancelled()
        else:
            error = WireError(event["code"], event["message"], event["hint"])
            job.fail(error.body)

    async def _describe(self) -> None:
        with suppress(WireError):
            await self._supervisor.describe()

    def _note_files(self, made: list[dict[str, Any]]) -> None:
        for one in made:
            if "blob" in one:
                with disk_full_told():
                    self.blobs.made(one["blob"], one["content_type"], one["bytes"])

    def _tell_places(self) -> None:
        for place, job in enumerate(self._queue):
            job.move(place + 1 if self._running else place)

    def _keep(self, job: Job) -> None:
        with disk_full_told():
            self._history.keep_job(job.document, job.blobs, job.ended)

    def _settle(self, job: Job) -> None:
        """Keep a job that has ended."""
        try:
            self._keep(job)
        except (WireError, sqlite3.Error) as error:
            print(f"creative-gen: a job was not kept: {error}", file=sys.stderr, flush=True)
        self._ended[job.id] = job
        while len(self._ended) > REMEMBERED:
            self._ended.popitem(last=False)

    def shrink_history(self) -> None:
        """Forget the oldest jobs until the history is no larger than it may be."""
        while self._history.bytes > self._limits.history_bytes:
            oldest = self._history.oldest_jobs(20)
            if not oldest:
                return
            for job in oldest:
                self.forget(job)

    def _fail_lost(self) -> None:
        """Fail the jobs that an earlier server had not ended when it was killed."""
        for document in self._history.unended_jobs():
            error = stopping().body.model_copy(
                update={"message": "The server was stopped before this was done."}
            )
            document |= {"state": "failed", "place": 0, "preview": [], "error": error.model_dump()}
            document |= {"revision": document["revision"] + 1, "ended": document["created"]}
            self._history.keep_job(document, (), ended=True)


def check_request(request: JobRequest, limits: Limits) -> None:
    """Refuse what no worker needs to look at.

    Raises:
        WireError: with what is wrong, and the fix.
    """
    try:
        task = task_named(request.task)
    except CreativeGenError as error:
        report = describe(error)
        raise WireError(report.code, report.message, report.hint) from error
    if request.asset is not None and request.asset not in find_assets():
        raise WireError(
            "unknown_asset",
            f"There is no asset '{request.asset}'.",
            f"Leave it out, or choose one of {', '.join(find_assets())}.",
        )
    inputs = {one.name: one for one in task.inputs}
    for name, given in request.inputs.items():
        if name not in inputs:
            raise _invalid(f"{task.name} takes no input '{name}'.", _takes(task))
        _check_input(name, given, inputs[name].medium, limits)
    missing = [name for name, one in inputs.items() if one.required and name not in request.inputs]
    if missing:
        raise _invalid(f"{task.name} needs the input '{missing[0]}'.", _takes(task))
    odd = [name for name in request.options if name in inputs or name in _TAKEN]
    if odd:
        raise _invalid(f"{task.name} has no option '{odd[0]}'.", "Leave it out.")


def _check_input(name: str, given: InputValue, medium: str, limits: Limits) -> None:
    if given.sketch is None:
        return
    if medium != "sketch":
        raise _invalid(f"The input '{name}' is no drawing.", 'Send a file, and give {"blob": id}.')
    if given.sketch.points > limits.sketch_points:
        raise WireError(
            "too_large",
            f"The drawing '{name}' has more than {limits.sketch_points} points.",
            "Draw less, or simplify it.",
        )


def _takes(task: Task) -> str:
    return f"It takes {', '.join(one.name for one in task.inputs) or 'none'}."


def _order(job: Job, blobs: Blobs) -> dict[str, Any]:
    """What the worker is told to do."""
    request = job.request
    inputs: dict[str, Any] = {}
    for name, given in request.inputs.items():
        if given.blob:
            record = blobs.find(given.blob)
            path = str(blobs.path(given.blob))
            inputs[name] = {"path": path, "content_type": record.content_type}
        elif given.sketch:
            inputs[name] = {"sketch": given.sketch.model_dump(mode="json")}
    return {
        "kind": "run",
        "job": job.id,
        "task": request.task,
        "asset": request.asset,
        "inputs": inputs,
        "options": request.options,
        "format": request.format,
    }


def _invalid(message: str, hint: str) -> WireError:
    return WireError("invalid_request", message, hint)


def _unknown_job() -> WireError:
    return WireError("unknown_job", "There is no such job.", "It may have been forgotten.")


def _queue_full(waiting: int) -> WireError:
    return WireError(
        "queue_full",
        f"{waiting} jobs are waiting already.",
        "Try again in a moment.",
        {"Retry-After": "1"},
    )
