"""Clips as the batches that a WaveNet learns from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from creative_gen.media.clip_set import NEVER, NO_PITCH, ClipSet
from creative_gen.media.mu_law import compand, level_values, levels, pre_emphasise
from creative_gen.models.wavenet.conditioning import (
    Tone,
    feature_count,
    features,
    frequency,
    phase_inputs,
)
from creative_gen.models.wavenet.config import WaveNetConfig
from creative_gen.models.wavenet.objective import Objective
from creative_gen.models.wavenet.tracking import fundamental_turns

PCM = 32768.0
CUT = 0.005
"""Seconds at the end of a clip that a recipe may have faded."""
SILENT = 3e-3
"""Peak below which a sound has ended."""
Float = NDArray[np.float32]
Batch = dict[str, NDArray[Any]]


@dataclass(frozen=True)
class Crop:
    """A part of a clip: its index, and its first conditioning frame."""

    clip: int
    frame: int


class Clips:
    """A set of clips and the phases of their fundamentals.

    Args:
        clips: ClipSet. At the network's sample rate.
        config: WaveNetConfig.
    """

    def __init__(self, clips: ClipSet, config: WaveNetConfig) -> None:
        self.clips, self.config = clips, config
        self.turns: list[NDArray[np.uint16] | None] = [None] * len(clips)
        # Each kind is heard equally often.
        counts = np.bincount(clips.kind, minlength=len(clips.kinds))
        share = 1.0 / counts[clips.kind]
        self.weight = share / share.sum()

    def tone(self, index: int) -> Tone:
        """What is known of a clip."""
        clips = self.clips
        pitch, release = float(clips.pitch[index]), int(clips.release[index])
        return Tone(
            kind=int(clips.kind[index]),
            pitch=None if pitch == NO_PITCH else pitch,
            velocity=int(clips.velocity[index]),
            release=None if release == NEVER else release,
        )

    def frames(self, index: int) -> int:
        """The conditioning frames that a clip lasts."""
        return -(-(int(np.diff(self.clips.offsets[index : index + 2])[0])) // self.config.frame)

    def ends_silent(self, index: int) -> bool:
        """Whether nothing comes after the clip, as after a sound that has died away."""
        rate = self.config.sample_rate
        end = self.clips.clip(index)[-int(5 * CUT * rate) : -int(CUT * rate)]
        return bool(np.abs(end / PCM).max(initial=0.0) < SILENT)

    def phase(self, index: int) -> NDArray[np.uint16]:
        """The phase of a pitched clip's fundamental, a turn being 65,536; tracked once."""
        kept = self.turns[index]
        if kept is None:
            hertz = float(frequency(self.clips.pitch[index]))
            turns = fundamental_turns(self.clips.clip(index) / PCM, hertz, self.config.sample_rate)
            kept = np.asarray(turns * 65536, np.uint32).astype(np.uint16)
            self.turns[index] = kept
        return kept

    def row(self, crop: Crop, frames: int, gain: float, known: bool) -> tuple[Float, ...]:
        """The model-domain samples and the two before, the phases, and the frames' features.

        Samples past the clip's end are zeros.
        """
        config, tone = self.config, self.tone(crop.clip)
        start, count = crop.frame * config.frame, frames * config.frame
        sound = np.zeros(count + 3, np.float32)
        clip = self.clips.clip(crop.clip)
        part = clip[max(start - 3, 0) : start + count]
        at = 3 - min(start, 3)
        sound[at : at + len(part)] = part * np.float32(gain / PCM)
        emphasised = pre_emphasise(sound, config.pre_emphasis)[1:]
        phases = np.zeros((count, 2 * len(config.harmonics)), np.float32)
        if tone.pitch is not None and config.harmonics:
            turns = np.zeros(count)
            tracked = self.phase(crop.clip)[start : start + count]
            turns[: len(tracked)] = tracked / 65536
            phases = phase_inputs(config, turns, float(frequency(tone.pitch)))
        told = tone if known else Tone(-1, tone.pitch, tone.velocity, tone.release)
        return emphasised, phases, features(config, told, crop.frame, frames)


def batch_of(clips: Clips, crops: list[Crop], goal: Objective, rng: np.random.Generator) -> Batch:
    """A batch of crops.

    Returns:
        Arrays by name: "samples" (B, T, 2 + 2K), of each step the two samples before, companded,
        and the phases; "features" (B, frames, F); "targets" (B, T), levels or samples; "weights"
        (B, T), 0 where a crop that begins within a note does not yet reach its receptive field,
        and after a clip that ends while it sounds.
    """
    config, frames = clips.config, goal.crop_frames
    count = frames * config.frame
    inputs = np.zeros((len(crops), count, 2 + 2 * len(config.harmonics)), np.float32)
    told = np.zeros((len(crops), frames, feature_count(config)), np.float32)
    targets = np.zeros((len(crops), count), np.int32 if config.head == "mu_law" else np.float32)
    weights = np.ones((len(crops), count), np.float32)
    for n, crop in enumerate(crops):
        gain = 10 ** (-rng.uniform(0, goal.gain_decibels) / 20)
        known = rng.random() >= goal.unknown_kind
        sound, inputs[n, :, 2:], told[n] = clips.row(crop, frames, gain, known)
        if config.head == "mu_law":
            level = levels(sound)
            sound = np.where(_silent_before(sound, crop), 0.0, level_values(level))
            targets[n] = level[2:]
        else:
            targets[n] = sound[2:]
        inputs[n, :, 0], inputs[n, :, 1] = compand(sound[1:-1]), compand(sound[:-2])
        if crop.frame:
            weights[n, : config.receptive_field] = 0.0
        if not clips.ends_silent(crop.clip):
            length = len(clips.clips.clip(crop.clip)) - CUT * config.sample_rate
            weights[n, max(int(length) - crop.frame * config.frame, 0) :] = 0.0
    return {"samples": inputs, "features": told, "targets": targets, "weights": weights}


def _silent_before(sound: Float, crop: Crop) -> NDArray[np.bool_]:
    """Where a note has not begun: there the network hears a zero, not the level next to zero."""
    return np.asarray((np.arange(len(sound)) < 2) & (crop.frame == 0))


def training_batches(clips: Clips, goal: Objective, seed: int | list[int]) -> Iterator[Batch]:
    """Random crops without end."""
    rng = np.random.default_rng(seed)
    while True:
        chosen = rng.choice(len(clips.clips), goal.batch_size, p=clips.weight)
        yield batch_of(clips, [_random_crop(clips, n, goal, rng) for n in chosen], goal, rng)


def validation_batches(clips: Clips, goal: Objective, crops: int) -> list[Batch]:
    """The same crops every time: `crops` of them, evenly over the clips."""
    rng = np.random.default_rng(0)
    whole = goal.model_copy(update={"unknown_kind": 0.0, "gain_decibels": 0.0})
    order = rng.permutation(len(clips.clips))
    chosen = [_random_crop(clips, int(order[n % len(order)]), whole, rng) for n in range(crops)]
    groups = [chosen[at : at + goal.batch_size] for at in range(0, crops, goal.batch_size)]
    return [batch_of(clips, group, whole, rng) for group in groups]


def _random_crop(clips: Clips, index: int, goal: Objective, rng: np.random.Generator) -> Crop:
    if rng.random() < goal.at_onset:
        return Crop(index, 0)
    # A crop within a note begins a receptive field before what it is scored on.
    last = clips.frames(index) - goal.crop_frames // 2
    return Crop(index, int(rng.integers(0, max(last, 1))))
