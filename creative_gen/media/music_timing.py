"""How long notes last and how their pitch moves: pedals, keys struck again, and bends."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from note_seq import NoteSequence

    from creative_gen.media.music import Note

Bend = tuple[float, float]
"""A time in seconds, and the semitones from then on."""

Span = tuple[float, float]
"""When a pedal is pressed and when it is lifted, in seconds."""

BEND_RANGE = 2.0
"""Semitones of the widest pitch bend, until the piece sets it (General MIDI)."""

_PEDAL = 64
_WIDEST = 8192


def last_ends(notes: Sequence[Note], sequence: NoteSequence) -> list[float]:
    """When each note ends: with its key, its pedal, or the next stroke of its key.

    Of notes that strike one key at one time, all but the longest end as they start.
    """
    spans = _pedal_spans(sequence, max(note.end for note in notes))
    ends = [_pedal_end(note, spans) for note in notes]
    next_stroke: dict[tuple[int, int, bool], float] = {}
    for index in sorted(range(len(notes)), key=lambda i: (notes[i].start, ends[i]), reverse=True):
        note = notes[index]
        key = note.instrument, note.pitch, note.is_drum
        ends[index] = min(ends[index], next_stroke.get(key, math.inf))
        next_stroke[key] = note.start
    return ends


class BendCurve:
    """The pitch bend of an instrument over a piece."""

    def __init__(self) -> None:
        """Start without a bend."""
        self._times: list[float] = []
        self._semitones: list[float] = []

    def add(self, time: float, semitones: float) -> None:
        """Bend from a time on that is not before the last one."""
        if self._times and self._times[-1] == time:
            self._semitones[-1] = semitones
        elif semitones != (self._semitones[-1] if self._semitones else 0.0):
            self._times.append(time)
            self._semitones.append(semitones)

    def between(self, start: float, end: float) -> tuple[Bend, ...]:
        """The bends of a note, (seconds after start, semitones); none if it is not bent."""
        first = bisect_right(self._times, start)
        last = bisect_left(self._times, end, first)
        before = self._semitones[first - 1] if first else 0.0
        moves = zip(self._times[first:last], self._semitones[first:last], strict=True)
        initial = [(0.0, before)] if before else []
        return (*initial, *((time - start, semitones) for time, semitones in moves))


def bend_curves(sequence: NoteSequence) -> dict[int, BendCurve]:
    """The pitch bend of each instrument that has any."""
    curves: defaultdict[int, BendCurve] = defaultdict(BendCurve)
    ranges: defaultdict[int, _BendRange] = defaultdict(_BendRange)
    events = [*sequence.control_changes, *sequence.pitch_bends]
    # The sort is stable: of events at one time, those that set the range come first.
    for event in sorted(events, key=lambda event: event.time):
        semitones = ranges[event.instrument]
        if hasattr(event, "control_number"):
            semitones.control(event.control_number, event.control_value)
        else:
            fraction = min(max(event.bend / _WIDEST, -1.0), 1.0)
            curves[event.instrument].add(event.time, fraction * semitones.value)
    return curves


class _BendRange:
    """Follows registered parameter 0, pitch bend sensitivity (MIDI 1.0, controllers 98-101)."""

    def __init__(self) -> None:
        self._parameter: tuple[int, int] | None = None
        self._semitones = BEND_RANGE
        self._cents = 0.0

    @property
    def value(self) -> float:
        return self._semitones + self._cents / 100

    def control(self, number: int, value: int) -> None:
        coarse, fine = self._parameter or (-1, -1)
        match number:
            case 98 | 99:
                self._parameter = None
            case 100:
                self._parameter = (coarse, value)
            case 101:
                self._parameter = (value, fine)
            case 6 if self._parameter == (0, 0):
                self._semitones, self._cents = float(value), 0.0
            case 38 if self._parameter == (0, 0):
                self._cents = float(value)


def _pedal_spans(sequence: NoteSequence, end: float) -> dict[int, list[Span]]:
    """When the sustain pedal of each instrument is down; to `end` if it is never lifted."""
    spans: defaultdict[int, list[Span]] = defaultdict(list)
    pressed: dict[int, float] = {}
    for change in sorted(sequence.control_changes, key=lambda change: change.time):
        if change.control_number != _PEDAL:
            continue
        if change.control_value >= 64:
            pressed.setdefault(change.instrument, change.time)
        elif change.instrument in pressed:
            spans[change.instrument].append((pressed.pop(change.instrument), change.time))
    for instrument, time in pressed.items():
        spans[instrument].append((time, max(end, time)))
    return spans


def _pedal_end(note: Note, spans: dict[int, list[Span]]) -> float:
    """When the pedal that is down as the key is let go is lifted, or the key's own end."""
    own = spans.get(note.instrument, [])
    index = bisect_right(own, (note.end, math.inf)) - 1
    held = not note.is_drum and index >= 0
    return max(note.end, own[index][1]) if held else note.end
