"""Plugins are put where the tool looks, brought up to date, and taken away without a trace."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from creative_gen.tools.errors import InstallFailed, NotInstalled, ToolNotFound
from creative_gen.tools.installing import install, uninstall
from creative_gen.tools.record import read_record
from tests.tools.conftest import Easel, tree

FILES = {
    ".easel/paint.desktop",
    ".easel/scripts/paint/creative_gen_client.py",
    ".easel/scripts/paint/creative_gen_server.json",
    ".easel/scripts/paint/paint.py",
}


def test_install_and_uninstall_leave_no_trace(easel: Easel) -> None:
    settings = easel.home / ".config" / "easelrc"
    settings.parent.mkdir()
    settings.write_text("[python]\nenable_other=true\n\n[view]\nzoom=2\n")
    (easel.home / ".easel" / "own.txt").write_text("mine")
    before = tree(easel.home)
    done = install(easel.plugin, "1.0")
    assert set(tree(easel.home)) == set(before) | FILES
    assert "enable_paint=true" in settings.read_text().split("[view]")[0]
    assert "enable_other=true" in settings.read_text()
    assert any("easelrc" in sentence for sentence in done.said)
    uninstall(easel.plugin)
    assert tree(easel.home) == before
    assert not (easel.home / ".easel" / "scripts").exists()
    assert read_record("easel") is None


def test_the_server_is_started_by_the_python_that_installed(
    easel: Easel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([".", "/there"]))
    install(easel.plugin, "1.0")
    file = easel.home / ".easel/scripts/paint/creative_gen_server.json"
    found = json.loads(file.read_text())
    # With -P, what lies beside the artist's picture is not imported.
    assert found["command"] == [sys.executable, "-P", "-m", "creative_gen.cli.main", "serve"]
    assert found["environment"] == {"PYTHONPATH": os.pathsep.join([str(Path.cwd()), "/there"])}


@pytest.mark.skipif(sys.platform == "win32", reason="files have no such bit there")
def test_a_program_can_be_started(easel: Easel) -> None:
    (easel.source / "brush.py").write_text("#!/usr/bin/env python3\n")
    install(easel.plugin, "1.0")
    scripts = easel.home / ".easel" / "scripts" / "paint"
    assert os.access(scripts / "brush.py", os.X_OK)
    assert not os.access(scripts / "paint.py", os.X_OK)


def test_installing_again_updates(easel: Easel) -> None:
    install(easel.plugin, "1.0")
    (easel.source / "paint.py").rename(easel.source / "brush.py")
    done = install(easel.plugin, "2.0")
    scripts = easel.home / ".easel" / "scripts" / "paint"
    assert (scripts / "brush.py").exists() and not (scripts / "paint.py").exists()
    assert done.said[0].startswith("Updated")
    record = read_record("easel")
    assert record and record.version == "2.0" and len(record.files) == 4
    uninstall(easel.plugin)
    assert tree(easel.home) == {}


def test_what_was_changed_is_kept(easel: Easel) -> None:
    install(easel.plugin, "1.0")
    paint = easel.home / ".easel/scripts/paint/paint.py"
    paint.write_text("PAINT = 'my own'\n")
    done = install(easel.plugin, "2.0")
    yours = paint.with_name("paint.py.yours")
    assert done.kept == [yours] and "my own" in yours.read_text()
    assert paint.read_text() == "PAINT = 1\n"
    paint.write_text("PAINT = 'again'\n")
    done = uninstall(easel.plugin)
    assert done.kept == [paint] and "again" in paint.read_text()
    assert set(tree(easel.home)) == {
        ".easel/scripts/paint/paint.py",
        ".easel/scripts/paint/paint.py.yours",
    }


def test_a_setting_that_was_changed_since_stays(easel: Easel) -> None:
    install(easel.plugin, "1.0")
    settings = easel.home / ".config" / "easelrc"
    settings.write_text(settings.read_text().replace("true", "false"))
    uninstall(easel.plugin)
    assert settings.read_text() == "[python]\nenable_paint=false\n"


def test_compiled_files_go_with_their_source(easel: Easel) -> None:
    install(easel.plugin, "1.0")
    cache = easel.home / ".easel/scripts/paint/__pycache__"
    cache.mkdir()
    (cache / "paint.cpython-310.pyc").write_bytes(b"")
    uninstall(easel.plugin)
    assert not cache.exists()


def test_a_variable_of_the_tool_is_followed(easel: Easel, monkeypatch: pytest.MonkeyPatch) -> None:
    named = easel.home / "named"
    monkeypatch.setenv("EASEL_HOME", str(named))
    install(easel.plugin, "1.0")
    assert (named / "plugins" / "paint.desktop").exists()
    assert (named / "easelrc").read_text() == "[python]\nenable_paint=true\n"
    assert not list((easel.home / ".easel").iterdir())
    uninstall(easel.plugin)
    assert not named.exists()


def test_every_place_that_there_is_gets_it_and_the_newest_version(easel: Easel) -> None:
    for version in ("3.9", "3.10"):
        (easel.home / "flat" / version).mkdir(parents=True)
    install(easel.plugin, "1.0")
    assert (easel.home / ".easel" / "paint.desktop").exists()
    assert (easel.home / "flat" / "3.10" / "easel" / "paint.desktop").exists()
    assert not (easel.home / "flat" / "3.9" / "easel").exists()


def test_a_folder_may_be_named(easel: Easel, tmp_path: Path) -> None:
    install(easel.plugin, "1.0", tmp_path / "elsewhere")
    assert (tmp_path / "elsewhere" / "paint.desktop").exists()
    assert not (easel.home / ".easel" / "paint.desktop").exists()


def test_a_tool_that_is_nowhere(easel: Easel, monkeypatch: pytest.MonkeyPatch) -> None:
    (easel.home / ".easel").rmdir()
    with pytest.raises(ToolNotFound) as caught:
        install(easel.plugin, "1.0")
    assert ".easel" in caught.value.message and "--folder" in caught.value.hint
    assert read_record("easel") is None


def test_a_tool_that_never_ran(easel: Easel, monkeypatch: pytest.MonkeyPatch) -> None:
    (easel.home / ".easel").rmdir()
    program = easel.home / "easel-of-a-test"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(easel.home))
    install(easel.plugin, "1.0")
    assert (easel.home / ".easel" / "paint.desktop").exists()


def test_a_folder_that_cannot_be_written(easel: Easel) -> None:
    (easel.home / ".easel" / "scripts").write_text("a file in its place")
    with pytest.raises(InstallFailed) as caught:
        install(easel.plugin, "1.0")
    assert "Easel" in caught.value.message and "--folder" in caught.value.hint
    uninstall(easel.plugin)
    assert set(tree(easel.home)) == {".easel/scripts"}


def test_what_is_not_installed_cannot_be_taken_away(easel: Easel) -> None:
    with pytest.raises(NotInstalled, match="not installed"):
        uninstall(easel.plugin)
