"""Command groups that import a command when it is run, so that `--help` is instant."""

from __future__ import annotations

from importlib import import_module

import click


class LazyGroup(click.Group):
    """A group of commands in modules that are not imported until they are needed.

    Args:
        commands_at: "module:name" and a line of help, by the command's name.
    """

    def __init__(self, *, commands_at: dict[str, tuple[str, str]], **options: object) -> None:
        super().__init__(**options)  # type: ignore[arg-type]
        self.commands_at = commands_at

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order in which they are given."""
        return list(self.commands_at)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command."""
        if cmd_name not in self.commands_at:
            return None
        module, name = self.commands_at[cmd_name][0].split(":")
        command: click.Command = getattr(import_module(module), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, text) in self.commands_at.items()])
