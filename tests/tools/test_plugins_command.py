"""`creative-gen plugins`, as a user runs it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from creative_gen.cli.main import main
from creative_gen.tools.plugin import find_plugins, plugins_folder
from tests.tools.conftest import Easel, tree

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    runtime = tmp_path / "runtime"
    runtime.mkdir(mode=0o700)
    monkeypatch.setenv("CREATIVE_GEN_RUNTIME_DIR", str(runtime))

    def ran(*arguments: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(["plugins", *arguments])
        return int(ended.value.code or 0), *capsys.readouterr()

    return ran


@pytest.fixture
def doctor(
    easel: Easel, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Callable[[], tuple[int, dict[str, list[dict]]]]:
    """What the doctor finds where there are no models, by what it looked at."""
    monkeypatch.setattr("creative_gen.store.finder.builtin_assets", lambda: tmp_path / "none")

    def looked() -> tuple[int, dict[str, list[dict]]]:
        status, stdout, stderr = run("doctor", "easel", "--json")
        assert not stderr
        found: dict[str, list[dict]] = {}
        for finding in json.loads(stdout):
            found.setdefault(finding["check"], []).append(finding)
        return status, found

    return looked


def test_list_install_and_uninstall(easel: Easel, run: Run) -> None:
    assert run("list")[1].split() == ["easel", "-", "Easel:", "Paints"]
    status, stdout, _ = run("install", "easel")
    assert status == 0 and "Start Easel again." in stdout and ".easel" in stdout
    assert json.loads(run("list", "--json")[1])[0]["folders"] == [str(easel.home / ".easel")]
    status, stdout, _ = run("uninstall", "easel")
    assert status == 0 and "Deleted" in stdout


def test_an_unknown_tool(easel: Easel, run: Run) -> None:
    for command in ("install", "uninstall", "doctor"):
        status, _, stderr = run(command, "sculptor")
        assert status != 0
        assert "no plugin for 'sculptor'" in stderr and "easel" in stderr


def test_the_doctor_finds_nothing_wrong(easel: Easel, run: Run, doctor: Callable) -> None:
    run("install", "easel")
    status, found = doctor()
    assert status == 0
    assert found["server"][0]["message"] == "The server is not running."
    assert found["server"][0]["fix"]
    assert [finding["state"] for finding in found["easel"]] == ["note", "ok"]


def wrecks() -> dict[str, Callable[[Easel], object]]:
    scripts = ".easel/scripts/paint"

    def other_source(easel: Easel) -> None:
        (easel.source / "paint.py").write_text("PAINT = 2\n")

    def gone_python(easel: Easel) -> None:
        file = easel.home / scripts / "creative_gen_server.json"
        file.write_text(json.dumps({"command": ["/nowhere/python"]}))

    return {
        "is missing": lambda easel: (easel.home / scripts / "paint.py").unlink(),
        "not as it was installed": lambda easel: (easel.home / scripts / "paint.py").write_text(""),
        "differs": other_source,
        "does not load": lambda easel: (easel.home / ".config/easelrc").unlink(),
        "is gone": gone_python,
    }


@pytest.mark.parametrize("fault", wrecks())
def test_the_doctor_finds_what_is_wrong(
    easel: Easel, run: Run, doctor: Callable, fault: str
) -> None:
    run("install", "easel")
    wrecks()[fault](easel)
    status, found = doctor()
    assert status == 1
    broken = [finding for finding in found["easel"] if finding["state"] == "broken"]
    assert any(fault in finding["message"] for finding in broken)
    assert all("plugins install easel" in finding["fix"] for finding in broken)
    run("install", "easel")
    assert doctor()[0] == 0


def test_the_doctor_finds_unwritable_folders(
    run: Run, doctor: Callable, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("CREATIVE_GEN_DATA", str(tmp_path / "file" / "data"))
    status, found = doctor()
    assert status == 1
    assert found["folders"][1]["state"] == "broken" and "chown" in found["folders"][1]["fix"]


def test_the_doctor_tells_a_full_disk(doctor: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("creative_gen.tools.server_health.ROOM", 10**18)
    status, found = doctor()
    assert status == 1
    assert "CREATIVE_GEN_DATA" in found["disk"][0]["fix"]


@pytest.mark.parametrize("name", find_plugins())
def test_every_plugin_that_comes_along_leaves_no_trace(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home" / "config"))
    monkeypatch.setenv("CREATIVE_GEN_DATA", str(tmp_path / "data"))
    status, _, stderr = run("install", name, "--folder", str(tmp_path / "home" / "tool"))
    assert status == 0, stderr
    assert tree(tmp_path / "home" / "tool")
    assert run("uninstall", name)[0] == 0
    assert not (tmp_path / "home").exists()


def test_every_plugin_that_comes_along_is_described_well() -> None:
    plugins = find_plugins()
    assert set(plugins) == {file.parent.name for file in plugins_folder().glob("*/plugin.toml")}
    for plugin in plugins.values():
        assert plugin.files()
        assert (plugin.folder / "README.md").is_file()
        assert {"linux", "macos", "windows"} <= {p.platform for p in plugin.description.places}
