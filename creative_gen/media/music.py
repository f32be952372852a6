"""Music as notes: MIDI files and note-seq's NoteSequence, and the notes to play of one."""

from __future__ import annotations

import io
import warnings
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from creative_gen.media.errors import MediaError
from creative_gen.media.music_timing import Bend, BendCurve, bend_curves, last_ends
from creative_gen.media.source import read_bytes

if TYPE_CHECKING:
    import mido
    from note_seq import NoteSequence

MAX_NOTES = 20_000
"""Notes of a piece that is read."""

MAX_BENDS = 1_000_000
"""Pitch bends, counted for each note that they bend."""

MAX_SECONDS = 86_400.0
"""The latest time in a piece: a day."""

_MAX_FILE_BYTES = 2_000_000
_MAX_TICKS = 10_000_000
_HINT = "Export it again as a standard MIDI file."


@dataclass(frozen=True)
class Note:
    """A note to play.

    Args:
        start: float. In seconds from the start of the piece.
        end: float. When it is let go, after `start`: when its key is, or later the pedal;
            or when the same key is struck again.
        pitch: int. MIDI note number, 0 to 127; of a drum, the General MIDI key.
        velocity: int. 1 to 127.
        program: int. General MIDI program from 0, 0 to 127.
        is_drum: bool. Whether it is on the percussion channel.
        instrument: int. Notes of the same one share a channel, a program and a pedal.
        bends: tuple of (seconds after `start`, semitones). From each of these times on the
            pitch is that much higher; before the first it is `pitch` itself.
    """

    start: float
    end: float
    pitch: int
    velocity: int
    program: int
    is_drum: bool
    instrument: int
    bends: tuple[Bend, ...] = ()


def read_midi(source: bytes | str | Path) -> NoteSequence:
    """Read a standard MIDI file of type 0 or 1.

    Times are in seconds, with all tempo changes applied. Where each channel has one program
    at most, its tracks act as one, so that a pedal reaches the notes of another track.

    Raises:
        MediaError: the file cannot be opened, is empty, not MIDI, broken or cut short, has
            no notes, more than `MAX_NOTES`, or lasts absurdly long.
    """
    data = read_bytes(source, _MAX_FILE_BYTES)
    if not data.startswith(b"MThd"):
        problem = "is not a MIDI file" if data else "is empty"
        raise MediaError(f"This file {problem}.", "Give a .mid file.")
    midi_io = _midi_io()
    try:
        return _quietly(lambda: midi_io.midi_to_note_sequence(_pretty_midi(data)))
    except MediaError:
        raise
    except Exception as error:
        # mido and pretty_midi raise many kinds of errors for files that break the rules.
        raise MediaError("This MIDI file is broken or cut short.", _HINT) from error


def write_midi(sequence: NoteSequence, comment: str = "") -> bytes:
    """A type 1 MIDI file, its pedals, bends and tempos included.

    Args:
        sequence: NoteSequence.
        comment: str. Such as the provenance in JSON; a text event in UTF-8, if not empty.

    Raises:
        MediaError: a note or an event cannot be written as MIDI.
    """
    midi_io = _midi_io()
    import pretty_midi

    try:
        midi = _quietly(lambda: midi_io.note_sequence_to_pretty_midi(sequence))
        if comment:
            # pretty_midi writes Latin-1: this makes its bytes those of UTF-8.
            text = comment.encode("utf-8").decode("latin-1")
            midi.text_events.append(pretty_midi.Text(text, 0.0))
        content = io.BytesIO()
        midi.write(content)
    except Exception as error:
        raise MediaError(
            "These notes cannot be written as MIDI.", "Check their pitches, velocities and times."
        ) from error
    return content.getvalue()


def notes_of(sequence: NoteSequence) -> tuple[Note, ...]:
    """The notes to play, by their start.

    The sustain pedal (controller 64, from 64 on) holds notes until it is lifted, except
    drums. A key that is struck while it sounds ends the note before. Pitch bends are in
    semitones: two each way, or what registered parameter 0 sets. Notes of no length or no
    velocity are dropped.

    Raises:
        MediaError: there are no notes, more than `MAX_NOTES`, or one that is outside the
            range of MIDI or at a time that makes no sense.
    """
    if len(sequence.notes) > MAX_NOTES:
        raise _too_many_notes()
    _check_times(sequence)
    given = [_checked_note(note) for note in sequence.notes]
    audible = [note for note in given if note.end > note.start and note.velocity > 0]
    if not audible:
        raise _no_notes()
    ends = last_ends(audible, sequence)
    played = [replace(note, end=end) for note, end in zip(audible, ends, strict=True)]
    return _bent([note for note in played if note.end > note.start], bend_curves(sequence))


def _midi_io() -> Any:
    """note-seq's MIDI reader; its import takes more than a second, and warns."""

    def load() -> Any:
        from note_seq import midi_io

        return midi_io

    return _quietly(load)


def _quietly(call: Callable[[], Any]) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return call()


def _pretty_midi(data: bytes) -> Any:
    import mido
    import pretty_midi

    midi = mido.MidiFile(file=io.BytesIO(data))
    _check_midi(midi)
    midi.tracks = _conducted(midi.tracks)
    return pretty_midi.PrettyMIDI(mido_object=midi)


def _check_midi(midi: mido.MidiFile) -> None:
    if midi.type not in (0, 1):
        raise MediaError("This MIDI file has patterns in place of tracks (type 2).", _HINT)
    if midi.ticks_per_beat <= 0:
        raise MediaError("This MIDI file counts film frames, not beats.", _HINT)
    notes = sum(m.type == "note_on" and m.velocity > 0 for t in midi.tracks for m in t)
    if not notes:
        raise _no_notes()
    if notes > MAX_NOTES:
        raise _too_many_notes()
    # note-seq's reader has an array with an element a tick.
    if max(sum(message.time for message in track) for track in midi.tracks) > _MAX_TICKS:
        raise MediaError(
            "This MIDI file has an event at an absurdly late time.", "Remove what is far behind."
        )


def _conducted(tracks: list[Any]) -> list[Any]:
    """The tracks with all tempos in the first, where alone note-seq's reader sees them."""
    import mido

    conductor = mido.merge_tracks(
        [_only(track, lambda message: message.is_meta) for track in tracks], skip_checks=True
    )
    played = [_only(track, lambda message: not message.is_meta) for track in tracks]
    if _has_one_program_a_channel(played):
        played = [mido.merge_tracks(played, skip_checks=True)]
    return [conductor, *played]


def _only(track: Iterable[Any], wanted: Callable[[Any], bool]) -> Any:
    import mido

    kept, waited = mido.MidiTrack(), 0
    for message in track:
        waited += message.time
        if wanted(message):
            kept.append(message.copy(skip_checks=True, time=waited))
            waited = 0
    return kept


def _has_one_program_a_channel(tracks: Iterable[Iterable[Any]]) -> bool:
    programs = defaultdict(set)
    for track in tracks:
        for message in track:
            if message.type == "program_change":
                programs[message.channel].add(message.program)
    return all(len(known) == 1 for known in programs.values())


def _check_times(sequence: NoteSequence) -> None:
    times = [time for note in sequence.notes for time in (note.start_time, note.end_time)]
    times += [event.time for event in sequence.control_changes]
    times += [event.time for event in sequence.pitch_bends]
    if not all(0 <= time <= MAX_SECONDS for time in times):
        raise MediaError(
            "A note or an event has a time that makes no sense.",
            f"Times are from 0 to {MAX_SECONDS:,.0f} seconds.",
        )


def _checked_note(note: Any) -> Note:
    for name in ("pitch", "velocity", "program"):
        value = getattr(note, name)
        if not 0 <= value <= 127:
            raise MediaError(f"A note has the {name} {value}.", "Use 0 to 127, as MIDI does.")
    return Note(
        start=note.start_time,
        end=note.end_time,
        pitch=note.pitch,
        velocity=note.velocity,
        program=note.program,
        is_drum=note.is_drum,
        instrument=note.instrument,
    )


def _bent(notes: Iterable[Note], curves: dict[int, BendCurve]) -> tuple[Note, ...]:
    """The notes in order, each with its part of its instrument's curve."""
    bent: list[Note] = []
    count = 0
    order = sorted(notes, key=lambda note: (note.start, note.instrument, note.pitch))
    for note in order:
        curve = None if note.is_drum else curves.get(note.instrument)
        bends = curve.between(note.start, note.end) if curve else ()
        count += len(bends)
        if count > MAX_BENDS:
            raise MediaError("This piece bends too many notes too often.", "Thin out its bends.")
        bent.append(replace(note, bends=bends) if bends else note)
    return tuple(bent)


def _no_notes() -> MediaError:
    return MediaError("This piece has no notes that sound.", "Give one with notes in it.")


def _too_many_notes() -> MediaError:
    return MediaError(
        f"This piece has more than {MAX_NOTES:,} notes.", "Render it in parts, or fewer tracks."
    )
