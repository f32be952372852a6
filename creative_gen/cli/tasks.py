"""The task commands, such as `creative-gen sketch complete`, made from the declarations."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from creative_gen.cli.flags import flags
from creative_gen.cli.output import write_result
from creative_gen.cli.progress import progress_bar
from creative_gen.cli.sketch_files import FORMATS, read_document, result_files
from creative_gen.engine.engine import Engine
from creative_gen.interface.jobs import Result
from creative_gen.interface.tasks import Task
from creative_gen.interface.values import Labels
from creative_gen.interface.wire import dumped, manifest

MANIFEST = "manifest.json"


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
    if task.output == "sketch":
        shared += [_output_option(), _format_option()]

    def run(**given: Any) -> None:
        run_task(chosen, task, given)

    about = "\n".join(f"{one.name.upper()}: {one.help}" for one in task.inputs)
    return click.Command(
        task.verb,
        params=[*arguments, *own, *shared],
        callback=run,
        help=f"{task.summary}\n\n\b\n{about}",
    )


def run_task(engine: Engine, task: Task, given: dict[str, Any]) -> None:
    """Read the inputs, run the task, write the results, and say what was written."""
    as_json, output = given.pop("as_json"), given.pop("output", None)
    formats = given.pop("format", ())
    documents = {one.name: read_document(given.pop(one.name)) for one in task.inputs}
    options = {name: value for name, value in given.items() if value is not None}
    inputs: dict[str, Any] = {name: document.sketch for name, document in documents.items()}
    with progress_bar(task.summary) as bar:
        result = engine.run(
            task.name, on_progress=lambda event: bar(event.fraction), **inputs, **options
        )
    if output is None:
        report_labels(result, as_json)
        return
    files, names = result_files(result, formats, next(iter(documents.values()), None))
    facts = dumped(manifest(result, names, [*files]))
    write_result(output, files | {MANIFEST: facts.encode()})
    click.echo(facts if as_json else _summary(result, output, files), nl=not as_json)


def report_labels(result: Result, as_json: bool) -> None:
    """Print a classification."""
    if as_json:
        click.echo(dumped(manifest(result, [])), nl=False)
        return
    for value in result.values:
        assert isinstance(value, Labels)
        for label in value.labels:
            click.echo(f"{label.probability:6.1%}  {label.name}")


def _summary(result: Result, folder: Path, files: dict[str, bytes]) -> str:
    count = len(result.outputs)
    sheet = next((name for name in files if name.endswith(".png")), None)
    lines = [f"{count} {'sketch' if count == 1 else 'sketches'} in {folder}"]
    lines += [f"All on one sheet: {folder / sheet}"] if sheet else []
    return "\n".join([*lines, f"Seed {result.options['seed']}, asset '{result.asset}'."])


def _output_option() -> click.Option:
    return click.Option(
        ["-o", "--output"],
        type=click.Path(file_okay=False, path_type=Path),
        default=Path("out"),
        help="The folder for the results.  [default: out]",
    )


def _format_option() -> click.Option:
    def parse(ctx: click.Context, option: click.Parameter, text: str) -> tuple[str, ...]:
        names = tuple(name.strip() for name in text.split(",") if name.strip())
        unknown = [name for name in names if name not in FORMATS]
        if unknown or not names:
            raise click.BadParameter(f"{text!r}: choose from {', '.join(FORMATS)}.")
        return names

    return click.Option(
        ["--format"],
        default="svg,png",
        callback=parse,
        help="What to write: svg (a file each), png (a contact sheet), ndjson, npz; several with "
        "commas.  [default: svg,png]",
    )
