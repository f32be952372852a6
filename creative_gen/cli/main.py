"""The entry point of `creative-gen`."""

from __future__ import annotations

import sys

import click

from creative_gen import __version__
from creative_gen.cli.lazy import LazyGroup
from creative_gen.interface.errors import (
    CreativeGenError,
    InvalidRequest,
    UnknownAsset,
    UnknownTask,
    describe,
)
from creative_gen.interface.tasks import task_groups
from creative_gen.media.errors import MediaError

_GROUPS = {
    group: (f"creative_gen.cli.tasks:{group}", f"{', '.join(task.verb for task in tasks)}.")
    for group, tasks in task_groups().items()
}
_COMMANDS = {
    "tasks": ("creative_gen.cli.capabilities:tasks", "List what can be asked for."),
    "assets": ("creative_gen.cli.assets:assets", "List, explain and import trained models."),
    "evaluate": ("creative_gen.cli.evaluate:evaluate", "Measure an asset on your data."),
    "data": ("creative_gen.cli.data:data", "Prepare training data."),
    "train": ("creative_gen.cli.train:train", "Train a model of your own."),
}

cli = LazyGroup(
    name="creative-gen",
    commands_at=_GROUPS | _COMMANDS,
    help="Generative models for artists, on your own machine.",
    context_settings={"help_option_names": ["-h", "--help"]},
)
click.version_option(__version__, prog_name="creative-gen")(cli)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; an error is one sentence and its fix, and status 1 or 2."""
    try:
        sys.exit(cli.main(arguments, prog_name="creative-gen", standalone_mode=False) or 0)
    except click.exceptions.Abort:
        click.echo("Cancelled.", err=True)
        sys.exit(130)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(2)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except (CreativeGenError, MediaError) as error:
        report = describe(error)
        click.echo(f"Error: {report.message}\n{report.hint}", err=True)
        asked_wrongly = isinstance(error, InvalidRequest | UnknownAsset | UnknownTask | MediaError)
        sys.exit(2 if asked_wrongly else 1)


if __name__ == "__main__":
    main()
