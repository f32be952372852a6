"""The whole server: its parts put together, started, and stopped in order."""

from __future__ import annotations

import asyncio
import os
import secrets
import signal
import socket
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import uvicorn

from creative_gen import __version__
from creative_gen.interface.errors import CreativeGenError
from creative_gen.server.announcement import API, announce, hold_folder, withdraw
from creative_gen.server.app import create_app
from creative_gen.server.blobs import Blobs
from creative_gen.server.capabilities import CapabilitiesSource
from creative_gen.server.connection import connection_class
from creative_gen.server.folders import private_folder
from creative_gen.server.history import History
from creative_gen.server.jobs import Jobs
from creative_gen.server.limits import Limits
from creative_gen.server.security import Door, Guard
from creative_gen.server.spool import Spool
from creative_gen.server.supervisor import COMMAND, Supervisor
from creative_gen.store.locations import DATA, RUNTIME, user_data, user_runtime

HOST = "127.0.0.1"
DATABASE = "history.sqlite"
SPOOL = "spool"
LEAVING_SECONDS = 2
"""For answers to be sent when the server stops."""

CHECKPOINT_SECONDS = 10.0
TIDYING_SECONDS = 60.0


class CannotServe(CreativeGenError):
    """Something that the server needs is not there."""

    code = "cannot_serve"


@dataclass(frozen=True)
class Settings:
    """What a server is started with.

    Args:
        port: int. 0 for any.
        token: str. Made up if it is empty.
        warm: tasks whose models are loaded at once.
        limits: Limits.
        worker: the worker's command line.
    """

    port: int = 0
    token: str = ""
    warm: tuple[str, ...] = ()
    limits: Limits = field(default_factory=Limits)
    worker: Sequence[str] = COMMAND


def serve(settings: Settings, on_start: Callable[[str], None]) -> None:
    """Serve until told to stop.

    Args:
        settings: Settings.
        on_start: called with the studio's address as soon as it answers.

    Raises:
        AlreadyRunning: there is a server.
        UnusableFolder: the runtime folder or the data folder cannot be used.
        CannotServe: the port is taken, or the history cannot be opened.
    """
    runtime = private_folder(user_runtime(), RUNTIME)
    data = private_folder(user_data() / "server", DATA)
    with ExitStack() as stack:
        for folder in (runtime, data):
            stack.enter_context(hold_folder(folder))
        listener = stack.enter_context(listening(settings.port))
        history = stack.enter_context(opened_history(data / DATABASE))
        asyncio.run(_Service(settings, runtime, data, history).run(listener, on_start))


def listening(port: int) -> socket.socket:
    """A socket that listens on this machine only.

    Raises:
        CannotServe: the port is taken.
    """
    # asyncio turns Nagle's algorithm off only where the protocol is named: 45 ms an answer.
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    if os.name == "posix":
        # A port that was just given up can be had; elsewhere this would share one that is used.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        listener.listen(128)
    except OSError as error:
        listener.close()
        raise CannotServe(
            f"The port {port} cannot be used: {error.strerror}.",
            "Leave --port out, and a free one is taken.",
        ) from error
    return listener


@contextmanager
def opened_history(path: Path) -> Iterator[History]:
    """The history.

    Raises:
        CannotServe: it cannot be opened.
    """
    try:
        history = History(path)
    except sqlite3.Error as error:
        raise CannotServe(
            f"The history in '{path}' cannot be opened: {error}.",
            f"Make room on the disk, or move the file away; {DATA} names another folder.",
        ) from error
    try:
        yield history
    finally:
        history.close()


class _Service:
    """A running server."""

    def __init__(self, settings: Settings, runtime: Path, data: Path, history: History) -> None:
        limits = settings.limits
        self._settings = settings
        self._runtime = runtime
        self._history = history
        self._blobs = Blobs(data, history, limits)
        self._supervisor = Supervisor(self._blobs.folder, limits, settings.warm, settings.worker)
        self._jobs = Jobs(history, self._blobs, self._supervisor, limits)
        self._spool = Spool(runtime / SPOOL, self._jobs, limits)
        self._told_to_stop = asyncio.Event()

    async def run(self, listener: socket.socket, on_start: Callable[[str], None]) -> None:
        port = listener.getsockname()[1]
        door = Door(port, self._settings.token or secrets.token_urlsafe(32))
        server = self._http_server(door)
        running = asyncio.create_task(server.serve([listener]))
        parts = (self._jobs.run(), self._spool.run(), self._tidy(), self._told_to_stop.wait())
        working = [asyncio.create_task(one) for one in parts]
        with self._signals():
            try:
                while not server.started and not running.done():
                    await asyncio.sleep(0.01)
                self._announce(door)
                on_start(f"http://{HOST}:{port}/#token={door.token}")
                # All but the last end only if they have a fault.
                done, _ = await asyncio.wait(working, return_when=asyncio.FIRST_COMPLETED)
                for task in done:
                    task.result()
            finally:
                door.closing = True
                withdraw(self._runtime)
                await self._jobs.stop()
                for task in working:
                    task.cancel()
                await asyncio.gather(*working, return_exceptions=True)
                server.should_exit = True
                await running
                await self._supervisor.stop()

    def _http_server(self, door: Door) -> _HttpServer:
        limits = self._settings.limits
        source = CapabilitiesSource(self._supervisor, limits, self._jobs.note_assets_changed)
        app = Guard(create_app(self._jobs, source, door), door, limits)
        return _HttpServer(
            uvicorn.Config(
                app,
                http=connection_class(limits),
                ws="none",
                lifespan="off",
                interface="asgi3",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                timeout_keep_alive=int(limits.idle_seconds),
                timeout_graceful_shutdown=LEAVING_SECONDS,
            )
        )

    def _announce(self, door: Door) -> None:
        document = {
            "url": f"http://{HOST}:{door.port}",
            "token": door.token,
            "pid": os.getpid(),
            "version": __version__,
            "api": API,
            "spool": str(self._runtime / SPOOL),
        }
        try:
            announce(self._runtime, document)
        except OSError as error:
            raise CannotServe(
                f"The folder '{self._runtime}' cannot be written: {error.strerror}.",
                f"Make room there, or name another folder with {RUNTIME}.",
            ) from error

    async def _tidy(self) -> None:
        """Forget what is old, now and then."""
        self._blobs.forget_strays()
        rounds = 0
        while True:
            if rounds % round(TIDYING_SECONDS / CHECKPOINT_SECONDS) == 0:
                self._jobs.shrink_history()
                self._blobs.forget_expired()
            rounds += 1
            await asyncio.sleep(CHECKPOINT_SECONDS)
            with suppress(sqlite3.Error):
                await asyncio.to_thread(self._history.checkpoint)

    @contextmanager
    def _signals(self) -> Iterator[None]:
        """Stop when told to."""
        loop = asyncio.get_running_loop()

        def stop(*_: object) -> None:
            loop.call_soon_threadsafe(self._told_to_stop.set)

        before = {one: signal.signal(one, stop) for one in (signal.SIGINT, signal.SIGTERM)}
        try:
            yield
        finally:
            for one, handler in before.items():
                signal.signal(one, handler)


class _HttpServer(uvicorn.Server):
    """uvicorn, which leaves signals to the service."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield
