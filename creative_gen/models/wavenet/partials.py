"""The sinusoids of a pitched tone, which a WaveNet plays around."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from creative_gen.models.wavenet.conditioning import Tone, frequency
from creative_gen.models.wavenet.config import WaveNetConfig

HIGHEST = 0.95
"""Partials above this share of half the sample rate are left out."""

Float = NDArray[np.float32]


def start_turns(config: WaveNetConfig) -> NDArray[np.float64]:
    """The phases (partials,) that a new tone starts with, in turns.

    Schroeder's ("Synthesis of low-peak-factor signals", 1970): no moment at which all peaks meet.
    """
    k = np.arange(1, config.partials + 1)
    return np.asarray(-k * (k - 1) / (2 * max(config.partials, 1)) % 1.0)


def tone_turns(
    config: WaveNetConfig, tone: Tone, first: int, count: int, start: NDArray[np.float64]
) -> NDArray[np.float64]:
    """The phases (count, partials) of a tone's samples `first` to `first + count`, in turns."""
    samples = np.arange(first, first + count)
    fundamental = tone.turns(samples, config.sample_rate)
    return np.asarray(start + fundamental[:, None] * np.arange(1, config.partials + 1))


def heard_partials(config: WaveNetConfig, pitches: NDArray[np.floating]) -> NDArray[np.bool_]:
    """Which partials (..., partials) of the pitches (...) are low enough to be played."""
    hertz = frequency(pitches)[..., None] * np.arange(1, config.partials + 1)
    return np.asarray(hertz < HIGHEST * config.sample_rate / 2)


def waves_of(turns: NDArray[np.floating], heard: NDArray[np.bool_]) -> Float:
    """The cosines (count, partials) of phases in turns; zeros where a partial is not heard."""
    return np.asarray(np.cos(2 * np.pi * np.mod(turns, 1.0)) * heard, np.float32)


def phase_inputs(config: WaveNetConfig, turns: NDArray[np.floating]) -> Float:
    """The cosines, then the sines, (count, 2 * phases) of the first partials."""
    angle = 2 * np.pi * np.mod(turns[..., : config.phases], 1.0)
    return np.concatenate([np.cos(angle), np.sin(angle)], axis=-1).astype(np.float32)


def add_up(config: WaveNetConfig, amplitudes: Float, waves: Float) -> Float:
    """The sum (count,) of the partials, their amplitudes in straight lines from frame to frame.

    Args:
        config: WaveNetConfig.
        amplitudes: (frames + 1, partials). At each frame's start, and at the end.
        waves: (frames * frame, partials). See `waves_of`.
    """
    ramp = (np.arange(config.frame, dtype=np.float32) / np.float32(config.frame))[:, None]
    framed = waves.reshape(-1, config.frame, config.partials)
    rise = (amplitudes[1:] - amplitudes[:-1])[:, None] * ramp
    return np.asarray(((amplitudes[:-1, None] + rise) * framed).sum(axis=-1).reshape(-1))
