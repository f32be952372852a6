"""A connection: how many there may be, and how long one may take."""

from __future__ import annotations

import asyncio
import json

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from creative_gen.server.errors import WireError
from creative_gen.server.limits import Limits


def connection_class(limits: Limits) -> type[asyncio.Protocol]:
    """uvicorn's HTTP/1.1 protocol, which does not wait for ever."""

    class Connection(H11Protocol):
        """Closed if the head of a request, or the taking of an answer, takes too long."""

        _deadline: asyncio.TimerHandle | None = None
        _stalled: asyncio.TimerHandle | None = None

        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            if len(self.connections) > limits.connections:
                self._refuse(_too_many(limits.connections))
            else:
                self._watch()

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            self._watch()

        def on_response_complete(self) -> None:
            super().on_response_complete()
            self._watch()

        def pause_writing(self) -> None:
            super().pause_writing()
            self._stalled = self.loop.call_later(limits.body_seconds, self.transport.abort)

        def resume_writing(self) -> None:
            super().resume_writing()
            _cancel(self._stalled)

        def connection_lost(self, exc: Exception | None) -> None:
            _cancel(self._deadline)
            _cancel(self._stalled)
            self._unset_keepalive_if_required()
            super().connection_lost(exc)

        def send_400_response(self, msg: str) -> None:
            self._refuse(
                WireError("invalid_request", "This is not HTTP/1.1.", "Use an HTTP library.")
            )

        def _watch(self) -> None:
            """See to it that a head, or a body that was refused, is whole soon."""
            if self.cycle is not None and not self.cycle.response_complete:
                # A request is being answered: `security` looks after its body.
                self._drop_deadline()
            elif self.cycle is not None and self._is_idle():
                self._drop_deadline()
                if self.timeout_keep_alive_task is None:
                    self.timeout_keep_alive_task = self.loop.call_later(
                        self.timeout_keep_alive, self.timeout_keep_alive_handler
                    )
            elif self._deadline is None:
                self._deadline = self.loop.call_later(limits.header_seconds, self.transport.abort)

        def _drop_deadline(self) -> None:
            _cancel(self._deadline)
            self._deadline = None

        def _is_idle(self) -> bool:
            """Whether all that has come is dealt with."""
            return self.conn.their_state is h11.IDLE and not self.conn.trailing_data[0]

        def _refuse(self, error: WireError) -> None:
            body = json.dumps(error.document.model_dump()).encode()
            head = (
                f"HTTP/1.1 {error.status} {_PHRASES[error.status]}\r\n"
                f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
                "Connection: close\r\n\r\n"
            )
            self.transport.write(head.encode("ascii") + body)
            self.transport.close()

    return Connection


_PHRASES = {400: "Bad Request", 503: "Service Unavailable"}


def _cancel(timer: asyncio.TimerHandle | None) -> None:
    if timer is not None:
        timer.cancel()


def _too_many(most: int) -> WireError:
    return WireError(
        "too_many_connections",
        f"{most} connections are open already.",
        "Close tools that you do not use, and try again.",
    )
