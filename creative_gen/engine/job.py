"""A request that is being answered."""

from __future__ import annotations

from collections import abc
from collections.abc import Callable, Iterator
from dataclasses import replace

from creative_gen import __version__
from creative_gen.interface.errors import BadPlugin
from creative_gen.interface.jobs import (
    Chunk,
    Event,
    Generator,
    Origin,
    Progress,
    Request,
    Result,
)
from creative_gen.interface.values import digest
from creative_gen.store.asset import Asset


class Job(Iterator[Event]):
    """The events of a request, ended by a `Result`; none is kept after it has been yielded.

    Args:
        asset: Asset. What plays it.
        request: Request. Checked.
        generator: gives the asset's generator. Called when the second event is asked for: loading
            it may take a while, and the first event says that the job has begun.
    """

    def __init__(self, asset: Asset, request: Request, generator: Callable[[], Generator]) -> None:
        self.request = request
        self.origin = _origin(asset, request)
        self._family = asset.card.family
        self._events = self._relay(generator)

    def __next__(self) -> Event:
        return next(self._events)

    def close(self) -> None:
        """Cancel the job, if it has not ended."""
        self._events.close()

    def _relay(self, generator: Callable[[], Generator]) -> abc.Generator[Event, None, None]:
        progress = Progress(0.0)
        yield progress
        steps = generator().run(self.request)
        try:
            for step in steps:
                if isinstance(step, Progress):
                    # Never falling, whatever a family thinks of its own progress.
                    fraction = min(max(step.fraction, progress.fraction), 1.0)
                    progress = replace(step, fraction=fraction)
                    yield progress
                elif isinstance(step, Chunk):
                    yield step
                else:
                    yield Result(outputs=step, **vars(self.origin))
                    return
        finally:
            _close(steps)
        raise BadPlugin(
            f"The model family '{self._family}' ended {self.request.task} without a result.",
            "Update or uninstall the package that brings it.",
        )


def _origin(asset: Asset, request: Request) -> Origin:
    return Origin(
        task=request.task,
        asset=asset.name,
        asset_sha256=asset.sha256,
        licence=asset.licence,
        inputs={name: digest(value) for name, value in request.inputs.items()},
        options=request.options.model_dump(),
        version=__version__,
    )


def _close(steps: Iterator[object]) -> None:
    """Cancel what is left of a job; only a generator has something to cancel."""
    close = getattr(steps, "close", None)
    if close is not None:
        close()
