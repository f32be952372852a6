"""How commands write values: each medium has a module of its own.

The module of the medium "sketch" is `cli/sketch_files.py`. It has `WRITER`, a `ResultWriter`.
Another medium is another module. How values are read is in `formats/`.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, Protocol

import click

from creative_gen.engine.job import Job
from creative_gen.formats.medium import Document
from creative_gen.interface.jobs import Chunk, Result
from creative_gen.interface.tasks import Medium, Task


@dataclass(frozen=True)
class Sources:
    """What a result is made of.

    Args:
        document: the task's first input, if it has one.
        kept: paths that no result may take: those of all inputs, and of results that the command
            has written before.
        several: bool. Whether other results of the command go to the same place, and the command
            writes the manifest of all.
    """

    document: Document | None = None
    kept: tuple[Path, ...] = ()
    several: bool = False


@dataclass(frozen=True)
class Report:
    """What a command says of a result at its end.

    Args:
        facts: the manifest, printed for --json.
        summary: str. Printed otherwise.
        on_stderr: bool. Whether standard output is taken.
        notes: sentences for the user, of the inputs and of the result.
    """

    facts: Mapping[str, Any]
    summary: str
    on_stderr: bool = False
    notes: tuple[str, ...] = ()


class Writing(Protocol):
    """The writing of one result."""

    def add(self, chunk: Chunk) -> None:
        """Take a part of the result, as it is made."""
        ...

    def finish(self, result: Result) -> Report:
        """Take the whole result, and let its files be seen."""
        ...


class ResultWriter(Protocol):
    """Writes the results of tasks that give one medium."""

    def flags(self, task: Task) -> list[click.Option]:
        """Where to write what a task gives, and how.

        No option of a task may have the name of one of them.
        """
        ...

    def begin(
        self, job: Job, sources: Sources, settings: Mapping[str, Any]
    ) -> AbstractContextManager[Writing]:
        """Prepare for a result; leaving the block without `finish` removes what was written.

        Args:
            job: Job. None of its events has been asked for.
            sources: Sources. What it is made of.
            settings: what was given for `flags`, by their names.

        Raises:
            CreativeGenError: the settings do not fit the job, or the place cannot be written.
        """
        ...


def result_writer(medium: Medium) -> ResultWriter:
    """What writes results of a medium."""
    writer: ResultWriter = import_module(f"creative_gen.cli.{medium}_files").WRITER
    return writer
