"""Labels for the command line: they are printed."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any

import click

from creative_gen.cli.medium import Report, ResultWriter, Sources
from creative_gen.engine.job import Job
from creative_gen.interface.jobs import Chunk, Result
from creative_gen.interface.values import Labels
from creative_gen.interface.wire import manifest


class LabelsWriter:
    """Prints labels, and writes nothing."""

    def flags(self) -> list[click.Option]:
        """None."""
        return []

    def begin(
        self, job: Job, sources: Sources, settings: Mapping[str, Any]
    ) -> AbstractContextManager[LabelsWriter]:
        """Nothing to prepare."""
        return nullcontext(self)

    def add(self, chunk: Chunk) -> None:
        """Labels come all at once."""

    def finish(self, result: Result) -> Report:
        """A line a label."""
        found = [value for value in result.values if isinstance(value, Labels)]
        lines = [f"{one.probability:6.1%}  {one.name}" for value in found for one in value.labels]
        return Report(manifest(result, []), "\n".join(lines))


WRITER: ResultWriter = LabelsWriter()
