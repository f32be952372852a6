"""Clips as the batches that a WaveNet learns from."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from creative_gen.media.clip_set import NEVER, NO_PITCH, ClipSet
from creative_gen.models.wavenet.conditioning import Tone, feature_count, features, frequency
from creative_gen.models.wavenet.config import WaveNetConfig
from creative_gen.models.wavenet.envelopes import Envelopes
from creative_gen.models.wavenet.objective import Objective
from creative_gen.models.wavenet.partials import phase_inputs
from creative_gen.models.wavenet.recipe import source_of
from creative_gen.models.wavenet.tracking import Partials, track_partials

PCM = 32768.0
HALF_STEP = 0.5 / PCM
CUT = 0.005
"""Seconds at the end of a clip that a recipe may have faded."""
SILENT = 3e-3
"""Peak below which a sound has ended."""
TRACKED_FRAMES = 2
"""Frames between two places at which partials are tracked."""

Float = NDArray[np.float32]
Batch = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Crop:
    """A part of a clip: its index, and its first conditioning frame."""

    clip: int
    frame: int


class Clips:
    """A set of clips and their partials.

    Args:
        clips: ClipSet. At the network's sample rate.
        config: WaveNetConfig.
        sources: names of the network's variants, where it is told of them.
    """

    def __init__(self, clips: ClipSet, config: WaveNetConfig, sources: Sequence[str] = ()) -> None:
        self.clips, self.config = clips, config
        self._variants = {name: index for index, name in enumerate(sources)}
        self._partials: dict[int, Partials] = {}
        # Each kind is heard equally often.
        counts = np.bincount(clips.kind, minlength=len(clips.kinds))
        share = 1.0 / counts[clips.kind]
        self.weight = share / share.sum()

    def tone(self, index: int) -> Tone:
        """What is known of a clip."""
        clips = self.clips
        pitch, release = float(clips.pitch[index]), int(clips.release[index])
        source, speed = source_of(clips.source[index])
        variant = self._variants.get(source)
        return Tone(
            kind=int(clips.kind[index]),
            pitch=None if pitch == NO_PITCH else pitch,
            velocity=int(clips.velocity[index]),
            release=None if release == NEVER else release,
            variants=() if variant is None else ((variant, 1.0),),
            speed=0.0 if variant is None else speed,
        )

    def sound(self, index: int, first: int, count: int) -> Float:
        """Samples of a clip in [-1, 1], zeros before its start and after its end."""
        part = self.clips.clip(index)[max(first, 0) : first + count]
        before = max(-first, 0)
        return np.pad(part / np.float32(PCM), (before, count - before - len(part)))

    def frames(self, index: int) -> int:
        """The conditioning frames that a clip lasts."""
        return -(-len(self.clips.clip(index)) // self.config.frame)

    def last_frame(self, index: int) -> int:
        """The last frame border of a clip at which it still sounds as it should."""
        length = len(self.clips.clip(index))
        if not self.ends_silent(index):
            length -= round(CUT * self.config.sample_rate)
        return max(length // self.config.frame - 1, 0)

    def ends_silent(self, index: int) -> bool:
        """Whether nothing comes after the clip, as after a sound that has died away."""
        rate = self.config.sample_rate
        end = self.clips.clip(index)[-int(5 * CUT * rate) : -int(CUT * rate)]
        return bool(np.abs(end / PCM).max(initial=0.0) < SILENT)

    def partials(self, index: int) -> Partials:
        """The partials of a pitched clip; tracked once."""
        if index not in self._partials:
            config = self.config
            self._partials[index] = track_partials(
                self.clips.clip(index) / np.float32(PCM),
                float(frequency(self.clips.pitch[index])),
                config.sample_rate,
                config.partials,
                TRACKED_FRAMES * config.frame,
            )
        return self._partials[index]


def unsourced(tone: Tone) -> Tone:
    """The tone without its source."""
    return replace(tone, variants=(), speed=0.0)


class Rows:
    """Makes batches of what a network learns: the residual of a sound.

    Args:
        clips: Clips.
        envelopes: Envelopes. Those of the run.
    """

    def __init__(self, clips: Clips, envelopes: Envelopes) -> None:
        self.clips, self.envelopes = clips, envelopes

    def empty(self, size: int, frames: int) -> Batch:
        """A batch of silence.

        Its arrays: "residual" (B, T); "half_step" (B, T), half of a 16-bit step in it; "phases"
        (B, T, 2 * phases); "features" (B, frames, F); "level" (B,) and "noise" (B,), the factor
        on the network's own past and the noise in it; "weights" (B, T), 0 where a crop that
        begins within a note does not yet reach its receptive field, and after a clip that ends
        while it sounds.
        """
        config = self.clips.config
        count = frames * config.frame
        shapes: dict[str, tuple[int, ...]] = {
            "residual": (count,),
            "half_step": (count,),
            "phases": (count, 2 * config.phases),
            "features": (frames, feature_count(config)),
            "level": (),
            "noise": (),
            "weights": (count,),
        }
        return {name: np.zeros((size, *shape), np.float32) for name, shape in shapes.items()}

    def fill(
        self, batch: Batch, row: int, crop: Crop, known: bool = True, sourced: bool = True
    ) -> None:
        """Put a crop into a row of a batch, telling its kind (`known`) and source (`sourced`)."""
        clips, config = self.clips, self.clips.config
        tone, frames = clips.tone(crop.clip), batch["features"].shape[1]
        tone = tone if sourced else unsourced(tone)
        count, first = frames * config.frame, crop.frame * config.frame
        if tone.pitch is not None and config.partials:
            turns = clips.partials(crop.clip).turns(first, count)
            batch["phases"][row] = phase_inputs(config, turns)
        # The filter looks back into the frame before.
        before = min(crop.frame, 1)
        rest = self.rest(crop.clip, tone, crop.frame - before, frames + before)
        rest = np.pad(rest, (config.frame * (1 - before), 0))[config.frame - config.filter_order :]
        rest = self.envelopes.whitened(tone, crop.frame, rest)
        gains = self.envelopes.gains(tone, crop.frame, frames)
        batch["residual"][row] = rest / gains
        batch["half_step"][row] = HALF_STEP / gains
        told = tone if known else replace(tone, kind=-1)
        batch["features"][row] = features(config, told, crop.frame, frames)
        batch["weights"][row] = self._weights(crop, count)
        batch["level"][row] = 1.0

    def rest(self, index: int, tone: Tone, first: int, frames: int) -> Float:
        """What the partials leave of some frames of a clip."""
        frame = self.clips.config.frame
        rest = self.clips.sound(index, first * frame, frames * frame)
        if tone.pitch is None or not self.clips.config.partials:
            return rest
        turns = self.clips.partials(index).turns(first * frame, frames * frame)
        return rest - self.envelopes.sinusoids(tone, first, frames, turns)

    def _weights(self, crop: Crop, count: int) -> Float:
        clips, config = self.clips, self.clips.config
        weights = np.ones(count, np.float32)
        if crop.frame:
            weights[: config.receptive_field] = 0.0
        if not clips.ends_silent(crop.clip):
            length = len(clips.clips.clip(crop.clip)) - round(CUT * config.sample_rate)
            weights[max(length - crop.frame * config.frame, 0) :] = 0.0
        return weights

    def training(self, goal: Objective, seed: int | list[int]) -> Iterator[Batch]:
        """Random crops without end."""
        rng = np.random.default_rng(seed)
        while True:
            batch = self.empty(goal.batch_size, goal.crop_frames)
            chosen = rng.choice(len(self.clips.clips), goal.batch_size, p=self.clips.weight)
            for row, index in enumerate(chosen):
                crop = self._random_crop(int(index), goal, rng)
                known = rng.random() >= goal.unknown_kind
                self.fill(batch, row, crop, known, rng.random() >= goal.unknown_source)
                batch["level"][row], batch["noise"][row] = goal.random_blur(rng)
            yield batch

    def validation(self, goal: Objective, crops: int) -> list[Batch]:
        """The same crops every time: `crops` of them, evenly over the clips, nothing blurred."""
        rng = np.random.default_rng(0)
        order = rng.permutation(len(self.clips.clips))
        batches = []
        for first in range(0, crops, goal.batch_size):
            batch = self.empty(goal.batch_size, goal.crop_frames)
            for row in range(goal.batch_size):
                index = int(order[(first + row) % len(order)])
                self.fill(batch, row, self._random_crop(index, goal, rng))
            batches.append(batch)
        return batches

    def _random_crop(self, index: int, goal: Objective, rng: np.random.Generator) -> Crop:
        if rng.random() < goal.at_onset:
            return Crop(index, 0)
        # A crop within a note begins a receptive field before what it is scored on.
        last = self.clips.frames(index) - goal.crop_frames // 2
        return Crop(index, int(rng.integers(0, max(last, 1))))
