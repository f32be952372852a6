"""A training recipe of a WaveNet: the network, the objective and the files of clips."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from creative_gen.fitting.recipes import read_recipe_file
from creative_gen.interface.errors import InvalidRequest
from creative_gen.media.clip_set import NO_PITCH, ClipSet, read_clip_set
from creative_gen.models.wavenet.config import WaveNetConfig
from creative_gen.models.wavenet.objective import Objective
from creative_gen.store.card import CardText


class Recipe(BaseModel):
    """A TOML file: `clips`, `tell_sources`, [network], [objective] and [card].

    `clips` is a folder of train.npz, valid.npz and test.npz, relative to the training data.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    clips: Path
    tell_sources: bool = Field(False, description="Whether the network is told a clip's source.")
    network: WaveNetConfig = WaveNetConfig()
    objective: Objective = Objective()
    card: CardText | None = None

    def load(self, data: Path, split: str) -> ClipSet:
        """The clips of a split: "train", "valid" or "test".

        Raises:
            MediaError: the file cannot be read.
            InvalidRequest: the clips have another sample rate than the network.
        """
        clips = read_clip_set(data / self.clips / f"{split}.npz")
        if clips.sample_rate != self.network.sample_rate:
            raise InvalidRequest(
                f"The clips have {clips.sample_rate} Hz, the network {self.network.sample_rate}.",
                "Make the clips at the network's rate.",
            )
        return clips


def read_recipe(path: Path) -> Recipe:
    """Read a recipe.

    Raises:
        InvalidRequest: the file cannot be read or is not a recipe.
    """
    return read_recipe_file(path, Recipe)


def source_of(told: str) -> tuple[str, float]:
    """The name of a clip's source, and how much faster than it the clip is, in octaves.

    "kit 0 key 38 x1.190" is the source "kit 0 key 38", 1.19 times as fast.
    """
    name, _, speed = told.rpartition(" x")
    try:
        return (name, math.log2(float(speed))) if name else (told, 0.0)
    except ValueError:
        return told, 0.0


def sources_of(clips: ClipSet) -> tuple[tuple[str, ...], tuple[int, ...]]:
    """The names of the clips' sources, in the order they come, and the kind of each."""
    kinds: dict[str, int] = {}
    for told, kind in zip(clips.source, clips.kind, strict=True):
        kinds.setdefault(source_of(told)[0], int(kind))
    return tuple(kinds), tuple(kinds.values())


def pitch_ranges(clips: ClipSet) -> tuple[tuple[float, float], ...]:
    """The lowest and the highest pitch of each kind; `NO_PITCH` twice for kinds without any."""
    nothing = np.array([NO_PITCH], np.float32)
    pitches = [
        clips.pitch[clips.kind == kind] if (clips.kind == kind).any() else nothing
        for kind in range(len(clips.kinds))
    ]
    return tuple((float(some.min()), float(some.max())) for some in pitches)
