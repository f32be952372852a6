"""How tools find the server: `server.json` in the runtime folder, and the lock on that folder."""

from __future__ import annotations

import json
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from creative_gen.interface.errors import CreativeGenError

API = 1
"""The wire's major version."""

FILE = "server.json"
LOCK = "server.lock"


class AlreadyRunning(CreativeGenError):
    """Another server uses the folder."""

    code = "already_running"


def hold_folder(folder: Path) -> IO[bytes]:
    """Take a folder for this server; the system gives it back when the process ends, however.

    Returns:
        A file, to be kept open.

    Raises:
        AlreadyRunning: another server has it.
    """
    file = (folder / LOCK).open("ab")
    if _locked(file):
        return file
    file.close()
    url = running_address(folder)
    raise AlreadyRunning(
        f"A server is running already{f' at {url}' if url else ''}.",
        "Use that one, or end it first with Ctrl-C where it runs.",
    )


def running_address(folder: Path) -> str | None:
    """The address, with its token, that a running server has announced."""
    try:
        told = json.loads((folder / FILE).read_text("utf-8"))
        return f"{told['url']}/#token={told['token']}"
    except (OSError, ValueError, KeyError, TypeError):
        return None


def announce(folder: Path, document: dict[str, Any]) -> None:
    """Write `server.json`: whole or not at all, and readable by the user alone.

    Raises:
        OSError: the folder cannot be written.
    """
    path = folder / f"{FILE}.{os.getpid()}"
    path.unlink(missing_ok=True)
    with open(
        os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8"
    ) as file:
        json.dump(document, file, ensure_ascii=False)
    path.replace(folder / FILE)


def withdraw(folder: Path) -> None:
    """Remove `server.json`, if it can be."""
    with suppress(OSError):
        (folder / FILE).unlink(missing_ok=True)


if sys.platform == "win32":
    import msvcrt

    def _locked(file: IO[bytes]) -> bool:
        try:
            msvcrt.locking(file.fileno(), msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _locked(file: IO[bytes]) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True
