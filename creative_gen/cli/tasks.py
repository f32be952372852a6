"""The task commands, such as `creative-gen sketch complete`, made from the declarations."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from creative_gen.cli.flags import flags
from creative_gen.cli.medium import Report, result_writer
from creative_gen.cli.progress import progress_bar
from creative_gen.cli.running import Asked, run_one
from creative_gen.engine.engine import Engine
from creative_gen.interface.tasks import Input, Task
from creative_gen.interface.wire import dumped

_SEVERAL = "Of several, or a folder of them, each is done."


def task_command(task: Task, engine: Engine | None = None) -> click.Command:
    """The command of a task: its inputs as arguments, and its options as flags.

    An input that is not required is a flag, too, unless it is the first.
    """
    chosen = engine or Engine()
    families = [one for one in chosen.registry.families.values() if task.name in one.tasks]
    named = [one for one in task.inputs if one.required] or list(task.inputs[:1])
    inputs = [_argument(one, takes_several(task)) for one in named]
    inputs += [_input_flag(one) for one in task.inputs if one not in named]
    own = flags([task.options, *(family.options_of(task) for family in families)])
    shared = [
        click.Option(["--asset"], help="The trained model to use; see: creative-gen assets list."),
        click.Option(["--json", "as_json"], is_flag=True, help="Print the result's manifest."),
    ]

    def run(**given: Any) -> int:
        return run_task(chosen, task, given)

    about = "\n".join(f"{one.name.upper()}: {one.help}" for one in named)
    if takes_several(task):
        about += f"\n{_SEVERAL}"
    return click.Command(
        task.verb,
        params=[*inputs, *own, *shared, *result_writer(task.output).flags(task)],
        callback=run,
        help=f"{task.summary}\n\n\b\n{about}",
    )


def takes_several(task: Task) -> bool:
    """Whether the command takes a folder, or several files: it does something with one picture."""
    media = [one.medium for one in task.inputs[:1]]
    alone = not any(one.required for one in task.inputs[1:])
    return media == ["image"] and alone and task.output in ("image", "labels")


def run_task(engine: Engine, task: Task, given: dict[str, Any]) -> int:
    """Read the inputs, run the task, write the results, and say what was written.

    Returns:
        The status to end with.
    """
    as_json, writer = given.pop("as_json"), result_writer(task.output)
    settings = {str(flag.name): given.pop(str(flag.name)) for flag in writer.flags(task)}
    paths = {one.name: given.pop(one.name) for one in task.inputs}
    options = {name: value for name, value in given.items() if value is not None}
    asked = Asked(engine, task, writer, settings, options)
    if takes_several(task):
        first = task.inputs[0].name
        files: tuple[Path, ...] = paths[first]
        if len(files) > 1 or any(path.is_dir() for path in files):
            # Here, because one picture is the rule.
            from creative_gen.cli.several import run_each

            return run_each(asked, paths, as_json)
        paths[first] = next(iter(files), None)
    tell(run_one(asked, paths, progress_bar(task.summary)), as_json)
    return 0


def tell(report: Report, as_json: bool) -> None:
    """Print what there is to say of a result."""
    for note in report.notes:
        click.echo(f"Note: {note}", err=True)
    text = dumped(report.facts) if as_json else report.summary
    click.echo(text, nl=not as_json, err=report.on_stderr)


def _argument(declared: Input, several: bool) -> click.Parameter:
    kind = click.Path(dir_okay=several, path_type=Path)
    nargs = -1 if several else 1
    return click.Argument([declared.name], type=kind, nargs=nargs, required=declared.required)


def _input_flag(declared: Input) -> click.Parameter:
    kind = click.Path(dir_okay=False, path_type=Path)
    return click.Option([f"--{declared.name.replace('_', '-')}"], type=kind, help=declared.help)
