"""Keeps a worker running, and gives it one order after another."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from creative_gen.server.errors import WireError
from creative_gen.server.limits import Limits
from creative_gen.server.worker_process import WorkerProcess

COMMAND = (sys.executable, "-P", "-m", "creative_gen.server.worker")
LONGEST_PAUSE = 30.0
"""Seconds between two starts of workers that die before they have done anything."""

ENDS = frozenset(("done", "failed", "cancelled"))


class Supervisor:
    """The worker, started anew whenever it has died.

    One coroutine at a time may use it: `idle` or `events`.

    Args:
        folder: Path. Where the worker puts the files that it makes.
        limits: Limits. How long it may say nothing.
        warm: tasks whose models are loaded when there is nothing else to do.
        command: the worker's command line, to which what it has to know is added.
    """

    def __init__(
        self,
        folder: Path,
        limits: Limits,
        warm: Sequence[str] = (),
        command: Sequence[str] = COMMAND,
    ) -> None:
        self.capabilities: dict[str, Any] = {}
        """The tasks and assets, as the worker told them last; nothing at first."""
        self.loaded: list[str] = []
        """The assets whose models are in its memory."""
        self.ready = asyncio.Event()
        """Set as soon as a worker has started and told what it can do."""
        self._command = (*command, str(folder), str(limits.memory_bytes))
        self._limits = limits
        self._warm = list(warm)
        self._cold: list[str] = []
        self._worker: WorkerProcess | None = None
        self._order: str | None = None
        # Workers that were started since one has last carried out an order.
        self._fruitless = 0

    @property
    def pid(self) -> int | None:
        """The worker's process id, if it runs."""
        return self._worker.pid if self._worker and not self._worker.ended.is_set() else None

    def described(self, task: str) -> dict[str, Any] | None:
        """What the worker told of a task; None if it has told nothing yet, or cannot do it."""
        tasks = self.capabilities.get("tasks", ())
        return next((one for one in tasks if one["name"] == task), None)

    async def events(self, order: dict[str, Any]) -> AsyncGenerator[dict[str, Any], None]:
        """Give the worker an order, and yield what it tells, up to how the order ended.

        Raises:
            WireError: `worker_died`, `worker_hung`, `out_of_memory`.
        """
        worker = await self._started()
        self._order, ended = order["job"], False
        try:
            worker.send(order)
            while True:
                message = await worker.receive(self._limits.hang_seconds)
                if message["job"] != order["job"]:
                    continue
                self.loaded = message.get("loaded", self.loaded)
                ended = message["kind"] in ENDS
                yield message
                if ended:
                    self._fruitless = 0
                    return
        finally:
            self._order = None
            if not ended:
                # Whoever asked looks no more, on a full disk, say: the next one need not wait.
                worker.send({"kind": "cancel", "job": order["job"]})

    def cancel(self, job: str) -> None:
        """Tell the worker to cancel an order, and kill it if that does not help soon."""
        worker = self._worker
        if worker is None or self._order != job:
            return
        worker.send({"kind": "cancel", "job": job})

        def kill_unless_ended() -> None:
            if self._order == job:
                worker.kill()

        asyncio.get_running_loop().call_later(self._limits.cancel_seconds, kill_unless_ended)

    async def idle(self, work: asyncio.Event) -> None:
        """Keep a worker ready, its models warm, until there is work."""
        while not work.is_set():
            if self.pid is None and self._fruitless > 1:
                with suppress(TimeoutError):
                    async with asyncio.timeout(min(2.0**self._fruitless, LONGEST_PAUSE)):
                        await work.wait()
                        return
            try:
                worker = await self._started()
                if self._cold:
                    await self._warm_up(self._cold.pop(0))
                else:
                    await _first(work, worker.ended)
            except WireError as error:
                print(f"creative-gen: {error} {error.body.hint}", file=sys.stderr, flush=True)

    async def describe(self) -> None:
        """Ask the worker again what it can do: the assets have changed."""
        async for message in self.events({"kind": "describe", "job": "describe"}):
            self.capabilities = message.get("capabilities", self.capabilities)

    async def stop(self) -> None:
        """End the worker."""
        if self._worker:
            await self._worker.stop()

    async def _warm_up(self, task: str) -> None:
        """Load what a task needs. One that ends the worker is not tried again."""
        try:
            async for _ in self.events({"kind": "warm", "job": f"warm {task}", "task": task}):
                pass
        except WireError:
            self._warm.remove(task)
            raise

    async def _started(self) -> WorkerProcess:
        """The worker; a new one if the last has ended."""
        if self._worker and not self._worker.ended.is_set():
            return self._worker
        self.loaded, self._cold = [], list(self._warm)
        self._fruitless += 1
        try:
            self._worker = await WorkerProcess.start(self._command)
        except OSError as error:
            raise WireError(
                "worker_died",
                f"The process that runs the models cannot be started: {error.strerror}.",
                "Install creative_gen again, or close other programs, and try again.",
            ) from error
        message = await self._worker.receive(self._limits.start_seconds)
        self.capabilities = message["capabilities"]
        self.ready.set()
        return self._worker


async def _first(*events: asyncio.Event) -> None:
    """Wait for the first of some events."""
    waiting = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for one in waiting:
            one.cancel()
