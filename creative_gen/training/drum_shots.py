"""Single hits of drums: from a SoundFont's kits and from recorded one-shots."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from creative_gen.media.clip_set import NEVER, NO_PITCH
from creative_gen.media.errors import MediaError
from creative_gen.training.clip_recipe import (
    SAMPLE_RATE,
    Clip,
    onset,
    read_mono,
    resampled,
    trimmed,
)
from creative_gen.training.drum_sources import DRUMS, Drum
from creative_gen.training.fluidsynth import RENDER_RATE, Note, play_notes

VELOCITIES = (50, 85, 120)
FILE_VELOCITY, SOFT_VELOCITY = 120, 60
"""Of recordings, and of those whose name ends in `_soft`."""
LOUDEST = 0.8
"""The peak of a hit at velocity 127; at others it is proportional to the velocity."""
SECONDS = 1.6
FLOOR = -66.0
SHORTEST = 0.03
FADE_OUT = 0.4
"""Seconds over which a hit that is longer than SECONDS is faded out."""
BEFORE_ONSET = 0.0005
SLOWEST, FASTEST = 0.84, 1.0 / 0.84
ENOUGH = 150
"""Clips a kind at least in train, by playing its hits at more speeds."""
MILD = (0.94, 1.0, 1.06)
"""The speeds of the hits of valid and test, which are few."""


@dataclass(frozen=True)
class Hit:
    """A recorded hit as it came: mono samples (frames,), their rate in Hz, and where from."""

    split: str
    samples: NDArray[np.float32]
    rate: int
    velocity: int
    source: str


def drum_clips(soundfont: Path, folder: Path | None) -> Iterator[tuple[str, Clip]]:
    """Every drum of DRUMS, cut to its onset and peaking in proportion to its velocity.

    The hits of train are played at speeds from SLOWEST to FASTEST, as many as make ENOUGH clips
    of the kind; those of valid and test at MILD.

    Args:
        soundfont: a `.sf2` file with General MIDI drum kits.
        folder: recordings, named as sonic-pi's samples are; None to do without.

    Yields:
        The split and the clip of each hit at each speed.

    Raises:
        MediaError: FluidSynth or a source is missing, or a recording cannot be read.
    """
    kits = _kit_hits(soundfont)
    for drum in DRUMS:
        hits = kits[drum.kind] + (_recorded(drum, folder) if folder else [])
        learned = sum(hit.split == "train" for hit in hits)
        # An odd number of speeds, evenly apart in pitch, has the hit's own in the middle.
        count = max(3, -(-ENOUGH // max(learned, 1)) | 1)
        speeds = np.geomspace(SLOWEST, FASTEST, count).tolist()
        for hit in hits:
            for speed in speeds if hit.split == "train" else MILD:
                yield hit.split, _clip(drum.kind, hit, speed)


def _clip(kind: str, hit: Hit, speed: float) -> Clip:
    # Cut before it is resampled: the filter rings ahead of a sharp onset.
    before = onset(hit.samples) - round(BEFORE_ONSET * hit.rate)
    sound = resampled(hit.samples[max(before, 0) :], hit.rate * speed)
    sound *= np.float32(LOUDEST * hit.velocity / 127 / np.abs(sound).max())
    return Clip(
        samples=trimmed(_faded_out(sound), FLOOR, SHORTEST),
        kind=kind,
        pitch=NO_PITCH,
        velocity=hit.velocity,
        release=NEVER,
        source=f"{hit.source} x{speed:.3f}",
    )


def _faded_out(sound: NDArray[np.float32]) -> NDArray[np.float32]:
    frames, ramp = round(SECONDS * SAMPLE_RATE), round(FADE_OUT * SAMPLE_RATE)
    if len(sound) <= frames:
        return sound
    kept = sound[:frames].copy()
    kept[-ramp:] *= np.cos(np.linspace(0.0, np.pi / 2, ramp, dtype=np.float32)) ** 2
    return kept


def _kit_hits(soundfont: Path) -> dict[str, list[Hit]]:
    """The hits that come from kits, by kind; each kit is rendered once."""
    keys: dict[int, list[tuple[Drum, int]]] = {}
    for drum in DRUMS:
        for kit, key in drum.hits:
            keys.setdefault(kit, []).append((drum, key))
    hits: dict[str, list[Hit]] = {drum.kind: [] for drum in DRUMS}
    for kit, struck in sorted(keys.items(), key=lambda item: item[0]):
        notes = [Note(key, velocity, SECONDS) for _, key in struck for velocity in VELOCITIES]
        # Played faster, a hit still has to fill SECONDS.
        sounds = play_notes(notes, kit, SECONDS * FASTEST, soundfont, drums=True)
        owners = [drum for drum, _ in struck for _ in VELOCITIES]
        for drum, note, sound in zip(owners, notes, sounds, strict=True):
            source = f"{soundfont.stem} kit {kit} key {note.pitch}"
            _check_sound(sound, source)
            split = drum.split_of((kit, note.pitch))
            hits[drum.kind].append(Hit(split, sound, RENDER_RATE, note.velocity, source))
    return hits


def _recorded(drum: Drum, folder: Path) -> list[Hit]:
    paths = sorted(path for path in folder.glob("*.*") if drum.takes(path.stem))
    if drum.files and not paths:
        raise MediaError(
            f"'{folder}' has no recordings of a {drum.kind}.",
            f"Give a folder with files named {' or '.join(drum.files)}, as sonic-pi's samples.",
        )
    hits = []
    for path in paths:
        mono, rate = read_mono(path)
        _check_sound(mono, path.name)
        velocity = SOFT_VELOCITY if path.stem.endswith("_soft") else FILE_VELOCITY
        hits.append(Hit(drum.split_of(path.stem), mono, rate, velocity, path.stem))
    return hits


def _check_sound(samples: NDArray[np.float32], source: str) -> None:
    if not np.abs(samples).max(initial=0.0) > 0.0:
        raise MediaError(f"{source} is silent.", "Give a SoundFont or folder that has this drum.")
