"""A short load: benchmarks/server_load.py is the long one, with real models."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.server_load import Address, put_under_load
from tests.server.started import TOKEN, Started


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="looks into /proc")
def test_clients_get_their_own_though_workers_are_killed(starting: Callable[..., Started]) -> None:
    server = starting({"queue": 4})
    server.end_of(server.submit())
    address = Address(server.port, TOKEN, server.process.pid)
    load = put_under_load(address, clients=8, seconds=4.0, kills=2)
    assert load.wrong == []
    assert load.kills == 2
    # Each kill costs the running job, if one ran, and no other.
    assert load.counts["worker_died"] <= 2
    assert set(load.counts) <= {"done", "worker_died", "queue_full"}
    assert load.counts["done"] > 8
    assert load.spread(load.server, since=1.0) < 0.1
