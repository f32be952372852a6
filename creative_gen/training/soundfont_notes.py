"""Single notes of General MIDI instruments from a SoundFont, with pitches held out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from creative_gen.media.clip_set import NEVER
from creative_gen.media.errors import MediaError
from creative_gen.models.wavenet.pitch_measure import cents_off, sustained
from creative_gen.training.clip_recipe import SAMPLE_RATE, Clip, resampled, trimmed
from creative_gen.training.fluidsynth import RENDER_RATE, Note, play_notes

VELOCITIES = (30, 75, 120)
HELD = (0.3, 0.7, 1.5, 2.6)
"""Seconds. A pitch and velocity is held for two of them, the ones apart by two."""
SECONDS = 3.0
FLOOR = -72.0
SHORTEST = 0.25
TUNING_SECONDS = 1.2
HEARD = RENDER_RATE // 10
"""Samples of a note that its pitch is measured on, at least."""
WORST = 50.0
LOUDEST = 0.8
"""The peak, over the pitches, of an instrument's notes at velocity 127."""
HELD_OUT = {1: "valid", 6: "test"}
"""Pitch classes that are not trained on: C sharp and F sharp."""


@dataclass(frozen=True)
class Instrument:
    """A kind of sound: its name, General MIDI program (0 to 127) and range of MIDI pitches."""

    kind: str
    program: int
    lowest: int
    highest: int

    @property
    def pitches(self) -> range:
        """Every pitch from the lowest to the highest."""
        return range(self.lowest, self.highest + 1)


INSTRUMENTS = (
    Instrument("piano", 0, 33, 96),
    Instrument("electric piano", 4, 33, 96),
    Instrument("vibraphone", 11, 53, 89),
    Instrument("marimba", 12, 45, 96),
    Instrument("organ", 19, 36, 96),
    Instrument("guitar", 24, 40, 84),
    Instrument("bass", 32, 28, 60),
    Instrument("harp", 46, 36, 91),
    Instrument("trumpet", 56, 52, 84),
    Instrument("clarinet", 71, 50, 91),
    Instrument("flute", 73, 59, 96),
)


def split_of(pitch: int) -> str:
    """The split that a pitch belongs to: by pitch class, the same for all instruments."""
    return HELD_OUT.get(pitch % 12, "train")


def instrument_notes(instrument: Instrument, bends: Mapping[tuple[int, int], float]) -> list[Note]:
    """Every pitch and velocity, held for two of HELD: the next note for the other two.

    Args:
        instrument: whose pitches.
        bends: in cents, by pitch and velocity.
    """
    return [
        Note(pitch, velocity, HELD[(pitch + step + turn) % len(HELD)], bends[pitch, velocity])
        for pitch in instrument.pitches
        for step, velocity in enumerate(VELOCITIES)
        for turn in (0, 2)
    ]


def soundfont_clips(instrument: Instrument, soundfont: Path) -> Iterator[tuple[str, Clip]]:
    """Play an instrument's notes.

    One factor for an instrument makes the loudest note at velocity 127 peak at LOUDEST. Clips last
    SECONDS, the release included, or until they stay below FLOOR dBFS.

    Args:
        instrument: what to play.
        soundfont: a `.sf2` file.

    Yields:
        The split and the clip of each note.

    Raises:
        MediaError: FluidSynth or the SoundFont is missing, or the instrument is silent.
    """
    factor = LOUDEST / _loudest(instrument, soundfont)
    notes = instrument_notes(instrument, tuning(instrument, soundfont))
    sounds = play_notes(notes, instrument.program, SECONDS, soundfont)
    for note, sound in zip(notes, sounds, strict=True):
        samples = trimmed(resampled(sound * np.float32(factor), RENDER_RATE), FLOOR, SHORTEST)
        release = round(note.held * SAMPLE_RATE)
        yield (
            split_of(note.pitch),
            Clip(
                samples=samples,
                kind=instrument.kind,
                pitch=float(note.pitch),
                velocity=note.velocity,
                release=release if release < len(samples) else NEVER,
                source=f"{soundfont.stem} program {instrument.program}",
            ),
        )


def tuning(instrument: Instrument, soundfont: Path) -> dict[tuple[int, int], float]:
    """The cents to bend each pitch and velocity by so that it is in tune.

    SoundFonts can be 25 cents off for a range of keys, and for one layer of velocities only. A
    note that seems off by WORST or more is left as it is: that is rather a slip of the measurement.
    """
    notes = [
        Note(pitch, velocity, TUNING_SECONDS)
        for pitch in instrument.pitches
        for velocity in VELOCITIES
    ]
    sounds = play_notes(notes, instrument.program, TUNING_SECONDS, soundfont)
    bends = {}
    for note, sound in zip(notes, sounds, strict=True):
        held = sustained(sound, RENDER_RATE, None)
        cents = cents_off(held, RENDER_RATE, note.pitch) if len(held) >= HEARD else None
        off = 0.0 if cents is None else cents
        bends[note.pitch, note.velocity] = -off if abs(off) < WORST else 0.0
    return bends


def _loudest(instrument: Instrument, soundfont: Path) -> float:
    notes = [Note(pitch, 127, SECONDS) for pitch in instrument.pitches]
    sounds = play_notes(notes, instrument.program, SECONDS, soundfont)
    # Not resampled: that would ring at the end of a note that is cut while it sounds.
    peak = max(float(np.abs(sound).max()) for sound in sounds)
    if peak == 0.0:
        raise MediaError(
            f"'{soundfont}' has no sound for program {instrument.program} ({instrument.kind}).",
            "Give a General MIDI SoundFont, such as FluidR3_GM.sf2.",
        )
    return peak
