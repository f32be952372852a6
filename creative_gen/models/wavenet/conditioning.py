"""What a WaveNet is told of a note, frame by frame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from creative_gen.models.wavenet.config import WaveNetConfig

PITCH_CENTRES = np.arange(24, 103, 3, dtype=np.float32)
"""Where the bumps stand that a pitch is told by, in MIDI note numbers."""
PITCH_WIDTH = 3.0
ONSET_SECONDS = np.array([0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0], np.float32)
"""Time constants by which the time since the note's start is told."""
RELEASE_SECONDS = np.array([0.01, 0.05, 0.2, 0.8], np.float32)
SPEED = 4.0
"""What a speed in octaves is multiplied with, to be about as large as the rest."""

Float = NDArray[np.float32]


@dataclass(frozen=True)
class Tone:
    """One note or hit.

    Args:
        kind: int. Index in the network's kinds; -1 if it is not known.
        pitch: float. MIDI note number; None for what has none.
        velocity: int. 1 to 127.
        release: int. The sample at which the key is let go; None if it is held.
        bends: tuple of (sample, semitones). From each sample on the pitch is that much higher.
        variants: tuple of (index, share). The recorded sources that it is like; none: any.
        speed: float. How much faster than those it is, in octaves.
    """

    kind: int
    pitch: float | None
    velocity: int
    release: int | None = None
    bends: tuple[tuple[int, float], ...] = ()
    variants: tuple[tuple[int, float], ...] = ()
    speed: float = 0.0

    def pitches(self, samples: NDArray[np.int64]) -> NDArray[np.float64]:
        """The bent pitch at each of the samples; the tone has one."""
        assert self.pitch is not None
        steps = np.array([0.0, *(semitones for _, semitones in self.bends)])
        return self.pitch + steps[self._bend_at(samples)]

    def turns(self, samples: NDArray[np.int64], sample_rate: int) -> NDArray[np.float64]:
        """The phase of the bent pitch at each of the samples, in turns; 0 at the first.

        In closed form, so that it does not matter where a chunk of samples begins.
        """
        assert self.pitch is not None
        starts = np.array([0, *(sample for sample, _ in self.bends)])
        steps = np.array([0.0, *(semitones for _, semitones in self.bends)])
        per_sample = frequency(self.pitch + steps) / sample_rate
        before = np.concatenate([[0.0], np.cumsum(np.diff(starts) * per_sample[:-1])])
        index = self._bend_at(samples)
        return np.asarray(before[index] + (samples - starts[index]) * per_sample[index])

    def _bend_at(self, samples: NDArray[np.int64]) -> NDArray[np.int64]:
        return np.searchsorted([sample for sample, _ in self.bends], samples, side="right")


def feature_count(config: WaveNetConfig) -> int:
    """Width of a frame's features."""
    times = len(ONSET_SECONDS) + 1 + len(RELEASE_SECONDS)
    variants = len(config.variants) + bool(config.variants)
    return len(config.kinds) + 2 + len(PITCH_CENTRES) + times + variants


def features(config: WaveNetConfig, tone: Tone, first: int, count: int) -> Float:
    """The features of frames `first` to `first + count` of a tone, (count, feature_count).

    In this order: the kind, one-hot; the velocity, in (0, 1]; whether there is a pitch, and the
    pitch as Gaussian bumps; exp(-t / tau) of the time since the start; whether the key has been
    let go, and exp(-t / tau) of the time since; where the network knows variants, their shares and
    the speed.
    """
    rows = np.zeros((count, feature_count(config)), np.float32)
    kinds, pitched = len(config.kinds), len(config.kinds) + 1
    if tone.kind >= 0:
        rows[:, tone.kind] = 1.0
    rows[:, kinds] = tone.velocity / 127.0
    start = pitched + 1 + len(PITCH_CENTRES)
    samples = np.arange(first, first + count) * config.frame
    if tone.pitch is not None:
        rows[:, pitched] = 1.0
        away = (tone.pitches(samples)[:, None] - PITCH_CENTRES) / PITCH_WIDTH
        rows[:, pitched + 1 : start] = np.exp(-np.square(away))
    seconds = samples[:, None] / config.sample_rate
    rows[:, start : start + len(ONSET_SECONDS)] = np.exp(-seconds / ONSET_SECONDS)
    if tone.release is not None:
        gone = (samples[:, None] - tone.release) / config.sample_rate
        faded = np.exp(-np.maximum(gone, 0.0) / RELEASE_SECONDS)
        told = np.concatenate([np.ones_like(gone), faded], axis=1)
        at = start + len(ONSET_SECONDS)
        rows[:, at : at + told.shape[1]] = np.where(gone >= 0, told, 0.0)
    if config.variants:
        for variant, share in tone.variants:
            rows[:, variant - len(config.variants) - 1] = share
        rows[:, -1] = SPEED * tone.speed
    return rows


def frequency(pitch: NDArray[np.floating] | float) -> NDArray[np.float64]:
    """The frequency of MIDI note numbers in Hz, equal temperament, A4 = 440 Hz."""
    return np.asarray(440.0 * 2.0 ** ((np.asarray(pitch, np.float64) - 69.0) / 12.0))
