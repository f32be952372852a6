"""The doctor looks at the real server."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from creative_gen import __version__
from creative_gen.tools.finding import Finding
from creative_gen.tools.server_health import check_models, check_server
from tests.plugins.conftest import Server


@pytest.fixture
def looked(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of `server.json`, which the doctor finds."""
    folder = tmp_path / "runtime"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("CREATIVE_GEN_RUNTIME_DIR", str(folder))
    file = folder / "server.json"
    file.write_bytes((server.runtime / "server.json").read_bytes())
    return file


def broken(version: str = __version__) -> list[Finding]:
    return [finding for finding in check_server(version) if finding.state == "broken"]


def test_a_server_that_works(looked: Path) -> None:
    found = list(check_server(__version__))
    assert {(finding.check, finding.state) for finding in found} == {
        ("server", "ok"),
        ("worker", "ok"),
    }


def test_a_server_of_another_version(looked: Path) -> None:
    [finding] = broken("99.0")
    assert "99.0" in finding.message and __version__ in finding.message
    assert "creative-gen serve" in finding.fix


def test_a_token_that_is_not_the_servers(looked: Path) -> None:
    looked.write_text(json.dumps(json.loads(looked.read_text()) | {"token": "wrong"}))
    [finding] = broken()
    assert "token" in finding.message and "creative-gen serve" in finding.fix


def test_a_folder_that_others_may_enter(looked: Path) -> None:
    looked.parent.chmod(0o755)
    [finding] = broken()
    assert "alone" in finding.message and finding.fix


def test_every_task_of_the_shipped_models_has_one() -> None:
    assert [finding.state for finding in check_models()] == ["ok"]
