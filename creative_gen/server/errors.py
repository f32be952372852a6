"""Errors of the wire: a status, a code, a sentence, and the fix."""

from __future__ import annotations

from collections.abc import Mapping

from creative_gen.server.documents import ErrorBody, ErrorDocument

STATUSES = {
    "invalid_request": 400,
    "invalid_media": 400,
    "unknown_task": 400,
    "unknown_asset": 400,
    "wrong_token": 401,
    "foreign_origin": 403,
    "foreign_host": 403,
    "not_found": 404,
    "unknown_job": 404,
    "unknown_blob": 404,
    "wrong_method": 405,
    "too_slow": 408,
    "job_ended": 409,
    "job_running": 409,
    "no_length": 411,
    "too_large": 413,
    "wrong_type": 415,
    "queue_full": 429,
    "fault": 500,
    "starting": 503,
    "stopping": 503,
    "too_many_connections": 503,
    "disk_full": 507,
}
"""The status of each code."""

_RETRYABLE = frozenset(
    ("too_slow", "queue_full", "starting", "stopping", "too_many_connections", "disk_full")
    + ("worker_died", "worker_hung", "out_of_memory")
)


class WireError(Exception):
    """An error as a client is told it.

    Args:
        code: str. One of `STATUSES`, or what a job fails with.
        message: str. One sentence: what is wrong.
        hint: str. What to do about it.
        headers: of the answer.
    """

    def __init__(
        self, code: str, message: str, hint: str, headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.headers = dict(headers or {})
        self.body = ErrorBody(code=code, message=message, hint=hint, retryable=code in _RETRYABLE)

    @property
    def status(self) -> int:
        """The status of its answer."""
        return STATUSES.get(self.code, 500)

    @property
    def document(self) -> ErrorDocument:
        """The answer's body."""
        return ErrorDocument(error=self.body)


def stopping() -> WireError:
    """What is told while the server stops, and of jobs that it did not get to."""
    return WireError(
        "stopping", "The server is stopping.", "Start it again: creative-gen serve", CLOSE
    )


def fault(error: BaseException) -> WireError:
    """What is told of an error that nobody has thought of."""
    return WireError(
        "fault",
        f"creative_gen has a fault: {type(error).__name__}.",
        "Please report it, with what the server has printed.",
    )


CLOSE = {"Connection": "close"}
"""Of answers after which nothing else can be understood."""
