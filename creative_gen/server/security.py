"""Who may ask, and how much may be sent: looked at before anything else sees a request."""

from __future__ import annotations

import asyncio
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from creative_gen.server.errors import WireError, stopping
from creative_gen.server.limits import Limits

BYTES_PER_SECOND = 100_000
"""How slowly a body may come, beside what is waited for each at least."""

LOCKED = "default-src 'none'; frame-ancestors 'none'; sandbox"
"""The content security policy of all but the studio: whatever it is, it does nothing."""

HEADERS = {
    "cache-control": "no-store",
    "content-security-policy": LOCKED,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
"""Of every answer that does not have its own."""

_OPEN = re.compile(r"/|/studio/.*|/v1/health|/openapi\.json")
"""Paths that need no token."""

CONTENT_TYPE = re.compile(r"[A-Za-z0-9!#$&^_.+-]{1,60}/[A-Za-z0-9!#$&^_.+-]{1,60}")


@dataclass
class Door:
    """What a request has to show.

    Args:
        port: int. Where the server listens.
        token: str. What a client has read in `server.json`.
        closing: bool. Whether the server is stopping.
    """

    port: int
    token: str
    closing: bool = False

    @property
    def hosts(self) -> tuple[str, str]:
        """What `Host` may be."""
        return f"127.0.0.1:{self.port}", f"localhost:{self.port}"

    def check(self, path: str, headers: Mapping[str, str]) -> None:
        """Refuse a request that comes from elsewhere.

        Raises:
            WireError: `foreign_host`, `foreign_origin`, `wrong_token`.
        """
        if headers.get("host", "").lower() not in self.hosts:
            raise WireError(
                "foreign_host", "This is not the server's address.", f"Use {self.hosts[0]}."
            )
        origin = headers.get("origin")
        if origin is not None and origin not in [f"http://{host}" for host in self.hosts]:
            raise WireError(
                "foreign_origin",
                "A web page from elsewhere may not use this server.",
                f"Open http://{self.hosts[0]}/.",
            )
        if _OPEN.fullmatch(path) is None and not self._is_token(headers.get("authorization", "")):
            raise WireError(
                "wrong_token",
                "The server does not know this token.",
                "Read server.json again, or open the address that creative-gen serve prints.",
                {"WWW-Authenticate": "Bearer"},
            )

    def _is_token(self, given: str) -> bool:
        expected = f"Bearer {self.token}".encode()
        return hmac.compare_digest(given.encode("utf-8", "surrogateescape"), expected)


class Guard:
    """Refuses what may not come in, and bounds what may.

    Args:
        app: the application.
        door: Door. Who may come in.
        limits: Limits. How large bodies are, and how slow.
    """

    def __init__(self, app: ASGIApp, door: Door, limits: Limits) -> None:
        self._app = app
        self._door = door
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or have it answered."""
        if scope["type"] != "http":
            return
        hardened = _hardened(send)
        try:
            headers = Headers(scope=scope)
            self._door.check(scope["path"], headers)
            if self._door.closing and scope["method"] not in ("GET", "HEAD"):
                raise stopping()
            length = self._length(scope, headers)
            bounded = _bounded(receive, self._limits.body_seconds + length / BYTES_PER_SECOND)
            if scope["path"] == "/v1/jobs" and scope["method"] == "POST":
                bounded = await _read_whole(bounded)
        except WireError as error:
            await answer(error)(scope, receive, hardened)
            return
        await self._app(scope, bounded, hardened)

    def _length(self, scope: Scope, headers: Headers) -> int:
        """How long the body is, which is looked at before any of it is taken.

        Raises:
            WireError: `no_length`, `too_large`, `wrong_type`.
        """
        posted = scope["method"] in ("POST", "PUT", "PATCH")
        if "transfer-encoding" in headers or (posted and "content-length" not in headers):
            raise WireError(
                "no_length", "The length of the body is not told.", "Send Content-Length."
            )
        length = int(headers.get("content-length", 0))
        is_blob = scope["path"] == "/v1/blobs"
        most = self._limits.blob_bytes if is_blob else self._limits.json_bytes
        if length > most:
            raise WireError(
                "too_large",
                f"This has {length} bytes; {most} are the most that are taken.",
                "Send less: a smaller picture, a shorter sound, a simpler drawing.",
            )
        if posted:
            _check_type(headers.get("content-type"), is_blob)
        return length


def answer(error: WireError) -> JSONResponse:
    """The answer that an error is."""
    return JSONResponse(error.document.model_dump(), error.status, error.headers)


def _check_type(content_type: str | None, is_blob: bool) -> None:
    told = (content_type or "").partition(";")[0].strip().lower()
    if is_blob and told and CONTENT_TYPE.fullmatch(told) is None:
        raise WireError("wrong_type", "The Content-Type is none.", "Send one such as image/png.")
    if not is_blob and told != "application/json":
        raise WireError(
            "wrong_type", "The body is not JSON.", "Send it as Content-Type: application/json."
        )


def _bounded(receive: Receive, seconds: float) -> Receive:
    """Receives a body until a deadline; what comes after the body is waited for as ever."""
    deadline = asyncio.get_running_loop().time() + seconds
    whole = False

    async def receive_in_time() -> Message:
        nonlocal whole
        if whole:
            return await receive()
        try:
            async with asyncio.timeout_at(deadline):
                message = await receive()
        except TimeoutError:
            raise WireError(
                "too_slow",
                "The body did not come in time.",
                "Send it again.",
                {"Connection": "close"},
            ) from None
        whole = message["type"] != "http.request" or not message.get("more_body", False)
        return message

    return receive_in_time


async def _read_whole(receive: Receive) -> Receive:
    """Take a body; the application is given it in one piece."""
    parts: list[bytes] = []
    more = True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            break
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    given = False

    async def receive_again() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": b"".join(parts), "more_body": False}

    return receive_again


def _hardened(send: Send) -> Send:
    """Adds to answers what keeps browsers from doing anything with them."""

    async def send_hardened(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = {name.lower() for name, _ in message["headers"]}
            message["headers"] = [
                *message["headers"],
                *(one for one in _HEADERS if one[0] not in given),
            ]
        await send(message)

    return send_hardened


_HEADERS = [(name.encode("ascii"), text.encode("ascii")) for name, text in HEADERS.items()]
