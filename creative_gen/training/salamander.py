"""Notes of the Salamander grand piano: a sample every third semitone, at one velocity layer."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from creative_gen.media.clip_set import NEVER
from creative_gen.media.errors import MediaError
from creative_gen.models.wavenet.pitch_measure import cents_off
from creative_gen.training.clip_recipe import (
    SAMPLE_RATE,
    Clip,
    onset,
    read_mono,
    resampled,
    trimmed,
)
from creative_gen.training.soundfont_notes import (
    FLOOR,
    HELD,
    LOUDEST,
    SECONDS,
    SHORTEST,
    TUNING_SECONDS,
    VELOCITIES,
    split_of,
)

KIND = "concert piano"
LOWEST, HIGHEST = 36, 96
VALID = (72,)
"""There is no sample of a C sharp."""
NOTE_NAME = re.compile(r"([A-G])(s?)(\d)v\d+")
SEMITONES = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}
DAMPER = 0.08
"""Seconds in which the damper takes a released string to 1/e."""


def salamander_clips(folder: Path) -> Iterator[tuple[str, Clip]]:
    """Cut the samples of a folder into notes, in tune.

    They ring freely: a released key is an exponential decay of DAMPER seconds. They are of one
    velocity: a softer note is the same sound, less loud by the square of the velocity, as General
    MIDI has it.

    Args:
        folder: sound files named by note and layer, such as `Ds4v10.ogg`.

    Yields:
        The split and the clip: each note from LOWEST to HIGHEST at each of VELOCITIES, held for
        each of HELD.

    Raises:
        MediaError: the folder holds no such file, or one cannot be read.
    """
    named = [(pitch_of(path.stem), path) for path in sorted(folder.glob("*.*"))]
    notes = {
        pitch: _note(path, pitch)
        for pitch, path in named
        if pitch is not None and LOWEST <= pitch <= HIGHEST
    }
    if not notes:
        raise MediaError(f"'{folder}' has no Salamander notes.", "They are named as A4v10.ogg.")
    loudest = max(float(np.abs(note).max()) for note in notes.values())
    if loudest == 0.0:
        raise MediaError(f"The notes in '{folder}' are silent.", "Download them again.")
    for pitch, note in sorted(notes.items()):
        split = "valid" if pitch in VALID else split_of(pitch)
        for velocity in VELOCITIES:
            factor = np.float32(LOUDEST / loudest * (velocity / 127) ** 2)
            for held in HELD:
                yield split, _clip(note * factor, pitch, velocity, round(held * SAMPLE_RATE))


def pitch_of(name: str) -> int | None:
    """The MIDI note number that a file such as `Ds4v10` is named by; None if it is not."""
    named = NOTE_NAME.fullmatch(name)
    if not named:
        return None
    return 12 * (int(named[3]) + 1) + SEMITONES[named[1]] + bool(named[2])


def _clip(sound: NDArray[np.float32], pitch: int, velocity: int, release: int) -> Clip:
    after = np.maximum(np.arange(len(sound), dtype=np.float32) - release, 0.0)
    damped = sound * np.exp(-after / np.float32(DAMPER * SAMPLE_RATE))
    samples = trimmed(damped, FLOOR, SHORTEST)
    return Clip(
        samples=samples,
        kind=KIND,
        pitch=float(pitch),
        velocity=velocity,
        release=release if release < len(samples) else NEVER,
        source="Salamander",
    )


def _note(path: Path, pitch: int) -> NDArray[np.float32]:
    sound, rate = read_mono(path)
    sound = sound[onset(sound) : round((onset(sound) / rate + SECONDS + 1.0) * rate)]
    held = sound[rate // 10 :][: round(TUNING_SECONDS * rate)]
    cents = cents_off(held, rate, pitch) if len(held) > rate // 10 else None
    slower = 2.0 ** (-(cents or 0.0) / 1200.0)
    return resampled(sound, rate * slower)[: round(SECONDS * SAMPLE_RATE)]
