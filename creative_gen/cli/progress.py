"""A progress bar where a person is watching."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol


class Bar(Protocol):
    """Takes the fraction that is done."""

    def __call__(self, fraction: float) -> None:
        """Show it."""
        ...


@contextmanager
def progress_bar(title: str) -> Iterator[Bar]:
    """A bar on standard error while the block runs; nothing when that is not a terminal."""
    if not sys.stderr.isatty():
        yield lambda fraction: None
        return
    # Here, because importing rich takes 0.1 s.
    from rich.console import Console
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), transient=True) as bar:
        row = bar.add_task(title, total=1.0)
        yield lambda fraction: bar.update(row, completed=fraction)
