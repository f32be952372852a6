"""Files by the hash of their content, in the server's own folder."""

from __future__ import annotations

import errno
import hashlib
import shutil
import sqlite3
import tempfile
import time
from collections.abc import AsyncIterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from creative_gen.server.errors import WireError
from creative_gen.server.history import BlobRecord, History
from creative_gen.server.limits import Limits

FOLDER = "blobs"
UPLOADS = "uploads"


class Blobs:
    """The files that were sent and those that were made.

    Args:
        folder: Path. The server's data folder.
        history: History. Where it is kept what they are.
        limits: Limits. How large, and for how long.
    """

    def __init__(self, folder: Path, history: History, limits: Limits) -> None:
        self.folder = folder / FOLDER
        self._uploads = folder / UPLOADS
        self._history = history
        self._limits = limits
        # What an earlier server had begun to receive is of no use.
        shutil.rmtree(self._uploads, ignore_errors=True)
        for path in (self.folder, self._uploads):
            path.mkdir(mode=0o700, exist_ok=True)

    def path(self, blob: str) -> Path:
        """Where a blob's file is; the id is one of the history's."""
        return blob_path(self.folder, blob)

    def find(self, blob: str) -> BlobRecord:
        """What is known of a blob, which counts as used now.

        Raises:
            WireError: `unknown_blob`.
        """
        found = self._history.blob(blob)
        if found is None or not self.path(blob).is_file():
            raise WireError(
                "unknown_blob",
                "The file was never sent, or has expired.",
                "Send it again, and ask anew.",
            )
        self._history.touch_blob(blob)
        return found

    async def receive(self, content: AsyncIterable[bytes], content_type: str) -> BlobRecord:
        """Keep a file that is being sent.

        Raises:
            WireError: `disk_full`.
        """
        self._refuse_full_disk()
        whole, count = hashlib.sha256(), 0
        with disk_full_told(), self._draft() as file:
            async for part in content:
                whole.update(part)
                count += len(part)
                file.write(part)
            file.close()
            record = BlobRecord(whole.hexdigest(), content_type, count)
            self._take(Path(file.name), record.id)
            self._history.keep_blob(record)
        return record

    def made(self, blob: str, content_type: str, count: int) -> None:
        """Take note of a file that the worker has put into the folder."""
        self._history.keep_blob(BlobRecord(blob, content_type, count))

    def forget(self, blob: str) -> None:
        """Delete a blob, unless a job names it."""
        if self._history.forget_blob(blob):
            self.path(blob).unlink(missing_ok=True)

    def forget_expired(self) -> None:
        """Delete the blobs that no job names and nobody has used for long."""
        for blob in self._history.unused_blobs(time.time() - self._limits.blob_seconds):
            self.forget(blob)

    def forget_strays(self) -> None:
        """Delete files of which nothing is known: a server was killed before it took note."""
        known = self._history.blob_ids()
        for path in self.folder.glob("*/*"):
            if path.name not in known:
                path.unlink(missing_ok=True)

    @contextmanager
    def _draft(self) -> Iterator[IO[bytes]]:
        """A file to receive into, which is gone afterwards unless it was taken."""
        with tempfile.NamedTemporaryFile(dir=self._uploads, delete=False) as file:
            try:
                yield file
            finally:
                file.close()
                Path(file.name).unlink(missing_ok=True)

    def _take(self, source: Path, blob: str) -> None:
        """Give a received file its name, under which there is never a part of it."""
        target = self.path(blob)
        if not target.exists():
            target.parent.mkdir(mode=0o700, exist_ok=True)
            source.replace(target)

    def _refuse_full_disk(self) -> None:
        if shutil.disk_usage(self.folder).free < self._limits.free_bytes:
            raise disk_full()


@contextmanager
def disk_full_told() -> Iterator[None]:
    """Turn what the system says of a full disk into what a client is told."""
    try:
        yield
    except (OSError, sqlite3.OperationalError) as error:
        if is_disk_full(error):
            raise disk_full() from error
        raise


def blob_path(folder: Path, blob: str) -> Path:
    """Where the file of a blob is in the folder of all."""
    return folder / blob[:2] / blob


def is_disk_full(error: object) -> bool:
    """Whether an error is that nothing more can be written."""
    if isinstance(error, sqlite3.OperationalError):
        return error.sqlite_errorcode == sqlite3.SQLITE_FULL
    return isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT)


def disk_full() -> WireError:
    """What is told when nothing more can be written."""
    return WireError(
        "disk_full",
        "The disk is full.",
        "Delete files that are not needed, or history in the studio, and try again.",
    )
