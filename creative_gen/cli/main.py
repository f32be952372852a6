"""The entry point of `creative-gen`."""

from __future__ import annotations

import gc
import os
import sys
from functools import partial

import click

from creative_gen import __version__
from creative_gen.cli.lazy import Lazy, LazyGroup, in_module
from creative_gen.interface.errors import (
    CreativeGenError,
    InvalidMedia,
    InvalidRequest,
    UnknownAsset,
    UnknownTask,
    describe,
)
from creative_gen.interface.tasks import Task, task_groups
from creative_gen.media.errors import MediaError

TRACEBACK = "CREATIVE_GEN_TRACEBACK"
"""Set to anything, it shows where a fault in creative_gen itself is."""

_ASKED_WRONGLY = (InvalidMedia, InvalidRequest, MediaError, UnknownAsset, UnknownTask)


def _task_command(task: Task) -> click.Command:
    # A task ends before there is garbage: looking for it while importing takes a tenth of the time.
    gc.disable()
    # Here, because the flags are made of pydantic's fields.
    from creative_gen.cli.tasks import task_command

    return task_command(task)


def _task_group(name: str, tasks: tuple[Task, ...]) -> Lazy:
    commands = {task.verb: Lazy(task.summary, partial(_task_command, task)) for task in tasks}
    group = LazyGroup(name, f"{name.capitalize()} tasks.", commands)
    return Lazy(f"{', '.join(commands)}.", lambda: group)


_GROUPS = {name: _task_group(name, tasks) for name, tasks in task_groups().items()}
_COMMANDS = {
    "tasks": in_module("creative_gen.cli.capabilities:tasks", "List what can be asked for."),
    "assets": in_module(
        "creative_gen.cli.assets:assets", "List, explain and import trained models."
    ),
    "serve": in_module(
        "creative_gen.cli.serve:serve", "Start the server that the studio and tools use."
    ),
    "plugins": in_module(
        "creative_gen.cli.plugins:plugins", "Install the plugins for Krita and other tools."
    ),
    "evaluate": in_module("creative_gen.cli.evaluate:evaluate", "Measure an asset on your data."),
    "data": in_module("creative_gen.cli.data:data", "Prepare training data."),
    "export": in_module("creative_gen.cli.export:export", "Make an asset of a training run."),
    "train": in_module("creative_gen.cli.train:train", "Train a model of your own."),
}

cli = LazyGroup(
    "creative-gen", "Generative models for artists, on your own machine.", _GROUPS | _COMMANDS
)
cli.context_settings = {"help_option_names": ["-h", "--help"]}
click.version_option(__version__, prog_name="creative-gen")(cli)


def main(arguments: list[str] | None = None) -> None:
    """Run the command line; an error is one sentence and its fix, and status 1 or 2."""
    # The matrices of a sampler are too small to share out: threads only wait for each other.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        sys.exit(cli.main(arguments, prog_name="creative-gen", standalone_mode=False) or 0)
    except (click.exceptions.Abort, KeyboardInterrupt):
        click.echo("Cancelled.", err=True)
        sys.exit(130)
    except click.exceptions.NoArgsIsHelpError as error:
        error.show()
        sys.exit(2)
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "creative-gen"
        _fail(2, error.format_message(), f"See: {command} --help")
    except click.ClickException as error:
        _fail(2, error.format_message(), "See: creative-gen --help")
    except (CreativeGenError, MediaError) as error:
        report = describe(error)
        _fail(2 if isinstance(error, _ASKED_WRONGLY) else 1, report.message, report.hint)
    except OSError as error:
        _fail(1, f"The system refuses: {error}.", "Check the file and folder, and try again.")
    except Exception as error:
        if os.environ.get(TRACEBACK):
            raise
        _fail(
            1,
            f"creative_gen has a fault: {type(error).__name__}: {error}.",
            f"Please report it, with what is shown when {TRACEBACK}=1 is set.",
        )


def _fail(status: int, message: str, hint: str) -> None:
    message += "" if message.endswith((".", "?")) else "."
    click.echo(f"Error: {message}\n{hint}".rstrip(), err=True)
    sys.exit(status)


if __name__ == "__main__":
    main()
