import io
import math
import warnings
from pathlib import Path

import mido
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from creative_gen.media import music
from creative_gen.media.errors import MediaError
from creative_gen.media.music import Note, notes_of, read_midi, write_midi

EXAMPLES = Path(__file__).parents[2] / "examples"
PEDAL = 64

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from note_seq import NoteSequence, sequences_lib


def on(note, time=0, velocity=90, channel=0):
    return mido.Message("note_on", note=note, velocity=velocity, time=time, channel=channel)


def off(note, time=0, channel=0):
    return mido.Message("note_off", note=note, time=time, channel=channel)


def control(number, value, time=0, channel=0):
    return mido.Message("control_change", control=number, value=value, time=time, channel=channel)


def program(number, channel=0):
    return mido.Message("program_change", program=number, channel=channel)


def wheel(pitch, time=0):
    return mido.Message("pitchwheel", pitch=pitch, time=time)


def tempo(beats_a_minute, time=0):
    return mido.MetaMessage("set_tempo", tempo=round(6e7 / beats_a_minute), time=time)


def midi(*tracks, ticks_per_beat=480, kind=1):
    """The bytes of a file; a beat of 480 ticks takes half a second without a tempo."""
    content = io.BytesIO()
    file = mido.MidiFile(type=kind, ticks_per_beat=ticks_per_beat)
    file.tracks.extend(mido.MidiTrack(track) for track in tracks)
    file.save(file=content)
    return content.getvalue()


def played(*tracks, **options):
    return notes_of(read_midi(midi(*tracks, **options)))


def times(notes):
    return [(note.pitch, round(note.start, 6), round(note.end, 6)) for note in notes]


def sequence_of(*notes, pedal=()):
    """A sequence of (start, end, pitch) and of pedal moves (time, value)."""
    sequence = NoteSequence()
    for start, end, pitch in notes:
        sequence.notes.add(start_time=start, end_time=end, pitch=pitch, velocity=80)
    for time, value in pedal:
        sequence.control_changes.add(time=time, control_number=PEDAL, control_value=value)
    return sequence


SONG = (EXAMPLES / "song.mid").read_bytes()


def test_notes_carry_what_the_file_says():
    notes = played(
        [program(12), on(60, 0, 33), off(60, 480)],
        [on(38, 0, 127, channel=9), on(38, 240, 0, channel=9)],
    )
    assert notes == (
        Note(0.0, 0.25, 38, 127, 0, True, 0),
        Note(0.0, 0.5, 60, 33, 12, False, 1),
    )


def test_notes_come_by_their_start():
    notes = played([on(60), on(50, 10), off(60, 10), off(50, 10)], [on(40, 5), off(40, 100)])
    assert [note.pitch for note in notes] == [60, 40, 50]


def test_tempo_changes_are_in_the_times():
    change = [tempo(60), tempo(240, 480)]
    notes = [on(60, 0), off(60, 480), on(62, 0), off(62, 480)]
    expected = [(60, 0, 1), (62, 1, 1.25)]
    assert times(played(change, notes)) == expected
    assert times(played(notes, change)) == expected, "tempos of any track count"
    merged = [tempo(60), on(60, 0), off(60, 480), tempo(240), on(62, 0), off(62, 480)]
    assert times(played(merged, kind=0)) == expected
    assert times(played([program(1), *notes], [program(2), *change])) == expected


def test_a_pedal_holds_notes_until_it_is_lifted():
    notes = played(
        [control(PEDAL, 64), on(60), off(60, 480), on(64), off(64, 480), control(PEDAL, 63, 960)]
    )
    assert times(notes) == [(60, 0, 2), (64, 0.5, 2)]


def test_a_pedal_that_is_only_half_down_holds_nothing():
    assert times(played([control(PEDAL, 63), on(60), off(60, 480)])) == [(60, 0, 0.5)]


def test_a_pedal_ends_a_note_when_its_key_is_struck_again():
    notes = played(
        [control(PEDAL, 127), on(60), off(60, 240), on(60, 240), off(60, 240), on(62), off(62, 960)]
    )
    assert times(notes) == [(60, 0, 0.5), (60, 0.5, 1.75), (62, 0.75, 1.75)]


def test_a_pedal_reaches_the_other_hand_and_no_other_channel():
    left = [control(PEDAL, 127), on(40), off(40, 480), control(PEDAL, 0, 480)]
    right = [on(60), off(60, 480)]
    flute = [program(73, 1), on(80, channel=1), off(80, 480, channel=1)]
    assert times(played(left, right, flute)) == [(40, 0, 1), (60, 0, 1), (80, 0, 0.5)]


def test_tracks_that_share_a_channel_with_two_programs_stay_apart():
    notes = played([program(0), on(60), off(60, 480)], [program(73), on(60, 240), off(60, 480)])
    assert [(note.program, round(note.end, 3)) for note in notes] == [(0, 0.5), (73, 0.75)]


def test_drums_do_not_heed_the_pedal():
    notes = played([control(PEDAL, 127, channel=9), on(36, channel=9), off(36, 48, channel=9)])
    assert times(notes) == [(36, 0, 0.05)]


def test_a_key_struck_while_it_sounds_ends_the_note_before():
    notes = notes_of(sequence_of((0, 2, 60), (1, 3, 60), (1, 5, 61)))
    assert times(notes) == [(60, 0, 1), (60, 1, 3), (61, 1, 5)]
    assert times(notes_of(sequence_of((0, 2, 60), (0, 3, 60)))) == [(60, 0, 3)]


spans = st.lists(st.tuples(st.integers(0, 40), st.integers(1, 9)), max_size=12)


@given(
    st.lists(spans, min_size=1, max_size=3), st.lists(st.tuples(st.integers(0, 60), st.booleans()))
)
def test_pedals_agree_with_note_seqs_own(keys, moves):
    notes = []
    for pitch, strokes in enumerate(keys, 60):
        end = 0
        for wait, length in strokes:
            notes.append((end + wait, end + wait + length, pitch))
            end += wait + length + 1
    pedal = [(time + 0.5, 127 * down) for time, down in dict(moves).items()]
    last = max((end for _, end, _ in notes), default=0)
    sequence = sequence_of(*notes, pedal=[*pedal, (last + 100, 0)])
    if not notes:
        return
    theirs = sequences_lib.apply_sustain_control_changes(sequence)
    expected = sorted((n.start_time, n.pitch, n.end_time) for n in theirs.notes)
    assert [(n.start, n.pitch, n.end) for n in notes_of(sequence)] == expected


def test_bends_are_two_semitones_each_way_from_the_start_of_the_note():
    (first, second, third) = played(
        [
            on(60),
            wheel(4096, 480),
            off(60, 480),
            on(61),
            wheel(-8192, 240),
            wheel(-8192, 10),
            off(61, 230),
            wheel(0),
            on(62),
            off(62, 480),
        ]
    )
    assert first.bends == ((0.5, 1.0),)
    assert second.bends == ((0.0, 1.0), (0.25, -2.0))
    assert third.bends == ()


@pytest.mark.parametrize("order", [(101, 100), (100, 101)])
def test_a_piece_can_set_how_far_its_bends_go(order):
    setting = [control(order[0], 0), control(order[1], 0), control(6, 12), control(38, 50)]
    (note,) = played([*setting, on(60), wheel(-8192, 480), off(60, 480)])
    assert note.bends == ((0.5, -12.5),)


@pytest.mark.parametrize(
    "other",
    [
        [control(101, 0), control(100, 1), control(6, 99)],
        [control(101, 0), control(100, 0), control(99, 1), control(98, 1), control(6, 99)],
        [control(6, 99)],
    ],
)
def test_other_parameters_do_not_set_the_bends(other):
    (note,) = played([*other, on(60), wheel(-8192, 480), off(60, 480)])
    assert note.bends == ((0.5, -2.0),)


def test_a_bend_out_of_range_is_as_far_as_it_goes():
    sequence = sequence_of((0, 1, 60))
    sequence.pitch_bends.add(time=0.5, bend=1 << 20)
    assert notes_of(sequence)[0].bends == ((0.5, 2.0),)


def test_notes_of_no_length_or_velocity_are_dropped():
    sequence = sequence_of((0, 1, 60), (2, 2, 61), (3, 1, 62))
    sequence.notes.add(start_time=0, end_time=1, pitch=63)
    assert times(notes_of(sequence)) == [(60, 0, 1)]


@pytest.mark.parametrize(
    "sequence",
    [
        NoteSequence(),
        sequence_of((1, 1, 60)),
        sequence_of((2, 1, 60)),
    ],
)
def test_a_piece_without_notes_is_refused(sequence):
    with pytest.raises(MediaError, match="no notes"):
        notes_of(sequence)


@pytest.mark.parametrize(
    ("change", "match"),
    [
        ({"pitch": 128}, "pitch 128"),
        ({"pitch": -1}, "pitch -1"),
        ({"velocity": 200}, "velocity 200"),
        ({"program": 128}, "program 128"),
        ({"start_time": math.nan}, "time"),
        ({"end_time": math.inf}, "time"),
        ({"start_time": -1}, "time"),
        ({"end_time": 1e9}, "time"),
    ],
)
def test_a_note_out_of_range_is_refused(change, match):
    sequence = sequence_of((0, 1, 60))
    for name, value in change.items():
        setattr(sequence.notes[0], name, value)
    with pytest.raises(MediaError, match=match) as caught:
        notes_of(sequence)
    assert caught.value.hint


def test_events_at_no_time_are_refused():
    with pytest.raises(MediaError, match="time"):
        notes_of(sequence_of((0, 1, 60), pedal=[(math.nan, 127)]))


def test_more_notes_than_are_played_are_refused(monkeypatch):
    stroke = b"\x01\x90\x3c\x40\x01\x80\x3c\x00"
    empty = midi([], kind=0)
    many = empty[:14] + b"MTrk" + (100_000 * len(stroke)).to_bytes(4, "big") + 100_000 * stroke
    with pytest.raises(MediaError, match="more than 20,000 notes"):
        read_midi(many)
    monkeypatch.setattr(music, "MAX_NOTES", 2)
    with pytest.raises(MediaError, match="more than 2 notes"):
        notes_of(sequence_of((0, 1, 60), (0, 1, 61), (0, 1, 62)))


def test_more_bends_than_are_played_are_refused(monkeypatch):
    monkeypatch.setattr(music, "MAX_BENDS", 3)
    bends = [wheel(100 * step, 10) for step in range(1, 5)]
    with pytest.raises(MediaError, match="bends"):
        played([on(60), *bends, off(60, 10)])


@pytest.mark.parametrize(
    ("data", "match"),
    [
        (b"", "empty"),
        (b"RIFF", "not a MIDI"),
        (b"MThd", "broken"),
        (SONG[:14], "broken"),
        (SONG[:100], "broken"),
        (SONG[:-1], "broken"),
        (SONG.replace(b"MTrk", b"MTrq", 1), "broken"),
        (midi([tempo(120), on(60), off(60, 480)]).replace(b"\x07\xa1\x20", bytes(3)), "broken"),
        (midi([on(60), off(60, 480)]).replace(b"\x90\x3c", b"\x90\xbc"), "broken"),
        (midi([on(60), off(60, 480)], kind=2), "type 2"),
        (midi([on(60), off(60, 480)], ticks_per_beat=-6_000), "film frames"),
        (midi([on(60), off(60, 480)], ticks_per_beat=0), "film frames"),
        (midi([on(60), off(60, 0xFFFFFFF)]), "late"),
        (midi(), "no notes"),
        (midi([]), "no notes"),
        (midi([on(60, velocity=0), off(60, 9)]), "no notes"),
    ],
)
def test_files_that_are_no_music_are_refused(data, match):
    with pytest.raises(MediaError, match=match) as caught:
        read_midi(data)
    assert caught.value.hint


def test_events_that_nobody_knows_are_passed_over():
    # mido forgets how long such an event waits, so here it does not.
    unknown = mido.UnknownMetaMessage(0x55, b"abc", time=0)
    texts = [mido.MetaMessage("text", text="la"), mido.Message("sysex", data=(1, 2), time=240)]
    assert times(played([*texts, on(60), unknown, off(60, 240)])) == [(60, 0.25, 0.5)]


def test_a_key_that_is_never_let_go_makes_no_note():
    with pytest.raises(MediaError, match="no notes"):
        played([on(60), control(7, 1, 480)])


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(MediaError, match=r"none\.mid"):
        read_midi(tmp_path / "none.mid")


@pytest.mark.parametrize("name", ["melody.mid", "song.mid"])
def test_written_music_is_read_again(name, tmp_path):
    sequence = read_midi(EXAMPLES / name)
    path = tmp_path / name
    path.write_bytes(write_midi(sequence, '{"seed": 1, "word": "猫"}'))
    notes, again = notes_of(sequence), notes_of(read_midi(str(path)))
    assert len(notes) == len(again)
    for note, other in zip(notes, again, strict=True):
        assert (note.pitch, note.velocity, note.program) == (
            other.pitch,
            other.velocity,
            other.program,
        )
        assert (note.start, note.end) == pytest.approx((other.start, other.end), abs=2e-3)
        assert len(note.bends) == len(other.bends)
    texts = [m.text for m in mido.MidiFile(path, charset="utf-8").tracks[0] if m.type == "text"]
    assert texts == ['{"seed": 1, "word": "猫"}']
    assert write_midi(sequence) == write_midi(sequence)


@pytest.mark.parametrize("change", [{"pitch": 200}, {"velocity": -1}, {"start_time": math.nan}])
def test_what_midi_cannot_hold_is_not_written(change):
    sequence = sequence_of((0, 1, 60))
    for name, value in change.items():
        setattr(sequence.notes[0], name, value)
    with pytest.raises(MediaError) as caught:
        write_midi(sequence)
    assert caught.value.hint


def test_the_examples_are_what_they_are_said_to_be():
    melody = notes_of(read_midi(EXAMPLES / "melody.mid"))
    assert len(melody) == 16
    assert all(a.end <= b.start for a, b in zip(melody[:-1], melody[1:], strict=True))
    song = read_midi(EXAMPLES / "song.mid")
    assert len(song.tempos) == 2
    notes = notes_of(song)
    assert {note.program for note in notes} == {0, 73}
    assert sum(bool(note.bends) for note in notes) == 1
    released = {note.start_time: note.end_time for note in song.notes if note.program == 0}
    assert all(n.end > released[n.start] for n in notes if n.program == 0)


@given(st.integers(0), st.binary(min_size=1, max_size=6))
@settings(max_examples=300)
def test_a_damaged_file_is_read_or_refused(place, damage):
    place %= len(SONG)
    try_reading(SONG[:place] + damage + SONG[place + len(damage) :])


@given(st.binary(max_size=200))
@settings(max_examples=200)
def test_any_track_is_read_or_refused(events):
    head = midi([], ticks_per_beat=96, kind=0)[:14]
    try_reading(head + b"MTrk" + len(events).to_bytes(4, "big") + events)


whole = st.integers(-(1 << 31), (1 << 31) - 1) | st.integers(0, 127)
moments = st.floats() | st.integers(0, 9).map(float)


@given(
    st.lists(st.tuples(moments, moments, whole, whole, whole, st.booleans())),
    st.lists(st.tuples(moments, whole, whole)),
    st.lists(st.tuples(moments, whole)),
)
def test_any_sequence_is_played_or_refused(notes, controls, bends):
    sequence = NoteSequence()
    for start, end, pitch, velocity, number, is_drum in notes:
        sequence.notes.add(
            start_time=start,
            end_time=end,
            pitch=pitch,
            velocity=velocity,
            program=number,
            is_drum=is_drum,
        )
    for time, number, value in controls:
        sequence.control_changes.add(time=time, control_number=number, control_value=value)
    for time, bend in bends:
        sequence.pitch_bends.add(time=time, bend=bend)
    check_notes(sequence)


def try_reading(data):
    try:
        sequence = read_midi(data)
    except MediaError as error:
        assert error.hint
        return
    check_notes(sequence)


def check_notes(sequence):
    try:
        notes = notes_of(sequence)
    except MediaError as error:
        assert error.hint
        return
    assert notes
    assert [note.start for note in notes] == sorted(note.start for note in notes)
    for note in notes:
        assert 0 <= note.start < note.end <= music.MAX_SECONDS
        assert 0 <= note.pitch <= 127
        assert 1 <= note.velocity <= 127
        assert all(0 <= time < note.end - note.start for time, _ in note.bends)
