"""Runs a task on files: reads the inputs, relays what is made to a writer."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from creative_gen.cli.medium import Report, ResultWriter, Sources, Writing
from creative_gen.cli.progress import Bar
from creative_gen.engine.engine import Engine
from creative_gen.engine.job import Job
from creative_gen.formats.medium import read_document
from creative_gen.interface.jobs import Chunk, Progress, Result
from creative_gen.interface.tasks import Task


@dataclass(frozen=True)
class Asked:
    """What a command is to do with its files.

    Args:
        engine: Engine. Runs it.
        task: Task. What to run.
        writer: ResultWriter. Writes the results.
        settings: what was given for the writer's flags, by their names.
        options: the options that were given, and perhaps an asset.
    """

    engine: Engine
    task: Task
    writer: ResultWriter
    settings: Mapping[str, Any]
    options: Mapping[str, Any]


def run_one(
    asked: Asked,
    paths: Mapping[str, Path | None],
    shown: AbstractContextManager[Bar],
    kept: tuple[Path, ...] = (),
    several: bool = False,
) -> Report:
    """Read the inputs, run the task, and write the result.

    Args:
        asked: Asked. What to do.
        paths: the file of each input, by its name; None for one that was not given.
        shown: gives what is told the progress.
        kept: paths that no result may take, besides those of the inputs.
        several: bool. Whether other results of the command go to the same place.
    """
    given = {name: path for name, path in paths.items() if path is not None}
    media = {one.name: one.medium for one in asked.task.inputs}
    documents = {name: read_document(media[name], path) for name, path in given.items()}
    inputs: dict[str, Any] = {name: document.value for name, document in documents.items()}
    job = asked.engine.stream(asked.task.name, **inputs, **asked.options)
    first = next(iter(documents.values()), None)
    sources = Sources(first, (*given.values(), *kept), several)
    with closing(job), asked.writer.begin(job, sources, asked.settings) as writing:
        result = relayed(job, writing, shown)
        report = writing.finish(result)
    notes = [note for document in documents.values() for note in document.notes]
    return replace(report, notes=tuple(dict.fromkeys([*notes, *result.notes])))


def relayed(job: Job, writing: Writing, shown: AbstractContextManager[Bar]) -> Result:
    """Run a job to its end, with a progress bar, and hand on what it makes."""
    with shown as bar:
        for event in job:
            if isinstance(event, Progress):
                bar(event.fraction)
            elif isinstance(event, Chunk):
                writing.add(event)
            else:
                result: Result = event
    return result
