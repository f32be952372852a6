"""MIDI and WAV files byte by byte, so that tests can also make bad ones; and their notes."""

from __future__ import annotations

import struct
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from creative_gen.media.music import read_midi

if TYPE_CHECKING:
    from note_seq import NoteSequence

TICKS = 480
"""Of a beat, which lasts half a second."""


def midi_bytes(notes: Iterable[tuple[int, int, int]], program: int = 0) -> bytes:
    """A MIDI file of type 0 whose notes (pitch, start tick, end tick) have the velocity 100."""
    events = [(0, 0, bytes((0xC0, program)))]
    for pitch, start, end in notes:
        events += [(start, 2, bytes((0x90, pitch, 100))), (end, 1, bytes((0x80, pitch, 0)))]
    track, now = b"", 0
    for tick, _, message in sorted(events):
        track, now = track + _variable_length(tick - now) + message, tick
    track += b"\0\xff\x2f\0"
    head = b"MThd" + struct.pack(">IHHH", 6, 0, 1, TICKS)
    return head + b"MTrk" + struct.pack(">I", len(track)) + track


def note_sequence(*notes: tuple[int, float, float]) -> NoteSequence:
    """Notes (pitch, start, end), in seconds, of the velocity 100."""
    # Not by importing note_seq, which warns: media.music sees to that.
    sequence = read_midi(midi_bytes([(60, 0, TICKS)]))
    del sequence.notes[:]
    for pitch, start, end in notes:
        sequence.notes.add(pitch=pitch, velocity=100, start_time=start, end_time=end)
    return sequence


def wav_bytes(samples: NDArray[np.generic], sample_rate: int = 16_000) -> bytes:
    """A WAV file of samples (frames, channels): int16, int32 for 24 bits, or float32."""
    kind, size = {"int16": (1, 2), "int32": (1, 3), "float32": (3, 4)}[samples.dtype.name]
    little = samples.astype(samples.dtype.newbyteorder("<"), order="C")
    data = little.view(np.uint8).reshape(-1, samples.itemsize)[:, :size].tobytes()
    frame = size * samples.shape[1]
    layout = struct.pack(
        "<HHIIHH", kind, samples.shape[1], sample_rate, sample_rate * frame, frame, 8 * size
    )
    chunks = b"fmt " + struct.pack("<I", 16) + layout + b"data" + struct.pack("<I", len(data))
    return b"RIFF" + struct.pack("<I", 4 + len(chunks) + len(data)) + b"WAVE" + chunks + data


def a_hit(seconds: float = 0.1, sample_rate: int = 22_050) -> NDArray[np.int16]:
    """A decaying tone in stereo, louder on the left, (frames, 2)."""
    times = np.arange(round(seconds * sample_rate)) / sample_rate
    tone = 0.5 * np.sin(2 * np.pi * 220 * times) * np.exp(-30 * times)
    return np.rint(32767 * tone[:, None] * [1.0, 0.5]).astype(np.int16)


def _variable_length(number: int) -> bytes:
    groups = [number & 127]
    while number := number >> 7:
        groups.append(number & 127 | 128)
    return bytes(reversed(groups))
