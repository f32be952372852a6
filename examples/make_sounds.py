"""Makes melody.mid, song.mid and hit.wav, the sounds of these examples, by arithmetic.

Run `python examples/make_sounds.py`, with creative_gen installed. The tunes and the hit were
made for creative_gen, and are under its licence.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from note_seq import NoteSequence

from creative_gen.media.audio import Audio
from creative_gen.media.audio_files import audio_bytes
from creative_gen.media.music import write_midi

HERE = Path(__file__).parent

MELODY = [67, 72, 74, 76, 79, 76, 74, 72, 69, 74, 77, 76, 74, 71, 67, 72]
BEATS = [0.5, 0.5, 0.5, 0.5, 1, 0.5, 0.5, 1, 0.5, 0.5, 1, 0.5, 0.5, 0.5, 0.5, 2]

CHORDS = [(48, 64, 67, 72), (45, 64, 69, 72), (41, 60, 65, 69), (43, 59, 65, 71), (36, 60, 64, 67)]
TUNE = [(76, 1), (79, 1), (81, 1.5), (79, 0.5), (77, 1), (81, 1), (83, 2), (84, 3)]
PIANO, FLUTE = 0, 73


def melody() -> NoteSequence:
    """Sixteen notes for one instrument, at 108 beats a minute."""
    sequence = NoteSequence(ticks_per_quarter=480)
    sequence.tempos.add(time=0, qpm=108)
    time = 0.0
    for index, (pitch, beats) in enumerate(zip(MELODY, BEATS, strict=True)):
        length = beats * 60 / 108
        velocity = 84 + 12 * (index % 4 == 0)
        add_note(sequence, 0, 12, pitch, velocity, time, time + 0.9 * length)
        time += length
    return sequence


def song() -> NoteSequence:
    """Piano chords on the pedal and a flute that bends a note; it slows down to the end."""
    sequence = NoteSequence(ticks_per_quarter=480)
    sequence.tempos.add(time=0, qpm=96)
    sequence.tempos.add(time=6 * 0.625, qpm=72)
    for bar, chord in enumerate(CHORDS):
        start, end = seconds(2 * bar), seconds(2 * bar + 2)
        press(sequence, start + 0.02, 127)
        press(sequence, end - 0.03, 0)
        for voice, pitch in enumerate(chord):
            struck = start + 0.012 * voice
            add_note(sequence, 0, PIANO, pitch, 70 - 4 * voice, struck, (struck + end) / 2)
    beat = 0.0
    for pitch, beats in TUNE:
        add_note(sequence, 1, FLUTE, pitch, 92, seconds(beat), seconds(beat + 0.95 * beats))
        beat += beats
    bend(sequence, seconds(6) + np.linspace(0, 0.25, 16), np.linspace(-1, 0, 16))
    return sequence


def seconds(beat: float) -> float:
    """When a beat of the song is: at 96 beats a minute, and at 72 from beat 6 on."""
    return min(beat, 6) * 60 / 96 + max(beat - 6, 0) * 60 / 72


def add_note(
    sequence: NoteSequence,
    instrument: int,
    program: int,
    pitch: int,
    velocity: int,
    start: float,
    end: float,
) -> None:
    """Add a note, with times in seconds."""
    sequence.notes.add(
        instrument=instrument,
        program=program,
        pitch=pitch,
        velocity=velocity,
        start_time=start,
        end_time=end,
    )
    sequence.total_time = max(sequence.total_time, end)


def press(sequence: NoteSequence, time: float, value: int) -> None:
    """Move the piano's sustain pedal."""
    sequence.control_changes.add(
        instrument=0, program=PIANO, time=time, control_number=64, control_value=value
    )


def bend(sequence: NoteSequence, times: np.ndarray, semitones: np.ndarray) -> None:
    """Bend the flute; the wheel's 8192 is two semitones."""
    for time, height in zip(times.tolist(), semitones.tolist(), strict=True):
        sequence.pitch_bends.add(
            instrument=1, program=FLUTE, time=time, bend=round(height / 2 * 8192)
        )


def hit() -> Audio:
    """A quarter of a second: six decaying partials of a struck bar, and a click of noise."""
    rate = 44_100
    time = np.arange(rate // 4) / rate
    ratios = (1.0, 2.756, 5.404, 8.933, 13.344, 18.64)
    partials = [
        np.exp(-time * (14 + 9 * index)) * np.sin(2 * np.pi * 330 * ratio * time) / (1 + index)
        for index, ratio in enumerate(ratios)
    ]
    noise = np.random.default_rng(330).uniform(-1, 1, len(time)) * np.exp(-time * 600)
    sound = np.sum(partials, axis=0) + 0.5 * noise
    sound *= 0.7 / np.abs(sound).max()
    fade = np.minimum(1, (time[-1] - time) / 0.02)
    return Audio(sound[None] * fade, rate)


if __name__ == "__main__":
    (HERE / "melody.mid").write_bytes(write_midi(melody()))
    (HERE / "song.mid").write_bytes(write_midi(song()))
    (HERE / "hit.wav").write_bytes(audio_bytes(hit(), "wav", "24"))
