"""Puts a plugin where its tool looks for it, and takes it away again."""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from creative_gen.interface.errors import InvalidRequest
from creative_gen.media.atomic import write_files
from creative_gen.tools.errors import InstallFailed, NotInstalled
from creative_gen.tools.ini_file import ini_value, set_ini_value
from creative_gen.tools.places import Target, targets
from creative_gen.tools.plugin import Plugin
from creative_gen.tools.record import (
    ChangedSetting,
    InstalledFile,
    Record,
    delete_record,
    read_record,
    write_record,
)

SERVER_FILE = "creative_gen_server.json"
"""Beside the client: how the server is started."""


@dataclass
class Done:
    """What installing or uninstalling did, a sentence each.

    Args:
        said: what was done.
        kept: files that were left, because they are not as creative_gen wrote them.
    """

    said: list[str] = field(default_factory=list)
    kept: list[Path] = field(default_factory=list)


def install(plugin: Plugin, version: str, folder: Path | None = None) -> Done:
    """Install a plugin, or bring an installed one up to date.

    Files that somebody changed are kept beside the new ones, with ".yours" after their name.

    Args:
        plugin: Plugin. Which.
        version: str. Of the creative_gen that does it.
        folder: Path. The tool's folder, where it is not a usual one.

    Raises:
        ToolNotFound: the tool's folder is not found.
        InstallFailed: a folder cannot be written.
    """
    done = Done()
    before = read_record(plugin.name) or Record(version="")
    after = Record(version=version, folders=before.folders, settings=before.settings)
    with _told_of(plugin):
        found = targets(plugin, folder)
        try:
            for target in found:
                _check_target(target)
                _copy(plugin, target, before, after, done)
                _switch_on(plugin, target, after, done)
        finally:
            # Also of what was written before an error, so that uninstalling finds it.
            write_record(plugin.name, _merged(before, after))
        _remove_files(_left_over(before, after), done)
        write_record(plugin.name, after)
    return done


def uninstall(plugin: Plugin) -> Done:
    """Take away what `install` wrote, and set back what it switched on.

    Raises:
        NotInstalled: nothing is installed.
        InstallFailed: a folder cannot be written.
    """
    record = read_record(plugin.name)
    if record is None:
        raise NotInstalled(
            f"The plugin for {plugin.description.title} is not installed.",
            f"Install it: creative-gen plugins install {plugin.name}",
        )
    done = Done()
    with _told_of(plugin):
        _remove_files(record.files, done)
        for setting in record.settings:
            _set_back(setting, done)
        for made in reversed(record.folders):
            _remove_folder(made)
        delete_record(plugin.name)
    return done


def contents(plugin: Plugin) -> dict[str, bytes]:
    """What is written, by its path below the tool's folder."""
    files = plugin.files()
    if plugin.description.client:
        files[str(Path(plugin.description.client) / SERVER_FILE)] = _server_file()
    return files


def sha256(content: bytes) -> str:
    """The hash by which a file is known again."""
    return hashlib.sha256(content).hexdigest()


def _server_file() -> bytes:
    """How to start the server with the Python that runs this, and the paths that it has."""
    paths = os.environ.get("PYTHONPATH", "").split(os.pathsep)
    absolute = [os.path.abspath(path) for path in paths if path]
    document = {
        # -P: the tool's folder, the artist's perhaps, is no place to import from.
        "command": [sys.executable, "-P", "-m", "creative_gen.cli.main", "serve"],
        "environment": {"PYTHONPATH": os.pathsep.join(absolute)} if absolute else {},
    }
    return (json.dumps(document, indent=2) + "\n").encode("utf-8")


def _check_target(target: Target) -> None:
    if target.folder.exists() and not target.folder.is_dir():
        raise InvalidRequest(f"'{target.folder}' is not a folder.", "Name another --folder.")


def _copy(plugin: Plugin, target: Target, before: Record, after: Record, done: Done) -> None:
    known = {file.path: file.sha256 for file in before.files}
    for name, content in contents(plugin).items():
        path = (target.folder / name).absolute()
        if _is_changed(path, known.get(path), content):
            yours = path.with_name(path.name + ".yours")
            path.replace(yours)
            done.kept.append(yours)
        _make_folders(path.parent, after)
        write_files(path.parent, {path.name: content})
        if content.startswith(b"#!"):
            # A tool that starts its plugins as programs asks for this.
            path.chmod(path.stat().st_mode | 0o111)
        after.files.append(InstalledFile(path=path, sha256=sha256(content)))
    after.targets.append(target.folder)
    verb = "Updated" if target.folder in before.targets else "Installed"
    done.said.append(f"{verb} the plugin in '{target.folder}'.")


def _is_changed(path: Path, known: str | None, content: bytes) -> bool:
    """Whether there is a file that is neither what was written nor what is to be written."""
    return path.is_file() and sha256(path.read_bytes()) not in (known, sha256(content))


def _make_folders(folder: Path, record: Record) -> None:
    for path in reversed([folder, *folder.parents]):
        if not path.exists():
            path.mkdir()
            record.folders.append(path)


def _switch_on(plugin: Plugin, target: Target, record: Record, done: Done) -> None:
    if target.settings is None:
        return
    for switch in plugin.description.settings:
        old = ini_value(target.settings, switch.section, switch.key)
        if old == switch.value:
            continue
        _make_folders(target.settings.parent, record)
        set_ini_value(target.settings, switch.section, switch.key, switch.value)
        named = {"file": target.settings, "section": switch.section, "key": switch.key}
        if not any(named.items() <= dict(one).items() for one in record.settings):
            record.settings.append(ChangedSetting(**named, old=old, new=switch.value))
        done.said.append(f"Set {switch.key}={switch.value} in '{target.settings}'.")


def _merged(before: Record, after: Record) -> Record:
    """What is there while an update is not complete."""
    return after.model_copy(update={"files": [*_left_over(before, after), *after.files]})


def _left_over(before: Record, after: Record) -> list[InstalledFile]:
    now = {file.path for file in after.files}
    return [file for file in before.files if file.path not in now]


def _remove_files(files: list[InstalledFile], done: Done) -> None:
    for file in files:
        if not file.path.is_file():
            continue
        if sha256(file.path.read_bytes()) != file.sha256:
            done.kept.append(file.path)
            continue
        file.path.unlink()
        compiled = file.path.parent / "__pycache__"
        for cached in compiled.glob(f"{file.path.stem}.*.pyc"):
            cached.unlink()
        _remove_folder(compiled)
        done.said.append(f"Deleted '{file.path}'.")


def _remove_folder(folder: Path) -> None:
    """Remove a folder if nothing is in it."""
    with suppress(OSError):
        folder.rmdir()


def _set_back(setting: ChangedSetting, done: Done) -> None:
    """Set a setting back, unless somebody has changed it since."""
    if ini_value(setting.file, setting.section, setting.key) == setting.new:
        set_ini_value(setting.file, setting.section, setting.key, setting.old)
        done.said.append(f"Set {setting.key} back in '{setting.file}'.")


@contextmanager
def _told_of(plugin: Plugin) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        where = f" '{error.filename}'" if error.filename else ""
        raise InstallFailed(
            f"The files of {plugin.description.title}{where} cannot be changed: "
            f"{error.strerror or error}.",
            f"Make it writable, or name another folder: "
            f"creative-gen plugins install {plugin.name} --folder FOLDER",
        ) from error
