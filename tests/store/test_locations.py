"""Where the user's folders are, on each system."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import pytest

from creative_gen.store.finder import user_assets
from creative_gen.store.locations import user_data, user_runtime
from creative_gen.tools.record import records_folder

OWN = ("CREATIVE_GEN_ASSETS", "CREATIVE_GEN_DATA", "CREATIVE_GEN_RUNTIME_DIR")
SYSTEM = ("XDG_DATA_HOME", "XDG_RUNTIME_DIR", "LOCALAPPDATA")


@pytest.fixture(autouse=True)
def at_home(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in OWN + SYSTEM:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", "/homes/me")


def test_the_own_variables_come_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", "/data")
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/run/me")
    assert user_data() == Path("/data/creative_gen")
    assert user_runtime() == Path("/run/me/creative_gen")
    monkeypatch.setenv("CREATIVE_GEN_DATA", "/disk")
    monkeypatch.setenv("CREATIVE_GEN_RUNTIME_DIR", "/now")
    assert user_data() == Path("/disk") and user_runtime() == Path("/now")
    assert records_folder() == Path("/disk/plugins")
    assert user_assets() == Path("/data/creative_gen/assets"), "assets are not moved by it"


@pytest.mark.parametrize(
    ("platform", "data", "runtime"),
    [
        ("linux", "/homes/me/.local/share/creative_gen", None),
        (
            "darwin",
            "/homes/me/Library/Application Support/creative_gen",
            "/homes/me/Library/Caches/creative_gen",
        ),
        ("win32", "/local/creative_gen/data", "/local/creative_gen/runtime"),
    ],
)
def test_each_system_has_its_own(
    monkeypatch: pytest.MonkeyPatch, platform: str, data: str, runtime: str | None
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setenv("LOCALAPPDATA", "/local")
    assert user_data() == Path(data)
    assert user_assets() == Path(data) / "assets"
    assert records_folder() == Path(data) / "plugins"
    found = user_runtime()
    if runtime is None:
        assert found.parent == Path(tempfile.gettempdir())
        assert found.name.startswith("creative_gen-")
    else:
        assert found == Path(runtime)
