"""Where a tool looks for plugins on this machine."""

from __future__ import annotations

import os
import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from creative_gen.tools.errors import ToolNotFound
from creative_gen.tools.plugin import Place, Plugin

_VARIABLE = re.compile(r"\$(?:\{(\w+):-([^}]*)\}|(\w+))")
_BASES = {"APPDATA", "HOME", "LOCALAPPDATA", "USERPROFILE"}
"""Variables that the system sets; any other was set for the tool."""

_PLATFORMS = {"win32": "windows", "darwin": "macos"}


@dataclass(frozen=True)
class Target:
    """A folder to install into.

    Args:
        folder: Path. The tool's folder for plugins or resources.
        settings: Path. The ini file that goes with it, or None.
        there: bool. Whether the tool has been there: it, or the folder of a version above it.
    """

    folder: Path
    settings: Path | None
    there: bool


def targets(plugin: Plugin, folder: Path | None = None) -> list[Target]:
    """Where to install a plugin.

    A place that a variable names is taken alone, as it is for the tool. Else every usual place
    that exists is taken, because a tool may be there twice, as a Flatpak say. Of a tool that
    never ran the first usual place is taken.

    Args:
        plugin: Plugin. The tool's.
        folder: Path. Chosen by the user.

    Raises:
        ToolNotFound: there is no such folder, nor the tool itself.
    """
    here = [place for place in plugin.description.places if place.platform == platform()]
    if folder is not None:
        settings = next((path for place in here if (path := _path(place.settings))), None)
        return [Target(folder.expanduser().absolute(), settings, there=True)]
    candidates = [target for place in here if (target := _target(place))]
    for place in here:
        if _names_a_variable(place) and (target := _target(place)):
            return [target]
    if found := [target for target in candidates if target.there]:
        return found
    usual = [target for target in candidates if "*" not in str(target.folder)]
    if usual and find_program(plugin):
        return usual[:1]
    looked = " or ".join(f"'{target.folder}'" for target in candidates) or "any usual place"
    raise ToolNotFound(
        f"{plugin.description.title} is not found: there is no {looked}.",
        f"Start {plugin.description.title} once, or name the folder: "
        f"creative-gen plugins install {plugin.name} --folder FOLDER",
    )


def find_program(plugin: Plugin) -> Path | None:
    """The tool itself, on PATH or in one of its usual places."""
    for name in plugin.description.programs:
        path = _path(name)
        if path and path.is_absolute():
            if path.exists():
                return path
        elif found := shutil.which(name):
            return Path(found)
    return None


def platform() -> str:
    """This machine's platform, as a `plugin.toml` names it."""
    return _PLATFORMS.get(sys.platform, "linux")


def _target(place: Place) -> Target | None:
    folder = _path(place.folder)
    if folder is None:
        return None
    versioned = "*" in place.folder and "*" not in str(folder)
    return Target(folder, _path(place.settings), there=versioned or folder.is_dir())


def _names_a_variable(place: Place) -> bool:
    return any(match[3] and match[3] not in _BASES for match in _matches(place.folder))


def _path(text: str) -> Path | None:
    """A path with its variables, home folder and newest version; None where one is not set."""
    if not text or any(match[3] and not os.environ.get(match[3]) for match in _matches(text)):
        return None
    filled = _VARIABLE.sub(lambda m: os.environ.get(m[1] or m[3]) or m[2] or "", text)
    path = Path(filled).expanduser()
    return _newest(path) if "*" in filled else path


def _matches(text: str) -> Iterator[re.Match[str]]:
    return _VARIABLE.finditer(text)


def _newest(pattern: Path) -> Path:
    """The path with the highest version of all that fit, or the pattern where none does.

    What comes after the version may be missing: Blender does not make its folder of scripts.
    """
    at = next(n for n, part in enumerate(pattern.parts) if "*" in part)
    above, rest = Path(*pattern.parts[:at]), pattern.parts[at + 1 :]
    found = [path for path in above.glob(pattern.parts[at]) if path.is_dir()]
    return max(found, key=_version_of).joinpath(*rest) if found else pattern


def _version_of(path: Path) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", str(path))]
