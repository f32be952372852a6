"""What the tests of the server share: one server that nobody stops or breaks for good."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.server.started import Started, start


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Started]:
    """A server for all tests; its worker may be killed."""
    server = start(
        tmp_path_factory.mktemp("served"),
        {"hang_seconds": 1.5, "cancel_seconds": 1.0, "queue": 4, "blob_bytes": 2 << 20}
        | {"json_bytes": 1 << 20, "sketch_points": 1000, "header_seconds": 1.0}
        | {"body_seconds": 1.0, "connections": 40},
    )
    yield server
    assert server.stop() == 0, server.log()
    assert server.process.stdout is not None
    server.process.stdout.close()


@pytest.fixture
def starting(tmp_path: Path) -> Iterator[Callable[..., Started]]:
    """Starts servers of a test's own in its folder; ends them."""
    servers: list[Started] = []

    def start_one(*given: Any, **settings: Any) -> Started:
        servers.append(start(tmp_path, *given, **settings))
        return servers[-1]

    yield start_one
    for server in servers:
        server.disconnect()
        if server.process.poll() is None:
            server.stop()
        assert server.process.stdout is not None
        server.process.stdout.close()


@pytest.fixture(autouse=True)
def disconnected(request: pytest.FixtureRequest) -> Iterator[None]:
    """No connection is left to the next test."""
    yield
    if "served" in request.fixturenames:
        request.getfixturevalue("served").disconnect()
