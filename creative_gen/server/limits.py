"""How much is taken from whoever asks, and how long is waited for it."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1 << 20


@dataclass(frozen=True)
class Limits:
    """Bounds; sizes in bytes, times in seconds.

    Args:
        blob_bytes: int. A file that is sent.
        json_bytes: int. A JSON body.
        sketch_points: int. Points of a drawing in a request.
        queue: int. Jobs that wait.
        connections: int. Open connections.
        header_seconds: float. For the head of a request to come.
        body_seconds: float. For a part of a body to come, and for an answer to be taken.
        idle_seconds: float. For another request to come.
        wait_seconds: float. That a long poll may last.
        blob_seconds: float. That a blob which no job names is kept after it was last used.
        history_bytes: int. Of the kept jobs and their files.
        free_bytes: int. Of the disk, that are left to others.
        hang_seconds: float. For the worker to tell of a running job.
        start_seconds: float. For the worker to start.
        cancel_seconds: float. For a cancelled job to end by itself.
        stop_seconds: float. For the running job to end when the server stops.
        memory_bytes: int. Of the worker, above which it forgets models.
    """

    blob_bytes: int = 128 * MEGABYTE
    json_bytes: int = 8 * MEGABYTE
    sketch_points: int = 100_000
    queue: int = 64
    connections: int = 256
    header_seconds: float = 10.0
    body_seconds: float = 20.0
    idle_seconds: float = 120.0
    wait_seconds: float = 30.0
    blob_seconds: float = 3600.0
    history_bytes: int = 2048 * MEGABYTE
    free_bytes: int = 64 * MEGABYTE
    hang_seconds: float = 120.0
    start_seconds: float = 120.0
    cancel_seconds: float = 5.0
    stop_seconds: float = 3.0
    memory_bytes: int = 1536 * MEGABYTE
