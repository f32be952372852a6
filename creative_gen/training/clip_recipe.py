"""What the recipes for sound share: from float samples to a set of clips."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from creative_gen.media.audio_files import read_audio
from creative_gen.media.clip_set import ClipSet

SAMPLE_RATE = 16_000
SPLITS = ("train", "valid", "test")
FADE = 0.002
"""Seconds over which a clip's end goes to zero."""
NOTHING = np.zeros(0, np.float32)


@dataclass(frozen=True)
class Clip:
    """One note or hit: float samples (frames,) in [-1, 1] at SAMPLE_RATE, and ClipSet's columns."""

    samples: NDArray[np.float32]
    kind: str
    pitch: float
    velocity: int
    release: int
    source: str


def read_mono(path: Path) -> tuple[NDArray[np.float32], int]:
    """The average (frames,) of a recording's channels, and its rate in Hz.

    Raises:
        MediaError: it cannot be read.
    """
    audio = read_audio(path)
    return np.asarray(audio.samples.mean(axis=0, dtype=np.float32)), audio.sample_rate


def resampled(samples: NDArray[np.float32], rate: float) -> NDArray[np.float32]:
    """Bring mono samples of any rate to SAMPLE_RATE; the first stays the first."""
    import soxr

    return np.asarray(soxr.resample(samples, rate, SAMPLE_RATE, quality="VHQ"), np.float32)


def trimmed(
    samples: NDArray[np.float32], floor: float, shortest: float, fade: float = FADE
) -> NDArray[np.float32]:
    """Cut the end that stays below a level, and fade out what remains.

    Args:
        samples: (frames,) at SAMPLE_RATE.
        floor: dBFS, at most 0.
        shortest: seconds to keep even if they are silent.
        fade: seconds.
    """
    loud = np.flatnonzero(np.abs(samples) >= 10.0 ** (floor / 20.0))
    end = max(round(shortest * SAMPLE_RATE), int(loud[-1]) + 1 if len(loud) else 0)
    kept = samples[:end].copy()
    ramp = min(round(fade * SAMPLE_RATE), len(kept))
    kept[len(kept) - ramp :] *= np.linspace(1.0, 0.0, ramp, dtype=np.float32)
    return kept


def onset(samples: NDArray[np.float32]) -> int:
    """The first sample within 40 dB of the peak."""
    level = np.abs(samples)
    return int(np.argmax(level >= 0.01 * level.max()))


def split_sets(clips: Iterable[tuple[str, Clip]], kinds: Sequence[str]) -> dict[str, ClipSet]:
    """Gather clips by their split: a set for each of SPLITS, in the order that they come in."""
    gathered: dict[str, list[Clip]] = {split: [] for split in SPLITS}
    rounded: dict[str, list[NDArray[np.int16]]] = {split: [] for split in SPLITS}
    for split, clip in clips:
        rounded[split].append(_sixteen_bits(clip.samples))
        gathered[split].append(replace(clip, samples=NOTHING))
    return {split: _clip_set(gathered[split], rounded[split], list(kinds)) for split in SPLITS}


def _sixteen_bits(samples: NDArray[np.float32]) -> NDArray[np.int16]:
    return np.asarray(np.clip(np.rint(samples * 32768.0), -32768, 32767), np.int16)


def _clip_set(clips: list[Clip], rounded: list[NDArray[np.int16]], kinds: list[str]) -> ClipSet:
    return ClipSet(
        sample_rate=SAMPLE_RATE,
        kinds=tuple(kinds),
        samples=np.concatenate([_sixteen_bits(NOTHING), *rounded]),
        offsets=np.cumsum([0, *map(len, rounded)], dtype=np.int64),
        kind=np.array([kinds.index(clip.kind) for clip in clips], np.int64),
        pitch=np.array([clip.pitch for clip in clips], np.float32),
        velocity=np.array([clip.velocity for clip in clips], np.int64),
        release=np.array([clip.release for clip in clips], np.int64),
        source=tuple(clip.source for clip in clips),
    )
