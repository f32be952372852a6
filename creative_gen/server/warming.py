"""What is asked of a task so that its model is loaded and compiled: as little as can be."""

from __future__ import annotations

from typing import Any

import numpy as np

from creative_gen.interface.tasks import Medium, task_named
from creative_gen.media.audio import Audio
from creative_gen.media.image import Image
from creative_gen.media.music import read_midi
from creative_gen.media.sketch import Sketch

SIDE = 32
"""Pixels of a picture."""

NOTE = (
    b"MThd\x00\x00\x00\x06\x00\x00\x00\x01\x00\x60MTrk\x00\x00\x00\x0c"
    b"\x00\x90\x3c\x50\x06\x80\x3c\x00\x00\xff\x2f\x00"
)
"""A MIDI file: middle C for a sixteenth of a beat."""


def warming_request(task: str) -> dict[str, Any]:
    """The inputs and options of a task that is quickly done.

    Raises:
        UnknownTask: there is no such task.
    """
    declared = task_named(task)
    inputs = {one.name: _value(one.medium) for one in declared.inputs if one.required}
    fields = declared.options.model_fields
    options = {name: value for name, value in _LITTLE.items() if name in fields}
    return inputs | options


_LITTLE = {"count": 1, "seed": 0, "steps": 3}


def _value(medium: Medium) -> Any:
    if medium == "sketch":
        return Sketch((np.array([[10, 10], [60, 80]], np.float32),), (100, 100))
    if medium == "image":
        return Image(np.full((SIDE, SIDE, 3), 128, np.uint8))
    if medium == "audio":
        return Audio(np.zeros((1, 1600), np.float32), 16000)
    return read_midi(NOTE)
