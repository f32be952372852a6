"""A job: what was asked, how it stands, and what came of it."""

from __future__ import annotations

import asyncio
import time
import uuid
from contextlib import suppress
from typing import Any

from creative_gen.server.documents import ErrorBody, JobRequest

ENDED = frozenset(("done", "failed", "cancelled"))


class Job:
    """The job document of docs/wire.md, and who waits for it to change.

    Args:
        request: JobRequest. Checked.
        place: int. How many jobs are before it.
    """

    def __init__(self, request: JobRequest, place: int) -> None:
        self.request = request
        self.cancelled = False
        """Whether somebody has asked for it to be cancelled."""
        self.blobs = {one.blob for one in request.inputs.values() if one.blob}
        """The files that it keeps from expiring."""
        self.document: dict[str, Any] = {
            "id": uuid.uuid4().hex,
            "revision": 1,
            "task": request.task,
            "asset": request.asset,
            "tool": request.tool,
            "state": "queued",
            "place": place,
            "progress": 0.0,
            "preview": [],
            "results": [],
            "request": request.model_dump(mode="json", exclude_none=True)
            | {"asset": request.asset, "format": request.format, "tool": request.tool}
            | {"options": dict(request.options)},
            "provenance": None,
            "error": None,
            "created": time.time(),
            "started": None,
            "ended": None,
        }
        self._changed = asyncio.Event()

    @property
    def id(self) -> str:
        """What it is called."""
        return str(self.document["id"])

    @property
    def revision(self) -> int:
        """Counts its changes."""
        return int(self.document["revision"])

    @property
    def ended(self) -> bool:
        """Whether it will not change any more."""
        return self.document["state"] in ENDED

    def change(self, **fields: Any) -> None:
        """Set fields of the document, and wake who waits."""
        self.document |= fields
        self.document["revision"] += 1
        self._changed.set()
        self._changed = asyncio.Event()

    def move(self, place: int) -> None:
        """Tell a place in the queue."""
        if place != self.document["place"]:
            self.change(place=place)

    def begin(self) -> None:
        """It runs."""
        self.change(state="running", place=0, started=time.time())

    def describe_ran(self, asset: str, options: dict[str, Any]) -> None:
        """Complete the request: sent again, it makes the same."""
        request = self.document["request"] | {"asset": asset, "options": options}
        self.change(asset=asset, request=request)

    def finish(self, results: list[dict[str, Any]], provenance: dict[str, Any]) -> None:
        """It has made something."""
        self.blobs |= {result["blob"] for result in results if "blob" in result}
        self._end("done", progress=1.0, results=results, provenance=provenance)

    def fail(self, error: ErrorBody) -> None:
        """It has made nothing."""
        self._end("failed", error=error.model_dump())

    def be_cancelled(self) -> None:
        """Nobody wants it any more."""
        self._end("cancelled")

    async def wait(self, since: int | None, seconds: float) -> None:
        """Wait until it has ended, or its revision is above `since`."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                while not self.ended and (since is None or self.revision <= since):
                    await self._changed.wait()

    def _end(self, state: str, **fields: Any) -> None:
        self.change(state=state, place=0, preview=[], ended=time.time(), **fields)
