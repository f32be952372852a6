"""Notes played one at a time by FluidSynth from a SoundFont, each cut out at its note-on."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from creative_gen.media.errors import MediaError

RENDER_RATE = 48_000
SOUNDFONT = Path("/usr/share/sounds/sf2/FluidR3_GM.sf2")
PACKAGES = "Install the Debian packages fluidsynth and fluid-soundfont-gm"
DRUM_CHANNEL = 9
BATCH = 64
"""Notes of a rendering, which bounds the memory."""
GAP = 0.2
"""Seconds of silence between two notes."""
GAIN = "0.2"
TICKS = 500
"""Ticks a quarter note, which lasts 0.5 s: a tick is a millisecond."""
BEND_RANGE = 200.0
"""Cents of a full pitch bend, as General MIDI has it."""
GRID = 4
"""Note-ons are multiples of these milliseconds, three of FluidSynth's blocks of 64 samples: an
event waits for the next block, so off this grid a note would start up to 1.3 ms late."""
LATENCY = 64
"""Samples at RENDER_RATE that FluidSynth's player is late by: the block it first fills."""


@dataclass(frozen=True)
class Note:
    """A note to play.

    Args:
        pitch: 0 to 127, MIDI.
        velocity: 1 to 127, MIDI.
        held: seconds until its key is let go.
        bend: cents by which it is played higher, -200 to 200.
    """

    pitch: int
    velocity: int
    held: float
    bend: float = 0.0


def play_notes(
    notes: Sequence[Note], program: int, seconds: float, soundfont: Path, drums: bool = False
) -> list[NDArray[np.float32]]:
    """Play notes, each for itself, without reverb and chorus.

    Args:
        notes: what to play.
        program: 0 to 127. The General MIDI program, or the kit if `drums`.
        seconds: how much of each note to keep. What sounds longer is silenced.
        soundfont: a `.sf2` file.
        drums: whether to play the percussion channel.

    Returns:
        A float32 array (frames,) a note, mono at RENDER_RATE, beginning at the note-on. Channels
        are averaged.

    Raises:
        MediaError: FluidSynth or the SoundFont is missing, or FluidSynth fails.
    """
    batches = [notes[first : first + BATCH] for first in range(0, len(notes), BATCH)]
    channel = DRUM_CHANNEL if drums else 0
    return [
        sound for batch in batches for sound in _played(batch, program, seconds, soundfont, channel)
    ]


def _played(
    notes: Sequence[Note], program: int, seconds: float, soundfont: Path, channel: int
) -> list[NDArray[np.float32]]:
    slot = int(np.ceil((seconds + GAP) * 1000 / GRID)) * GRID
    # The filters of voices that sound for the first time start otherwise: the first note is played
    # once more before.
    score = midi_bytes([notes[0], *notes], program, seconds, slot, channel)
    sound = _rendered(score, soundfont)
    first = np.arange(2, len(notes) + 2) * slot * RENDER_RATE // 1000 + LATENCY
    frames = round(seconds * RENDER_RATE)
    if len(sound) < first[-1] + frames:
        raise MediaError("FluidSynth stopped before the last note.", "Update FluidSynth.")
    return [sound[start : start + frames].copy() for start in first.tolist()]


def midi_bytes(
    notes: Sequence[Note], program: int, seconds: float, slot: int, channel: int
) -> bytes:
    """A Standard MIDI File of one track, a note every `slot` milliseconds after a first silence.

    Each is silenced (controller 120) after `seconds`.
    """
    events = [(0, bytes([0xC0 | channel, program]))]
    for index, note in enumerate(notes, start=1):
        start = index * slot
        bend = min(max(round(8192 * (1 + note.bend / BEND_RANGE)), 0), 16383)
        events.append((start - 2 * GRID, bytes([0xE0 | channel, bend & 0x7F, bend >> 7])))
        events.append((start, bytes([0x90 | channel, note.pitch, note.velocity])))
        released = start + round(min(note.held, seconds) * 1000)
        events.append((released, bytes([0x80 | channel, note.pitch, 64])))
        silenced = start + round(seconds * 1000) + 8
        events.append((silenced, bytes([0xB0 | channel, 120, 0])))
    events.append(((len(notes) + 1) * slot + 1000, b"\xff\x2f\x00"))
    times = [0] + [time for time, _ in events]
    track = b"".join(
        _variable_length(time - before) + message
        for (before, time), (_, message) in zip(pairwise(times), events, strict=True)
    )
    header = b"MThd" + np.array([6], ">u4").tobytes() + np.array([0, 1, TICKS], ">u2").tobytes()
    return header + b"MTrk" + np.array([len(track)], ">u4").tobytes() + track


def _variable_length(value: int) -> bytes:
    groups = [value & 0x7F]
    while value := value >> 7:
        groups.append(value & 0x7F | 0x80)
    return bytes(reversed(groups))


def _rendered(midi: bytes, soundfont: Path) -> NDArray[np.float32]:
    import soundfile

    command = shutil.which("fluidsynth")
    if command is None:
        raise MediaError("The command fluidsynth is missing.", f"{PACKAGES}.")
    if not soundfont.is_file():
        raise MediaError(
            f"There is no SoundFont '{soundfont}'.", f"{PACKAGES}, or name one with --soundfont."
        )
    with soundfont.open("rb") as file:
        if file.read(12)[8:] != b"sfbk":
            raise MediaError(f"'{soundfont}' is not a SoundFont.", "Give an .sf2 file.")
    with tempfile.TemporaryDirectory() as folder:
        score, sound = Path(folder) / "notes.mid", Path(folder) / "notes.wav"
        score.write_bytes(midi)
        effects = ["-R", "0", "-C", "0", "-g", GAIN, "-o", "synth.cpu-cores=1"]
        # It would play that one instead of one that it cannot read.
        effects += ["-o", "synth.default-soundfont="]
        target = ["-F", str(sound), "-T", "wav", "-O", "float", "-r", str(RENDER_RATE)]
        files = [str(soundfont.resolve()), str(score)]
        done = subprocess.run(
            [command, "-n", "-i", "-q", *effects, *target, *files],
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
        if done.returncode or not sound.is_file():
            reason = (done.stderr.strip().splitlines() or ["no sound was written"])[-1]
            raise MediaError(
                f"FluidSynth could not play '{soundfont}': {reason}", "Try another SoundFont."
            )
        samples, _ = soundfile.read(sound, dtype="float32", always_2d=True)
    return np.asarray(samples.mean(axis=1), np.float32)
