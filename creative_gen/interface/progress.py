"""Progress of the parts of a job."""

from __future__ import annotations

from collections.abc import Generator
from typing import TypeVar, cast

from creative_gen.interface.jobs import Progress

T = TypeVar("T")


def between(
    steps: Generator[Progress, None, T], start: float, end: float
) -> Generator[Progress, None, T]:
    """The same, with its progress as that of a part of a whole."""
    while True:
        try:
            step = next(steps)
        except StopIteration as last:
            return cast(T, last.value)
        yield Progress(start + (end - start) * step.fraction)
