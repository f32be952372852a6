"""The client as tools import it: a file beside the plugin, not a part of the package."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from tests.plugins.client.stand_in import StandIn, running
from tests.plugins.conftest import CLIENT


def load(file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location("creative_gen_client", file)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def client_module() -> ModuleType:
    return load(CLIENT / "creative_gen_client.py")


@pytest.fixture
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The runtime folder, without a server."""
    folder = tmp_path / "runtime"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("CREATIVE_GEN_RUNTIME_DIR", str(folder))
    return folder


@pytest.fixture
def stand_in(runtime: Path) -> Iterator[StandIn]:
    """A stand-in for the server, which the client finds."""
    with running() as server:
        server.describe(runtime)
        yield server
