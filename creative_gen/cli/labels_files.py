"""Labels for the command line: they are printed."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

import click

from creative_gen.cli.medium import Report, ResultWriter, Sources
from creative_gen.engine.job import Job
from creative_gen.interface.jobs import Chunk, Result
from creative_gen.interface.tasks import Task
from creative_gen.interface.values import Labels
from creative_gen.interface.wire import manifest


class LabelsWriter:
    """Prints labels, and writes nothing."""

    def flags(self, task: Task) -> list[click.Option]:
        """None."""
        return []

    def begin(
        self, job: Job, sources: Sources, settings: Mapping[str, Any]
    ) -> AbstractContextManager[LabelsPrinting]:
        """Nothing to prepare."""
        return nullcontext(LabelsPrinting(sources.several))


@dataclass(frozen=True)
class LabelsPrinting:
    """The printing of one result: a line a label, or one line where there are other results."""

    in_a_line: bool

    def add(self, chunk: Chunk) -> None:
        """Labels come all at once."""

    def finish(self, result: Result) -> Report:
        """The likeliest first."""
        labels = [
            label for value in result.values if isinstance(value, Labels) for label in value.labels
        ]
        if self.in_a_line:
            told = ", ".join(f"{one.name} {one.probability:.1%}" for one in labels)
        else:
            told = "\n".join(f"{one.probability:6.1%}  {one.name}" for one in labels)
        return Report(manifest(result, []), told)


WRITER: ResultWriter = LabelsWriter()
