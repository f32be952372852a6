"""What can be asked for, as clients are told it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from creative_gen import __version__
from creative_gen.server.announcement import API
from creative_gen.server.errors import WireError
from creative_gen.server.limits import Limits
from creative_gen.server.supervisor import Supervisor
from creative_gen.store.card import CARD
from creative_gen.store.finder import asset_folders

START_SECONDS = 30.0
"""For a worker to start, when somebody asks before it has."""

LOOK_SECONDS = 1.0
"""Between two looks at the asset folders."""


class CapabilitiesSource:
    """The capabilities document, made again when something has changed.

    Args:
        supervisor: Supervisor. Its worker knows the tasks and assets.
        limits: Limits. Told, too.
        on_assets_changed: called when assets were added, removed or replaced.
    """

    def __init__(
        self, supervisor: Supervisor, limits: Limits, on_assets_changed: Callable[[], None]
    ) -> None:
        self._supervisor = supervisor
        self._limits = limits
        self._on_assets_changed = on_assets_changed
        self._seen = _cards()
        self._looked = 0.0
        self._made_of: tuple[dict[str, Any], list[str]] = {}, []
        self._document = b""

    @property
    def known(self) -> bool:
        """Whether a worker has told what it can do."""
        return self._supervisor.ready.is_set()

    async def current(self) -> bytes:
        """The document.

        Raises:
            WireError: `starting`.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout(START_SECONDS):
                await self._supervisor.ready.wait()
        if not self.known:
            raise WireError("starting", "The server is still starting.", "Try again in a moment.")
        self._look()
        told, loaded = self._supervisor.capabilities, self._supervisor.loaded
        if told is not self._made_of[0] or loaded != self._made_of[1]:
            self._made_of, self._document = (told, loaded), self._dumped()
        return self._document

    def _look(self) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._looked < LOOK_SECONDS:
            return
        self._looked, cards = now, _cards()
        if cards != self._seen:
            self._seen = cards
            self._on_assets_changed()

    def _dumped(self) -> bytes:
        told, loaded = self._supervisor.capabilities, set(self._supervisor.loaded)
        limits = self._limits
        document = {
            "version": __version__,
            "api": API,
            "tasks": told["tasks"],
            "assets": [one | {"loaded": one["name"] in loaded} for one in told["assets"]],
            "limits": {
                "blob_bytes": limits.blob_bytes,
                "sketch_points": limits.sketch_points,
                "queue": limits.queue,
            },
        }
        return json.dumps(document, separators=(",", ":")).encode()


def _cards() -> list[tuple[str, int]]:
    """Which assets there are, and when their cards were written."""
    cards = []
    for card in (folder / CARD for folder in asset_folders()):
        # An asset that is just being replaced is seen at the next look.
        with suppress(OSError):
            cards.append((str(card), card.stat().st_mtime_ns))
    return cards
