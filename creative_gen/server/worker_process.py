"""The worker's process, seen from the server: orders in, messages out, one JSON line each."""

from __future__ import annotations

import asyncio
import json
import os
import signal
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from creative_gen.server.errors import WireError
from creative_gen.server.process_memory import oom_kills

LARGEST_MESSAGE = 256 << 20
"""Bytes of a message: JSON, never pickle, because the worker may have read anything."""

ENDING_SECONDS = 1.0


class WorkerProcess:
    """A running worker.

    Args:
        process: its process, with pipes to and from it.
    """

    def __init__(self, process: Process) -> None:
        self._process = process
        self._messages: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()
        self._oom_kills = oom_kills()
        self._pump = asyncio.create_task(self._read())
        self.ended = asyncio.Event()
        """Set when it tells nothing any more."""

    @classmethod
    async def start(cls, command: Sequence[str]) -> WorkerProcess:
        """Start one.

        Raises:
            OSError: it cannot be started.
        """
        # The matrices of a sampler are too small to share out: threads only wait for each other.
        environment = {"OPENBLAS_NUM_THREADS": "1"} | os.environ
        return cls(
            await asyncio.create_subprocess_exec(
                *command, stdin=PIPE, stdout=PIPE, env=environment, limit=LARGEST_MESSAGE
            )
        )

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    def send(self, order: dict[str, Any]) -> None:
        """Send an order; one that has died takes none."""
        assert self._process.stdin is not None
        with suppress(OSError):
            self._process.stdin.write(json.dumps(order, separators=(",", ":")).encode() + b"\n")

    async def receive(self, seconds: float) -> dict[str, Any]:
        """The next message.

        Raises:
            WireError: `worker_died` or `out_of_memory`; `worker_hung` if there is none in time,
                and then it is killed.
        """
        try:
            async with asyncio.timeout(seconds):
                message = await self._messages.get()
        except TimeoutError:
            self.kill()
            await self.ended.wait()
            raise _hung(seconds) from None
        if message is None:
            # For whoever asks next.
            self._messages.put_nowait(None)
            raise self._death(await self._process.wait())
        return message

    def kill(self) -> None:
        """End it at once."""
        with suppress(ProcessLookupError):
            self._process.kill()

    async def stop(self) -> None:
        """End it, in peace if it soon does."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        with suppress(TimeoutError):
            async with asyncio.timeout(ENDING_SECONDS):
                await self._process.wait()
        self.kill()
        await self._process.wait()
        await self._pump

    async def _read(self) -> None:
        """Take messages as they come, so that it never waits for the server."""
        assert self._process.stdout is not None
        try:
            while line := await self._process.stdout.readline():
                self._messages.put_nowait(json.loads(line))
        except (OSError, ValueError):
            self.kill()
        finally:
            self._messages.put_nowait(None)
            self.ended.set()

    def _death(self, status: int) -> WireError:
        if status == -getattr(signal, "SIGKILL", 9) and oom_kills() > self._oom_kills:
            return out_of_memory()
        how = f"signal {-status}" if status < 0 else f"status {status}"
        return WireError(
            "worker_died",
            f"The process that runs the models ended unexpectedly ({how}).",
            "Try again: it is started anew. If it ends again, ask for less, or use another asset.",
        )


def out_of_memory() -> WireError:
    """What is told when there is not enough memory."""
    return WireError(
        "out_of_memory",
        "There was not enough memory for this.",
        "Close other programs, or ask for less: a smaller picture, fewer variations.",
    )


def _hung(seconds: float) -> WireError:
    return WireError(
        "worker_hung",
        f"The process that runs the models has told nothing for {seconds:g} seconds; it was ended.",
        "Try again: it is started anew. If it hangs again, ask for less, or use another asset.",
    )
