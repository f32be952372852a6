"""A piece of music as the tones that voices play."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from heapq import heappop, heappush

from creative_gen.interface.errors import InvalidRequest
from creative_gen.media.music import Note
from creative_gen.models.wavenet.conditioning import Tone
from creative_gen.models.wavenet.config import WaveNetConfig
from creative_gen.models.wavenet.programs import nearest_kind, program_name

STRETCH = 2.0
"""Semitones beyond the pitches that a kind learnt at which it is still played as it is."""
OCTAVE = 12
MOST_VOICES = 256
"""Notes held at once: more would not fit into memory."""


@dataclass(frozen=True)
class Entry:
    """A tone, and the sample of the piece at which it starts."""

    start: int
    tone: Tone


@dataclass(frozen=True)
class Score:
    """A piece of music as an asset plays it.

    Args:
        entries: by their start.
        remarks: what had to be decided, by a word: the instruments, what was moved or left out.
    """

    entries: tuple[Entry, ...]
    remarks: dict[str, str]


def score_of(notes: Sequence[Note], config: WaveNetConfig, instrument: str | None) -> Score:
    """Choose what plays each note, and bring it into that kind's range.

    Args:
        notes: by their start.
        config: WaveNetConfig. With at least one pitched kind.
        instrument: the kind that plays all notes; by default the nearest to each note's program.

    Raises:
        InvalidRequest: no note is left, because all are drums; the instrument plays no pitches; or
            more than `MOST_VOICES` notes are held at once.
    """
    pitched = [
        kind for kind, (low, _) in zip(config.kinds, config.pitches, strict=True) if low >= 0
    ]
    if instrument is not None and instrument not in pitched:
        raise InvalidRequest(
            f"'{instrument}' plays no pitches.", f"Choose from: {', '.join(pitched)}."
        )
    played = [note for note in notes if not note.is_drum]
    if not played:
        raise InvalidRequest(
            "There are only drums in this piece, and the asset plays pitches.",
            "Give a piece with notes outside the percussion channel.",
        )
    _refuse_too_many(played)
    moved: Counter[str] = Counter()
    programs: dict[int, str] = {}
    entries = []
    for note in played:
        kind = instrument or nearest_kind(note.program, pitched)
        programs[note.program] = kind
        index = config.kinds.index(kind)
        pitch = in_range(note.pitch, config.pitches[index])
        moved[kind] += pitch != note.pitch
        entries.append(Entry(_samples(note.start, config), _tone(note, index, pitch, config)))
    remarks = {"instruments": _played(programs, instrument)}
    if any(moved.values()):
        counts = ", ".join(f"{count} of {kind}" for kind, count in moved.items() if count)
        remarks["moved_by_octaves"] = f"notes beyond an instrument's range: {counts}"
    if len(played) < len(notes):
        remarks["left_out"] = f"{len(notes) - len(played)} drum notes"
    return Score(tuple(entries), remarks)


def in_range(pitch: float, learnt: tuple[float, float]) -> float:
    """The pitch, moved by as few octaves as bring it into what was learnt, or as near as can be."""
    low, high = learnt[0] - STRETCH, learnt[1] + STRETCH
    while pitch < low:
        pitch += OCTAVE
    while pitch > high:
        pitch -= OCTAVE
    return pitch if pitch >= low else max(pitch, learnt[0])


def _refuse_too_many(notes: Sequence[Note]) -> None:
    """Refuse notes, sorted by their start, of which too many are held at once."""
    ends: list[float] = []
    for note in notes:
        while ends and ends[0] <= note.start:
            heappop(ends)
        heappush(ends, note.end)
        if len(ends) > MOST_VOICES:
            raise InvalidRequest(
                f"More than {MOST_VOICES} notes are held at once, {note.start:.6g} seconds in.",
                "Render the piece in parts, a few channels each, or shorten the notes there.",
            )


def _tone(note: Note, kind: int, pitch: float, config: WaveNetConfig) -> Tone:
    bends = tuple((_samples(seconds, config), semitones) for seconds, semitones in note.bends)
    release = _samples(note.end - note.start, config)
    # On the frame's border, so that notes of almost the same length are the same voice.
    release = max(round(release / config.frame), 1) * config.frame
    return Tone(kind, pitch, note.velocity, release, bends)


def _samples(seconds: float, config: WaveNetConfig) -> int:
    return round(seconds * config.sample_rate)


def _played(programs: dict[int, str], instrument: str | None) -> str:
    if instrument:
        return instrument
    return ", ".join(f"{kind} for {program_name(one)}" for one, kind in sorted(programs.items()))
