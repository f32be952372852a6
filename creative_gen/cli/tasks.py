"""The task commands, such as `creative-gen sketch complete`, made from the declarations."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import click

from creative_gen.cli.flags import flags
from creative_gen.cli.medium import Report, Writing, read_document, result_writer
from creative_gen.cli.progress import progress_bar
from creative_gen.engine.engine import Engine
from creative_gen.engine.job import Job
from creative_gen.interface.jobs import Chunk, Progress, Result
from creative_gen.interface.tasks import Task


def task_command(task: Task, engine: Engine | None = None) -> click.Command:
    """The command of a task: its inputs as arguments, its options as flags."""
    chosen = engine or Engine()
    families = [one for one in chosen.registry.families.values() if task.name in one.tasks]
    arguments: list[click.Parameter] = [
        click.Argument([declared.name], type=click.Path(dir_okay=False, path_type=Path))
        for declared in task.inputs
    ]
    own = flags([task.options, *(family.options_of(task) for family in families)])
    shared = [
        click.Option(["--asset"], help="The trained model to use; see: creative-gen assets list."),
        click.Option(["--json", "as_json"], is_flag=True, help="Print the result's manifest."),
    ]

    def run(**given: Any) -> None:
        run_task(chosen, task, given)

    about = "\n".join(f"{one.name.upper()}: {one.help}" for one in task.inputs)
    return click.Command(
        task.verb,
        params=[*arguments, *own, *shared, *result_writer(task.output).flags()],
        callback=run,
        help=f"{task.summary}\n\n\b\n{about}",
    )


def run_task(engine: Engine, task: Task, given: dict[str, Any]) -> None:
    """Read the inputs, run the task, write the results, and say what was written."""
    as_json, writer = given.pop("as_json"), result_writer(task.output)
    settings = {str(flag.name): given.pop(str(flag.name)) for flag in writer.flags()}
    documents = {one.name: read_document(one.medium, given.pop(one.name)) for one in task.inputs}
    inputs: dict[str, Any] = {name: document.value for name, document in documents.items()}
    options = {name: value for name, value in given.items() if value is not None}
    job, first = engine.stream(task.name, **inputs, **options), next(iter(documents.values()), None)
    with closing(job), writer.begin(job, first, settings) as writing:
        report = relayed(job, writing, task.summary)
    text = report.facts if as_json else report.summary
    click.echo(text, nl=not as_json, err=report.on_stderr)


def relayed(job: Job, writing: Writing, title: str) -> Report:
    """Run a job to its end, with a progress bar, and hand on what it makes."""
    with progress_bar(title) as bar:
        for event in job:
            if isinstance(event, Progress):
                bar(event.fraction)
            elif isinstance(event, Chunk):
                writing.add(event)
            else:
                result: Result = event
    return writing.finish(result)
