"""A request, and the events that answer it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from creative_gen.interface.options import Options
from creative_gen.interface.values import Value


@dataclass(frozen=True)
class Request:
    """What a generator is asked: checked inputs and complete options.

    Args:
        task: str. A task's name.
        inputs: values by the names of the task's inputs; one that is not required may be missing.
        options: Options. Of the task's class, or the family's own; a `seed` is always set.
    """

    task: str
    inputs: Mapping[str, Value]
    options: Options


@dataclass(frozen=True)
class Progress:
    """How far a job is.

    Args:
        fraction: float. From 0 to 1, never falling.
        preview: values that may still change; often none.
    """

    fraction: float
    preview: tuple[Value, ...] = ()


@dataclass(frozen=True)
class Chunk:
    """A part of an output that is final, for outputs that can be used before they end.

    The chunks of an output are its value from the beginning on, in order: joined, they are the
    value or its first part. Those of several outputs may alternate.

    Args:
        value: what comes next.
        output: int. Which of the result's outputs it belongs to, counted from 0.
        details: what is known of that output already, such as its seed. A file that is written
            as it is made names those of the output's first chunk.
    """

    value: Value
    output: int = 0
    details: Mapping[str, str | int | float] = field(default_factory=dict)


@dataclass(frozen=True)
class Output:
    """One value of a result.

    Args:
        value: what was made.
        details: what is known of it: its seed, its category, its likelihood.
        notes: sentences for the user: what was done otherwise than the request may have meant,
            such as "The hints were resized from 300 x 200 to 600 x 400 pixels."
    """

    value: Value
    details: Mapping[str, str | int | float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where a result comes from: all that it takes to make it again, known before it is made.

    Args:
        task: str. The task's name.
        asset: str. The asset's name.
        asset_sha256: str. The hash of everything in the asset that shapes its results.
        licence: str. The licence of the data the asset was trained on.
        inputs: the SHA-256 of each given input, see `values.digest`, by the input's name.
        options: the complete options, the seed that was used among them.
        version: str. That of creative_gen.
    """

    task: str
    asset: str
    asset_sha256: str
    licence: str
    inputs: Mapping[str, str]
    options: Mapping[str, object]
    version: str


@dataclass(frozen=True, kw_only=True)
class Result(Origin):
    """The end of a job.

    Args:
        outputs: one or more values, the best first where they are ranked.
    """

    outputs: tuple[Output, ...]

    @property
    def values(self) -> tuple[Value, ...]:
        """The outputs' values."""
        return tuple(output.value for output in self.outputs)

    @property
    def notes(self) -> tuple[str, ...]:
        """The outputs' notes, each once."""
        return tuple(dict.fromkeys(note for output in self.outputs for note in output.notes))


Event = Progress | Chunk | Result
"""What a job yields; a `Result` ends it."""

Step = Progress | Chunk | tuple[Output, ...]
"""What a generator yields; the outputs end it, and the engine makes a `Result` of them."""


class Generator(Protocol):
    """Plays an asset. Yields at least every 100 ms of work; closing the iterator cancels."""

    def run(self, request: Request) -> Iterator[Step]:
        """Answer a request; the last thing yielded is the tuple of outputs."""
        ...
