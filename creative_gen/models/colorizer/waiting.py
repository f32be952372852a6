"""Long steps of work that cannot be cut, beside which progress is told."""

from __future__ import annotations

from collections.abc import Callable, Generator
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TypeVar

from creative_gen.interface.jobs import Progress

T = TypeVar("T")

PAUSE = 0.05
"""Seconds between two events."""


def patiently(work: Callable[[], T], fraction: float = 0.0) -> Generator[Progress, None, T]:
    """Do work in a thread; yields progress, always the same, until it is done, and its result.

    Closing the generator waits for the work, a second at most where it is used here.
    """
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(work)
        while not wait([future], PAUSE).done:
            yield Progress(fraction)
        return future.result()
