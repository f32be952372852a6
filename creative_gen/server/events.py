"""Server-sent events: a job's document at every change."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

from creative_gen.server.job import Job

SILENCE_SECONDS = 15.0
"""After which a comment is sent, so that nobody thinks that the connection is lost."""


async def job_events(job: Job | dict[str, Any]) -> AsyncIterator[bytes]:
    """The events of a job, from how it stands now to how it ends.

    Args:
        job: Job; or the document of one that ended before.
    """
    if not isinstance(job, Job):
        yield event_bytes(job)
        return
    told = 0
    while True:
        if job.revision > told:
            told = job.revision
            yield event_bytes(job.document)
        if job.ended:
            return
        await job.wait(told, SILENCE_SECONDS)
        if job.revision == told:
            yield b": waiting\n\n"


def event_bytes(document: dict[str, Any]) -> bytes:
    """One event."""
    data = json.dumps(document, separators=(",", ":"))
    return f"event: job\nid: {document['revision']}\ndata: {data}\n\n".encode()
