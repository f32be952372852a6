"""The spool: a folder for tools whose scripts cannot open a connection; see docs/wire.md."""

from __future__ import annotations

import asyncio
import os
import time
from contextlib import suppress
from pathlib import Path

from creative_gen.server.errors import WireError
from creative_gen.server.folders import private_folder
from creative_gen.server.jobs import Jobs
from creative_gen.server.limits import Limits
from creative_gen.server.spool_files import content_of, drop, is_plain, put
from creative_gen.server.spool_job import SpoolJob
from creative_gen.server.spool_request import is_whole
from creative_gen.store.locations import RUNTIME

POLL_SECONDS = 0.05
WRITING_SECONDS = 2.0
"""How long a request may be half-written before it is taken as it is."""

CLEAN_SECONDS = 600.0
DAY_SECONDS = 86_400.0


class Spool:
    """Takes requests from a folder, and writes results there.

    Args:
        folder: Path. Made when missing, for the user alone.
        jobs: Jobs. Runs them.
        limits: Limits. How large files may be.

    Raises:
        UnusableFolder: the folder cannot be made, or others may write there.
    """

    def __init__(self, folder: Path, jobs: Jobs, limits: Limits) -> None:
        self.folder = private_folder(folder, RUNTIME)
        self._jobs = jobs
        self._limits = limits
        self._taken: dict[str, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Take requests as they come, until cancelled; what runs then is told so."""
        self._answer_lost()
        cleaned = -CLEAN_SECONDS
        try:
            while True:
                # On a full disk, or a folder that is taken away, this is done again soon.
                with suppress(OSError):
                    if time.monotonic() - cleaned >= CLEAN_SECONDS:
                        self._clean()
                        cleaned = time.monotonic()
                    self._look()
                await asyncio.sleep(POLL_SECONDS)
        finally:
            await self._let_go()

    def _look(self) -> None:
        """Take the requests that are whole."""
        for name in self._names(".request"):
            if name not in self._taken:
                self._consider(name)

    def _consider(self, name: str) -> None:
        request = self.folder / f"{name}.request"
        try:
            text = content_of(request, self._limits.json_bytes)
            if not is_whole(text) and time.time() - request.lstat().st_mtime < WRITING_SECONDS:
                return
            os.replace(request, request.with_suffix(".running"))
        except WireError as error:
            drop(request)
            put(request.with_suffix(".error"), f"{error.body.message}\n{error.body.hint}\n")
            return
        except OSError:
            # The tool still has it open, or has taken it back.
            return
        job = SpoolJob(self.folder, name, self._jobs, self._limits)
        task = asyncio.create_task(job.run(text))
        self._taken[name] = task
        task.add_done_callback(lambda _: self._taken.pop(name))

    def _names(self, suffix: str) -> list[str]:
        try:
            names = os.listdir(self.folder)
        except FileNotFoundError:
            # Whoever cleans up folders for temporary files may have taken it.
            private_folder(self.folder, RUNTIME)
            return []
        plain = [name for name in names if is_plain(name) and name.endswith(suffix)]
        return sorted(name.removesuffix(suffix) for name in plain)

    def _answer_lost(self) -> None:
        """Tell the tools that wait for what an earlier server had begun."""
        for name in self._names(".running"):
            running = self.folder / f"{name}.running"
            told = "The server was stopped before this was done.\nAsk for it again.\n"
            # On a full disk its tool hears nothing; what can be asked for now is served.
            with suppress(OSError):
                put(running.with_suffix(".error"), told)
            for suffix in (".running", ".progress", ".cancel", ".waiting"):
                drop(running.with_suffix(suffix))

    def _clean(self) -> None:
        """Delete what is older than a day, and of no job."""
        oldest = time.time() - DAY_SECONDS
        for path in self.folder.iterdir():
            with suppress(OSError):
                is_of_a_job = self._is_of_a_job(path.name.lstrip(".").partition(".")[0])
                if path.lstat().st_mtime < oldest and not is_of_a_job:
                    drop(path)

    def _is_of_a_job(self, name: str) -> bool:
        return any(name == one or name.startswith(f"{one}-") for one in self._taken)

    async def _let_go(self) -> None:
        tasks = list(self._taken.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
