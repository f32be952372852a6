"""The studio's files: a page for browsers that asks the server as any tool does."""

from __future__ import annotations

from pathlib import Path

from starlette.responses import Response

from creative_gen.server.errors import WireError
from creative_gen.store.locations import PACKAGE

INDEX = "index.html"

POLICY = (
    "default-src 'self'; img-src 'self' blob: data:; media-src 'self' blob:; style-src 'self'; "
    "script-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
"""Nothing from elsewhere, and nothing inline."""

CONTENT_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".mjs": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
"""What is served, by suffix."""


def studio_folder() -> Path:
    """Where the files are: in the package of a wheel, beside it in a checkout."""
    bundled = PACKAGE / "_plugins"
    return (bundled if bundled.is_dir() else PACKAGE.parent / "plugins") / "browser"


def studio_file(folder: Path, name: str) -> Response:
    """A file of the studio.

    Raises:
        WireError: `not_found`, for whatever is outside the folder, too.
    """
    try:
        path = (folder / name).resolve()
        if not path.is_relative_to(folder.resolve()) or path.suffix not in CONTENT_TYPES:
            raise not_found()
        content = path.read_bytes()
    except (OSError, ValueError):
        raise not_found() from None
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-cache"}
    return Response(content, media_type=CONTENT_TYPES[path.suffix], headers=headers)


def not_found() -> WireError:
    """What is told of addresses that there are not."""
    return WireError("not_found", "There is nothing at this address.", "See /openapi.json.")
