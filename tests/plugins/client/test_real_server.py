"""The client against the real server, and starting it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.plugins.client.conftest import load
from tests.plugins.conftest import CLIENT, ROOT, Server

ENDED = "The server ended while it started"
SKETCH = {"strokes": [[[20, 20], [60, 70], [110, 40]]], "size": [200, 200]}


@pytest.fixture
def client(
    client_module: ModuleType, server: Server, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Any]:
    monkeypatch.setenv("CREATIVE_GEN_RUNTIME_DIR", str(server.runtime))
    with client_module.connect("mine") as connected:
        yield connected


def test_a_sketch_is_finished_and_made_again(client: Any, client_module: ModuleType) -> None:
    states: list[str] = []
    job = client.submit(
        "sketch.complete",
        {"sketch": {"sketch": SKETCH}},
        {"count": 2, "category": "cat"},
        on_change=lambda document: states.append(document["state"]),
        fetch=True,
    )
    document = job.result(120)
    assert states == sorted(states, key=["queued", "running", "done"].index)
    assert states[-1] == "done"
    for result in document["results"]:
        assert result["sketch"]["strokes"][0] == SKETCH["strokes"][0]
        assert job.file(result["blob"]).startswith(b"<")
    again = client.repeat(document["request"]).result(120)
    assert [one["sketch"] for one in again["results"]] == [
        one["sketch"] for one in document["results"]
    ]
    assert again["id"] in [one["id"] for one in client.history(5)["jobs"]]


def test_what_the_server_refuses_is_told(client: Any, client_module: ModuleType) -> None:
    job = client.submit("sketch.generate", {}, {"count": -1})
    with pytest.raises(client_module.CreativeGenError) as caught:
        job.result(60)
    assert caught.value.code == "invalid_request" and caught.value.hint
    with pytest.raises(client_module.CreativeGenError) as caught:
        client.download("0" * 64)
    assert caught.value.code == "unknown_blob"


def test_a_file_is_the_same_there_and_back(client: Any) -> None:
    content = bytes(range(256)) * 4000
    assert client.download(client.upload(content, "image/png")) == content


def test_panels_can_be_made_of_the_capabilities(client: Any, client_module: ModuleType) -> None:
    found = client_module.tasks_for(client.capabilities(), ["image", "sketch"])
    assert {"image.colorize", "sketch.complete"} <= {task["name"] for task in found}
    for task in found:
        for asset in [None, *(one["name"] for one in task["assets"])]:
            assert client_module.fields(client_module.options_of(task, asset))


@pytest.fixture
def beside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The client in a plugin's folder, where no server runs yet."""
    shutil.copy(CLIENT / "creative_gen_client.py", tmp_path)
    (tmp_path / "run").mkdir(mode=0o700)
    monkeypatch.delenv("CREATIVE_GEN_RUNTIME_DIR", raising=False)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))
    monkeypatch.setenv("CREATIVE_GEN_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("PYTHONHOME", "/the/tool's/own")
    ours = sys.modules.get("creative_gen_client")
    yield load(tmp_path / "creative_gen_client.py")
    if ours:
        sys.modules["creative_gen_client"] = ours


def write_command(module: ModuleType, *command: str) -> None:
    document = {"command": list(command), "environment": {"PYTHONPATH": str(ROOT)}}
    file = Path(str(module.__file__)).with_name("creative_gen_server.json")
    file.write_text(json.dumps(document))


def test_the_server_is_started_if_asked(beside: ModuleType) -> None:
    write_command(beside, sys.executable, "-m", "creative_gen.cli.main", "serve", "--warm", "none")
    with beside.connect("mine", start=True) as client:
        pid = client.server["pid"]
        assert client.health()["state"] == "ready"
        with beside.connect("mine", start=True) as second:
            assert second.server["pid"] == pid
    os.kill(pid, signal.SIGTERM)


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("import sys; print('Error: No.\\nDo.', file=sys.stderr); sys.exit(1)", ("No.", "Do.")),
        (
            "raise ValueError('odd')",
            (f"{ENDED}: ValueError: odd", "creative-gen serve"),
        ),
    ],
)
def test_why_it_did_not_start_is_told(beside: ModuleType, code: str, said: tuple[str, str]) -> None:
    write_command(beside, sys.executable, "-c", code)
    with pytest.raises(beside.CreativeGenError) as caught:
        beside.connect("mine", start=True)
    assert caught.value.code == "server_not_started"
    assert caught.value.message == said[0] and said[1] in caught.value.hint


def test_a_server_that_is_not_installed_is_told(
    beside: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(beside.CreativeGenError) as caught:
        beside.connect("mine", start=True)
    assert caught.value.code == "server_not_found" and "creative-gen serve" in caught.value.hint


def test_it_runs_on_the_oldest_python_of_a_tool(tmp_path: Path) -> None:
    python = shutil.which("python3.8") or shutil.which("python3.9")
    works = python and subprocess.run([python, "-V"], capture_output=True, check=False)
    if not works or works.returncode:
        pytest.skip("There is no Python 3.8 or 3.9 here.")
    code = "import creative_gen_client as c; c.connect('old')"
    done = subprocess.run(
        [python, "-W", "error", "-c", code],
        env={"PYTHONPATH": str(CLIENT), "CREATIVE_GEN_RUNTIME_DIR": str(tmp_path), "PATH": "/bin"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "not running" in done.stderr or "alone" in done.stderr
