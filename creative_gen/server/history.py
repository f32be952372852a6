"""What was asked for and made, kept over restarts: an SQLite database."""

from __future__ import annotations

import json
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

VERSION = 1

_SCHEMA = """
CREATE TABLE IF NOT EXISTS jobs (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    ended INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    document TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS blobs (
    id TEXT PRIMARY KEY,
    content_type TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    used REAL NOT NULL
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS uses (
    job TEXT NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
    blob TEXT NOT NULL REFERENCES blobs (id),
    PRIMARY KEY (job, blob)
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS uses_of_blob ON uses (blob);
"""

_UNUSED = "NOT EXISTS (SELECT 1 FROM uses WHERE uses.blob = blobs.id)"


@dataclass(frozen=True)
class BlobRecord:
    """What is known of a blob."""

    id: str
    content_type: str
    bytes: int


class History:
    """Jobs with their documents, blobs, and which job names which blob.

    Args:
        path: Path. The database; made if it is not there.

    Raises:
        sqlite3.Error: it is none, is of a later version, or cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._database = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        (version,) = self._database.execute("PRAGMA user_version").fetchone()
        if version > VERSION:
            self.close()
            raise sqlite3.DatabaseError("it was written by a later creative_gen")
        self._database.execute("PRAGMA journal_mode = WAL")
        # What a killed process has written is there; only a loss of power may take the last jobs.
        self._database.execute("PRAGMA synchronous = NORMAL")
        self._database.execute("PRAGMA foreign_keys = ON")
        # Writing into the database itself waits for the disk: `checkpoint` does that elsewhere.
        self._database.execute("PRAGMA wal_autocheckpoint = 0")
        self._database.executescript(_SCHEMA)
        self._database.execute(f"PRAGMA user_version = {VERSION}")

    def checkpoint(self) -> None:
        """Write what was kept into the database file. May be called in another thread."""
        with closing(sqlite3.connect(self._path)) as database:
            database.execute("PRAGMA wal_checkpoint(PASSIVE)")

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def keep_job(self, document: dict[str, Any], blobs: Iterable[str], ended: bool) -> None:
        """Keep a job's document, new or changed, and the blobs that it names."""
        text = json.dumps(document, separators=(",", ":"))
        with self._transaction():
            self._database.execute(
                "INSERT INTO jobs (id, ended, bytes, document) VALUES (?, ?, ?, ?) "
                "ON CONFLICT (id) DO UPDATE SET ended = excluded.ended, bytes = excluded.bytes, "
                "document = excluded.document",
                (document["id"], ended, len(text), text),
            )
            self._database.executemany(
                "INSERT OR IGNORE INTO uses (job, blob) VALUES (?, ?)",
                [(document["id"], blob) for blob in blobs],
            )

    def job(self, job: str) -> dict[str, Any] | None:
        """A job's document."""
        found = self._database.execute("SELECT document FROM jobs WHERE id = ?", (job,)).fetchone()
        return dict(json.loads(found[0])) if found else None

    def ended_jobs(self, limit: int, before: str | None = None) -> list[dict[str, Any]]:
        """Documents of ended jobs, the newest first.

        Args:
            limit: int. How many at most.
            before: str. Only those that were asked for before the job of this id.
        """
        query, given = "SELECT document FROM jobs WHERE ended", list[Any]()
        if before is not None:
            query += " AND number < (SELECT number FROM jobs WHERE id = ?)"
            given.append(before)
        rows = self._database.execute(f"{query} ORDER BY number DESC LIMIT ?", [*given, limit])
        return [json.loads(text) for (text,) in rows]

    def unended_jobs(self) -> list[dict[str, Any]]:
        """Documents of the jobs that had not ended when they were kept last."""
        rows = self._database.execute("SELECT document FROM jobs WHERE NOT ended ORDER BY number")
        return [json.loads(text) for (text,) in rows]

    def forget_job(self, job: str) -> bool:
        """Forget a job; whether there was one. Its blobs stay until `forget_unused`."""
        return self._database.execute("DELETE FROM jobs WHERE id = ?", (job,)).rowcount > 0

    def blobs_of(self, job: str) -> list[str]:
        """The ids of the blobs that a job names."""
        rows = self._database.execute("SELECT blob FROM uses WHERE job = ?", (job,))
        return [blob for (blob,) in rows]

    def oldest_jobs(self, limit: int) -> list[str]:
        """The ids of the ended jobs that were asked for first."""
        query = "SELECT id FROM jobs WHERE ended ORDER BY number LIMIT ?"
        return [job for (job,) in self._database.execute(query, (limit,))]

    def keep_blob(self, blob: BlobRecord) -> None:
        """Keep what is known of a blob, as used now."""
        self._database.execute(
            "INSERT INTO blobs VALUES (?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
            "content_type = excluded.content_type, used = excluded.used",
            (blob.id, blob.content_type, blob.bytes, time.time()),
        )

    def blob(self, blob: str) -> BlobRecord | None:
        """What is known of a blob."""
        query = "SELECT id, content_type, bytes FROM blobs WHERE id = ?"
        found = self._database.execute(query, (blob,)).fetchone()
        return BlobRecord(*found) if found else None

    def touch_blob(self, blob: str) -> None:
        """Say that a blob is used now."""
        self._database.execute("UPDATE blobs SET used = ? WHERE id = ?", (time.time(), blob))

    def unused_blobs(self, before: float) -> list[str]:
        """The ids of blobs that no job names and that were last used before a time."""
        query = f"SELECT id FROM blobs WHERE used < ? AND {_UNUSED}"
        return [blob for (blob,) in self._database.execute(query, (before,))]

    def forget_blob(self, blob: str) -> bool:
        """Forget a blob, unless a job names it; whether it was forgotten."""
        query = f"DELETE FROM blobs WHERE id = ? AND {_UNUSED}"
        return self._database.execute(query, (blob,)).rowcount > 0

    def blob_ids(self) -> set[str]:
        """The ids of all blobs."""
        return {blob for (blob,) in self._database.execute("SELECT id FROM blobs")}

    @property
    def bytes(self) -> int:
        """Bytes of the documents of all jobs and of the blobs that they name."""
        (documents,) = self._database.execute("SELECT COALESCE(SUM(bytes), 0) FROM jobs").fetchone()
        (files,) = self._database.execute(
            f"SELECT COALESCE(SUM(bytes), 0) FROM blobs WHERE NOT ({_UNUSED})"
        ).fetchone()
        return int(documents) + int(files)

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")
