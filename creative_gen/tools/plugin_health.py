"""Whether a tool's plugin is there, whole, up to date and switched on."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from creative_gen.tools.finding import Finding
from creative_gen.tools.ini_file import ini_value
from creative_gen.tools.installing import SERVER_FILE, sha256
from creative_gen.tools.places import find_program
from creative_gen.tools.plugin import Plugin, Switch
from creative_gen.tools.record import Record, read_record


def check_plugin(plugin: Plugin) -> Iterator[Finding]:
    """Look at one tool: the tool itself, and its plugin."""
    record = read_record(plugin.name)
    program = find_program(plugin)
    title = plugin.description.title
    if program:
        yield Finding(plugin.name, "ok", f"{title} {_version(plugin)}is '{program}'.")
    elif record:
        yield Finding(
            plugin.name,
            "note",
            f"{title} itself is not found; if it starts, all is well.",
            f"Install {title}, or put it on PATH.",
        )
    if record is None:
        found = "not installed" if program else "not installed, nor is the tool found"
        again = f"creative-gen plugins install {plugin.name}"
        yield Finding(
            plugin.name, "note", f"The plugin for {title} is {found}.", f"To have it: {again}"
        )
    else:
        yield from _check_installed(plugin, record)


def _check_installed(plugin: Plugin, record: Record) -> Iterator[Finding]:
    title, name = plugin.description.title, plugin.name
    again = f"Install it again: creative-gen plugins install {name}"
    missing = [file.path for file in record.files if not file.path.is_file()]
    changed = [
        file.path
        for file in record.files
        if file.path.is_file() and sha256(file.path.read_bytes()) != file.sha256
    ]
    faults = [f"'{path}' is missing." for path in missing]
    faults += [f"'{path}' is not as it was installed." for path in changed]
    if not _is_current(plugin, record):
        faults.append(f"The plugin for {title} is of creative_gen {record.version}, and differs.")
    faults += [
        f"{switch.key} is not {switch.value} in '{file}': {title} does not load the plugin."
        for file, switch in _switched(plugin, record)
        if ini_value(file, switch.section, switch.key) != switch.value
    ]
    faults += _server_faults(record)
    for fault in faults:
        yield Finding(name, "broken", fault, again)
    if not faults:
        where = " and ".join(f"'{target}'" for target in record.targets)
        yield Finding(name, "ok", f"The plugin for {title} is in {where}.")


def _is_current(plugin: Plugin, record: Record) -> bool:
    """Whether what was installed is what this creative_gen would install."""
    installed = {file.sha256 for file in record.files if file.path.name != SERVER_FILE}
    return installed == {sha256(content) for content in plugin.files().values()}


def _switched(plugin: Plugin, record: Record) -> Iterator[tuple[Path, Switch]]:
    files = {setting.file for setting in record.settings}
    yield from ((file, switch) for file in files for switch in plugin.description.settings)


def _server_faults(record: Record) -> Iterator[str]:
    """What keeps the plugin from starting the server."""
    for file in record.files:
        if file.path.name == SERVER_FILE and file.path.is_file():
            program = json.loads(file.path.read_bytes())["command"][0]
            if not shutil.which(program):
                yield f"The Python that starts the server, '{program}', is gone."


def _version(plugin: Plugin) -> str:
    """The version that the tool says, with a space after it; nothing if it says none."""
    if not plugin.description.version:
        return ""
    try:
        said = subprocess.run(
            plugin.description.version,
            env=os.environ | plugin.description.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=20,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    found = re.search(rb"\d+(?:\.\d+)+", said.stdout + said.stderr)
    return f"{found[0].decode()} " if found else ""
