"""Tool plugins that come with creative_gen: each a folder with a `plugin.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from creative_gen.interface.errors import BadPlugin
from creative_gen.store.locations import PACKAGE
from creative_gen.tools.errors import UnknownTool

DESCRIPTION = "plugin.toml"
CLIENT = Path("client", "creative_gen_client.py")
"""The client, in the folder of plugins."""


class _Described(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Copied(_Described):
    """Files that a tool needs.

    Args:
        from_: str. A glob in the plugin's folder.
        to: str. A folder below the tool's folder, "." for itself.
    """

    model_config = ConfigDict(alias_generator=lambda name: name.rstrip("_"))

    from_: str
    to: str


class Place(_Described):
    """A folder where the tool may look for plugins.

    Args:
        platform: str. "linux", "macos" or "windows".
        folder: str. With `$VAR`, `${VAR:-default}`, `~` and a `*` for the newest version.
        settings: str. The ini file that goes with it, or "".
    """

    platform: Literal["linux", "macos", "windows"]
    folder: str
    settings: str = ""


class Switch(_Described):
    """A line of the tool's ini file.

    Args:
        section: str. Its section.
        key: str. Its name.
        value: str. What it has to be.
    """

    section: str
    key: str
    value: str


class Description(_Described):
    """A `plugin.toml`.

    Args:
        title: str. The tool's name.
        summary: str. What its plugin does, in a line.
        programs: names on PATH, or paths, of the tool itself.
        version: a command that prints the tool's version.
        environment: for that command.
        client: str. The folder below the tool's that gets the client, or "".
        afterwards: str. What is left to do, said after installing.
        files: what is copied.
        places: where to.
        settings: what is switched on.
    """

    title: str
    summary: str
    programs: tuple[str, ...] = ()
    version: tuple[str, ...] = ()
    environment: dict[str, str] = {}
    client: str = ""
    afterwards: str = ""
    files: tuple[Copied, ...]
    places: tuple[Place, ...]
    settings: tuple[Switch, ...] = ()


@dataclass(frozen=True)
class Plugin:
    """A tool's plugin.

    Args:
        name: str. Its folder's name: "krita".
        folder: Path. That folder.
        description: Description. Its `plugin.toml`.
    """

    name: str
    folder: Path
    description: Description

    def files(self) -> dict[str, bytes]:
        """What is copied, by its path below the tool's folder; the client is among it.

        Raises:
            BadPlugin: a glob finds nothing.
        """
        found: dict[str, bytes] = {}
        for copied in self.description.files:
            paths = [p for p in sorted(self.folder.glob(copied.from_)) if p.is_file()]
            if not paths:
                raise _bad(self.folder, f"it has no file '{copied.from_}'")
            found |= {str(Path(copied.to) / path.name): path.read_bytes() for path in paths}
        if self.description.client:
            client = self.folder.parent / CLIENT
            found[str(Path(self.description.client) / client.name)] = client.read_bytes()
        return found


def plugins_folder() -> Path:
    """The folder of the plugins: in the package of a wheel, beside it in a checkout."""
    bundled = PACKAGE / "_plugins"
    return bundled if bundled.is_dir() else PACKAGE.parent / "plugins"


def find_plugins() -> dict[str, Plugin]:
    """Every plugin by name.

    Raises:
        BadPlugin: one's `plugin.toml` is malformed.
    """
    files = sorted(plugins_folder().glob(f"*/{DESCRIPTION}"))
    return {file.parent.name: read_plugin(file.parent) for file in files}


def find_plugin(name: str) -> Plugin:
    """The plugin for the tool of that name.

    Raises:
        UnknownTool: there is none.
    """
    plugins = find_plugins()
    if name not in plugins:
        known = ", ".join(plugins) or "none"
        raise UnknownTool(f"There is no plugin for '{name}'.", f"There are plugins for: {known}.")
    return plugins[name]


def read_plugin(folder: Path) -> Plugin:
    """The plugin in a folder.

    Raises:
        BadPlugin: its `plugin.toml` is malformed.
    """
    try:
        document = tomllib.loads((folder / DESCRIPTION).read_text("utf-8"))
        return Plugin(folder.name, folder, Description.model_validate(document))
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise _bad(folder, f"{where}: {first['msg']}") from error
    except (OSError, ValueError) as error:
        raise _bad(folder, str(error)) from error


def _bad(folder: Path, fault: str) -> BadPlugin:
    return BadPlugin(
        f"The plugin in '{folder}' is not described well: {fault}.", f"Mend its {DESCRIPTION}."
    )
