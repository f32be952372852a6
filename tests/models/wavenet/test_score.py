"""What plays each note of a piece."""

from __future__ import annotations

from typing import Any

import pytest

from creative_gen.interface.errors import InvalidRequest
from creative_gen.media.music import Note
from creative_gen.models.wavenet.conditioning import Tone
from creative_gen.models.wavenet.programs import NAMES, nearest_kind, program_name
from creative_gen.models.wavenet.score import MOST_VOICES, Entry, in_range, score_of
from tests.toy_sounds import TOY_NOTES

MIXED = TOY_NOTES.model_copy(
    update={"kinds": ("snare", *TOY_NOTES.kinds), "pitches": ((-1.0, -1.0), *TOY_NOTES.pitches)}
)


def note(start: float = 0.0, end: float = 1.0, pitch: int = 60, **fields: Any) -> Note:
    made = {"velocity": 100, "program": 12, "is_drum": False, "instrument": 0} | fields
    return Note(start, end, pitch, **made)


def test_general_midi_has_128_programs() -> None:
    assert len(NAMES) == 128
    named = {0: "piano", 11: "vibraphone", 12: "marimba", 46: "harp", 71: "clarinet", 73: "flute"}
    assert {program: program_name(program) for program in named} == named


@pytest.mark.parametrize(
    ("program", "kinds", "kind"),
    [
        (12, ("bass", "marimba"), "marimba"),
        (4, ("piano", "electric piano"), "electric piano"),
        (4, ("flute", "piano"), "piano"),
        (1, ("electric piano", "piano"), "piano"),
        (38, ("piano", "bass"), "bass"),
        (45, ("clarinet", "harp"), "harp"),
        (46, ("piano", "guitar"), "guitar"),
        (73, ("organ", "clarinet"), "clarinet"),
        (127, ("kazoo", "theremin"), "kazoo"),
    ],
)
def test_programs_are_played_by_what_is_nearest(
    program: int, kinds: tuple[str, ...], kind: str
) -> None:
    assert nearest_kind(program, kinds) == kind


def test_every_program_is_played_by_something() -> None:
    assert {nearest_kind(program, ("flute", "bass")) for program in range(128)} == {"flute", "bass"}


@pytest.mark.parametrize(
    ("pitch", "played"), [(60, 60), (50, 50), (49, 61), (36, 60), (86, 86), (87, 75), (127, 79)]
)
def test_notes_beyond_the_range_are_moved_by_octaves(pitch: float, played: float) -> None:
    assert in_range(pitch, (52.0, 84.0)) == played


def test_a_pitch_that_no_octave_brings_there_is_as_near_as_can_be() -> None:
    assert in_range(66.0, (60.0, 62.0)) == 60.0
    assert in_range(70.0, (60.0, 62.0)) == 58.0


def test_a_note_becomes_a_tone() -> None:
    bent = note(0.5, 1.25, 60, velocity=90, bends=((0.0, 0.5), (0.25, -1.0)))
    score = score_of([note(), bent], TOY_NOTES, None)
    assert score.entries == (
        Entry(0, Tone(0, 60, 100, 16_000)),
        Entry(8_000, Tone(0, 60, 90, 12_000, ((0, 0.5), (4_000, -1.0)))),
    )
    assert score.remarks == {"instruments": "marimba for marimba"}


def test_releases_are_on_the_border_of_a_frame() -> None:
    lengths = [score_of([note(0, end)], TOY_NOTES, None) for end in (1.0, 1.002, 1.003, 0.0001)]
    assert [score.entries[0].tone.release for score in lengths] == [16_000, 16_000, 16_080, 80]


def test_each_program_has_its_instrument() -> None:
    notes = [note(program=12), note(program=32, pitch=40), note(program=73, pitch=72)]
    score = score_of(notes, TOY_NOTES, None)
    assert [entry.tone.kind for entry in score.entries] == [0, 1, 2]
    assert score.remarks["instruments"] == "marimba for marimba, bass for bass, flute for flute"


def test_one_instrument_can_play_everything() -> None:
    notes = [note(program=12), note(program=32, pitch=40)]
    score = score_of(notes, TOY_NOTES, "flute")
    assert [entry.tone.kind for entry in score.entries] == [2, 2]
    assert [entry.tone.pitch for entry in score.entries] == [60, 64]
    assert score.remarks == {
        "instruments": "flute",
        "moved_by_octaves": "notes beyond an instrument's range: 1 of flute",
    }


def test_drums_are_left_out_and_said_to_be() -> None:
    score = score_of([note(is_drum=True), note(), note(is_drum=True)], TOY_NOTES, None)
    assert len(score.entries) == 1
    assert score.remarks["left_out"] == "2 drum notes"
    with pytest.raises(InvalidRequest, match="only drums") as raised:
        score_of([note(is_drum=True)], TOY_NOTES, None)
    assert "percussion" in raised.value.hint


def test_what_has_no_pitch_plays_no_notes() -> None:
    assert score_of([note()], MIXED, None).entries[0].tone.kind == 1
    with pytest.raises(InvalidRequest, match="'snare' plays no pitches") as raised:
        score_of([note()], MIXED, "snare")
    assert "marimba, bass, flute" in raised.value.hint


def test_more_notes_than_fit_into_memory_are_refused() -> None:
    held = [note(index / 1000, 10.0, 30 + index % 90) for index in range(MOST_VOICES)]
    assert len(score_of(held, TOY_NOTES, None).entries) == MOST_VOICES
    with pytest.raises(
        InvalidRequest, match="256 notes are held at once, 9.99 seconds in"
    ) as raised:
        score_of([*held, note(9.99, 11.0)], TOY_NOTES, None)
    assert "parts" in raised.value.hint
    # A note that begins as another ends is not held beside it; drums are not played.
    more = [note(10.0 + index / 10, 10.05 + index / 10) for index in range(300)]
    drums = [note(9.0, 10.0, is_drum=True)] * 300
    assert len(score_of([*held, *drums, *more], TOY_NOTES, None).entries) == MOST_VOICES + 300
