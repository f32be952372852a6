"""What a WaveNet is told of a note: its features a frame, and the phase of its pitch a sample."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from creative_gen.models.wavenet.config import WaveNetConfig

PITCH_CENTRES = np.arange(24, 101, 4, dtype=np.float32)
"""Where the bumps stand that a pitch is told by, in MIDI note numbers."""
PITCH_WIDTH = 4.0
ONSET_SECONDS = np.array([0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0], np.float32)
"""Time constants by which the time since the note's start is told."""
RELEASE_SECONDS = np.array([0.01, 0.05, 0.2, 0.8], np.float32)
HIGHEST = 0.95
"""Harmonics above this share of half the sample rate are left out."""

Float = NDArray[np.float32]


@dataclass(frozen=True)
class Tone:
    """One note or hit.

    Args:
        kind: int. Index in the network's kinds; -1 if it is not known.
        pitch: float. MIDI note number; None for what has none.
        velocity: int. 1 to 127.
        release: int. The sample at which the key is let go; None if it is held.
    """

    kind: int
    pitch: float | None
    velocity: int
    release: int | None = None


def feature_count(config: WaveNetConfig) -> int:
    """Width of a frame's features."""
    return (
        len(config.kinds) + 2 + len(PITCH_CENTRES) + len(ONSET_SECONDS) + 1 + len(RELEASE_SECONDS)
    )


def features(config: WaveNetConfig, tone: Tone, first: int, count: int) -> Float:
    """The features of frames `first` to `first + count` of a tone, (count, feature_count).

    In this order: the kind, one-hot; the velocity, in (0, 1]; whether there is a pitch, and the
    pitch as Gaussian bumps; exp(-t / tau) of the time since the start; whether the key has been
    let go, and exp(-t / tau) of the time since.
    """
    rows = np.zeros((count, feature_count(config)), np.float32)
    kinds, pitched = len(config.kinds), len(config.kinds) + 1
    if tone.kind >= 0:
        rows[:, tone.kind] = 1.0
    rows[:, kinds] = tone.velocity / 127.0
    start = pitched + 1 + len(PITCH_CENTRES)
    if tone.pitch is not None:
        rows[:, pitched] = 1.0
        bumps = np.exp(-np.square((tone.pitch - PITCH_CENTRES) / PITCH_WIDTH))
        rows[:, pitched + 1 : start] = bumps
    samples = np.arange(first, first + count, dtype=np.float32) * config.frame
    seconds = samples[:, None] / config.sample_rate
    rows[:, start : start + len(ONSET_SECONDS)] = np.exp(-seconds / ONSET_SECONDS)
    if tone.release is not None:
        gone = (samples[:, None] - tone.release) / config.sample_rate
        faded = np.exp(-np.maximum(gone, 0.0) / RELEASE_SECONDS)
        told = np.concatenate([np.ones_like(gone), faded], axis=1)
        rows[:, start + len(ONSET_SECONDS) :] = np.where(gone >= 0, told, 0.0)
    return rows


def frequency(pitch: NDArray[np.floating] | float) -> NDArray[np.float64]:
    """The frequency of MIDI note numbers in Hz, equal temperament, A4 = 440 Hz."""
    return np.asarray(440.0 * 2.0 ** ((np.asarray(pitch, np.float64) - 69.0) / 12.0))


def phase_inputs(
    config: WaveNetConfig, turns: NDArray[np.floating], hertz: NDArray[np.floating] | float
) -> Float:
    """Sines, then cosines, of the harmonics of a phase: (..., samples, 2 K).

    Args:
        config: WaveNetConfig.
        turns: (..., samples). The phase of the fundamental in whole turns.
        hertz: broadcastable to `turns`. Its frequency; 0 where there is no pitch: that gives zeros.
    """
    harmonics = np.array(config.harmonics, np.float64)
    angle = 2.0 * np.pi * np.mod(turns[..., None] * harmonics, 1.0)
    high = np.asarray(hertz)[..., None] * harmonics
    heard = (high > 0) & (high < HIGHEST * config.sample_rate / 2)
    heard = np.broadcast_to(heard, angle.shape)
    waves = np.concatenate([np.sin(angle), np.cos(angle)], axis=-1)
    return np.asarray(waves * np.concatenate([heard, heard], axis=-1), np.float32)
