"""The values that go into tasks and come out of them."""

from __future__ import annotations

from dataclasses import dataclass

from creative_gen.media.sketch import Sketch


@dataclass(frozen=True)
class Label:
    """A name and how probable it is, from 0 to 1."""

    name: str
    probability: float


@dataclass(frozen=True)
class Labels:
    """Names for one input, the most probable first."""

    labels: tuple[Label, ...]


Value = Sketch | Labels
