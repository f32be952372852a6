"""The notes recipe, with sines in place of a SoundFont's instruments."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from creative_gen.media.clip_set import NEVER
from creative_gen.media.errors import MediaError
from creative_gen.training import soundfont_notes
from creative_gen.training.clip_recipe import SAMPLE_RATE, Clip
from creative_gen.training.fluidsynth import RENDER_RATE, Note
from creative_gen.training.soundfont_notes import (
    HELD,
    INSTRUMENTS,
    VELOCITIES,
    Instrument,
    soundfont_clips,
    split_of,
)

OFF = {60: -18.0, 61: 30.0}
"""Cents that the toy is out of tune by; notes of velocity 30 are in tune."""
TOY = Instrument("toy", 9, 60, 61)


def play_sines(
    notes: Sequence[Note], program: int, seconds: float, soundfont: Path, drums: bool = False
) -> list[NDArray[np.float32]]:
    assert (program, drums) == (9, False)
    sounds = []
    for note in notes:
        time = np.arange(round(seconds * RENDER_RATE)) / RENDER_RATE
        cents = note.bend + (OFF.get(note.pitch, 0.0) if note.velocity > 30 else 0.0)
        hertz = 440 * 2 ** ((note.pitch - 69) / 12 + cents / 1200)
        level = 0.1 * (note.velocity / 127) ** 2 * np.exp(-np.maximum(time - note.held, 0) * 100)
        sounds.append((level * np.sin(2 * np.pi * hertz * time)).astype(np.float32))
    return sounds


@pytest.fixture(scope="module")
def clips() -> list[tuple[str, Clip]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(soundfont_notes, "play_notes", play_sines)
        return list(soundfont_clips(TOY, Path("toy.sf2")))


def hertz_of(sound: NDArray[np.float32]) -> float:
    """By the crossings of zero, between samples."""
    rises = np.flatnonzero((sound[:-1] < 0) & (sound[1:] >= 0))
    exact = rises - sound[rises] / (sound[rises + 1] - sound[rises])
    return float((len(exact) - 1) / (exact[-1] - exact[0]) * SAMPLE_RATE)


def test_every_pitch_and_velocity_is_held_for_two_times(clips: list[tuple[str, Clip]]) -> None:
    assert len(clips) == len(TOY.pitches) * len(VELOCITIES) * 2
    held: dict[tuple[float, int], list[int]] = {}
    for _, clip in clips:
        held.setdefault((clip.pitch, clip.velocity), []).append(clip.release)
    for releases in held.values():
        assert sorted(releases) in ([4800, 24000], [11200, 41600])
    assert {release for releases in held.values() for release in releases} == {
        round(seconds * SAMPLE_RATE) for seconds in HELD
    }


def test_pitch_classes_are_held_out(clips: list[tuple[str, Clip]]) -> None:
    splits = {(clip.pitch, split) for split, clip in clips}
    assert splits == {(float(pitch), split_of(pitch)) for pitch in TOY.pitches}
    assert splits == {(60.0, "train"), (61.0, "valid")}
    for instrument in INSTRUMENTS:
        assert {split_of(pitch) for pitch in instrument.pitches} == {"train", "valid", "test"}


def test_notes_are_brought_in_tune(clips: list[tuple[str, Clip]]) -> None:
    for _, clip in clips:
        wanted = 440 * 2 ** ((clip.pitch - 69) / 12)
        cents = 1200 * np.log2(hertz_of(clip.samples[:4000]) / wanted)
        assert abs(cents) < 4.0


def test_one_factor_serves_all_velocities(clips: list[tuple[str, Clip]]) -> None:
    for _, clip in clips:
        wanted = 0.8 * (clip.velocity / 127) ** 2
        assert np.abs(clip.samples).max() == pytest.approx(wanted, rel=0.01)


def test_a_clip_ends_when_its_release_has_died_away(clips: list[tuple[str, Clip]]) -> None:
    for _, clip in clips:
        peak = 0.8 * (clip.velocity / 127) ** 2
        fall = np.log(peak / 10 ** (-72 / 20)) / 100
        wanted = min(clip.release / SAMPLE_RATE + fall, 3.0)
        assert len(clip.samples) / SAMPLE_RATE == pytest.approx(wanted, abs=0.005)
        assert clip.release != NEVER


def test_a_silent_instrument_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    def play_nothing(notes: Sequence[Note], *_: object) -> list[NDArray[np.float32]]:
        return [np.zeros(RENDER_RATE, np.float32) for _ in notes]

    monkeypatch.setattr(soundfont_notes, "play_notes", play_nothing)
    with pytest.raises(MediaError, match="no sound for program 9"):
        next(soundfont_clips(TOY, Path("toy.sf2")))
