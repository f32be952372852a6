"""The values that go into tasks and come out of them."""

from __future__ import annotations

import hashlib
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


def digest(value: Value) -> str:
    """SHA-256 of a value's content, the same on every machine: which input a result is of."""
    whole = hashlib.sha256()
    if isinstance(value, Labels):
        whole.update(repr([(label.name, label.probability) for label in value.labels]).encode())
        return whole.hexdigest()
    whole.update(repr(value.size).encode())
    for stroke in value.strokes:
        whole.update(len(stroke).to_bytes(8, "little") + stroke.astype("<f4").tobytes())
    return whole.hexdigest()
