"""Command groups that make a command when it is run, so that `--help` is instant."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module

import click


@dataclass(frozen=True)
class Lazy:
    """A command that is not made yet.

    Args:
        help: str. Its line in the list of commands.
        load: gives the command.
    """

    help: str
    load: Callable[[], click.Command]


class LazyGroup(click.Group):
    """A group of commands that are not made until they are needed.

    Args:
        name: str. The group's own name.
        help: str. What the group is for.
        lazy: the commands by name.
    """

    def __init__(self, name: str, help: str, lazy: Mapping[str, Lazy]) -> None:
        super().__init__(name, help=help)
        self.lazy = lazy

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order in which they are given."""
        return list(self.lazy)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Make a command."""
        return self.lazy[cmd_name].load() if cmd_name in self.lazy else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without making any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.help) for name, command in self.lazy.items()])


def in_module(path: str, help: str) -> Lazy:
    """A command at "module:name"."""
    module, name = path.split(":")
    return Lazy(help, lambda: getattr(import_module(module), name))
