"""The MIDI that notes are asked for with, and what FluidSynth makes of it."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import mido
import numpy as np
import pytest

from creative_gen.media.errors import MediaError
from creative_gen.training.fluidsynth import (
    BATCH,
    RENDER_RATE,
    Note,
    midi_bytes,
    play_notes,
)
from tests.training.toy_soundfont import soundfont_bytes


def test_notes_begin_in_their_slots_and_are_silenced() -> None:
    notes = [Note(60, 90, 0.5), Note(61, 127, 9.0, bend=-50.0)]
    score = mido.MidiFile(file=io.BytesIO(midi_bytes(notes, 12, 2.0, 2200, 3)))
    now, found = 0.0, []
    for message in score:
        now += message.time
        if not message.is_meta:
            found.append((round(now, 6), message.channel, *message.bytes()[1:]))
    assert found == [
        (0.0, 3, 12),
        (2.192, 3, 0, 64),
        (2.2, 3, 60, 90),
        (2.7, 3, 60, 64),
        (4.208, 3, 120, 0),
        (4.392, 3, 0, 48),  # 50 of 200 cents down: 8192 * 3 / 4
        (4.4, 3, 61, 127),
        (6.4, 3, 61, 64),
        (6.408, 3, 120, 0),
    ]


def test_a_missing_fluidsynth_is_told_with_its_packages(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MediaError, match="fluidsynth is missing.*fluid-soundfont-gm"):
        play_notes([Note(60, 90, 0.5)], 0, 1.0, tmp_path / "none.sf2")


@pytest.mark.skipif(not shutil.which("fluidsynth"), reason="needs FluidSynth")
class TestFluidSynth:
    """With a SoundFont of a sine wave."""

    @pytest.fixture
    def soundfont(self, tmp_path: Path) -> Path:
        path = tmp_path / "toy.sf2"
        path.write_bytes(soundfont_bytes())
        return path

    def test_a_missing_soundfont_is_told_with_its_option(self, tmp_path: Path) -> None:
        with pytest.raises(MediaError, match="no SoundFont.*--soundfont"):
            play_notes([Note(60, 90, 0.5)], 0, 1.0, tmp_path / "none.sf2")

    def test_what_is_not_a_soundfont_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "bad.sf2").write_bytes(b"RIFF")
        with pytest.raises(MediaError, match="not a SoundFont"):
            play_notes([Note(60, 90, 0.5)], 0, 1.0, tmp_path / "bad.sf2")

    def test_notes_begin_with_their_first_sample_and_end_when_let_go(self, soundfont: Path) -> None:
        notes = [Note(69, 100, held) for held in (0.1, 0.25, 9.0)]
        sounds = play_notes(notes, 0, 0.5, soundfont)
        assert [len(sound) for sound in sounds] == [RENDER_RATE // 2] * 3
        for note, sound in zip(notes, sounds, strict=True):
            loud = np.flatnonzero(np.abs(sound) > 0.3 * np.abs(sound).max())
            # The envelope rises in 1 ms, and the sine in a fifth of a period.
            assert loud[0] < 48
            assert loud[-1] / RENDER_RATE == pytest.approx(min(note.held, 0.5), abs=0.006)

    def test_pitch_and_bend_are_exact(self, soundfont: Path) -> None:
        for pitch, bend in ((69, 0.0), (69, -25.0), (60, 12.0)):
            (sound,) = play_notes([Note(pitch, 100, 2.0, bend)], 0, 1.0, soundfont)
            phases = np.unwrap(np.angle(analytic(sound[4800:-4800])))
            hertz = np.polyfit(np.arange(len(phases)), phases, 1)[0] * RENDER_RATE / (2 * np.pi)
            wanted = 69 + 12 * np.log2(hertz / 440)
            assert wanted == pytest.approx(pitch + bend / 100, abs=0.011)

    def test_every_note_is_the_same_wherever_it_is_played(self, soundfont: Path) -> None:
        note = Note(64, 80, 0.05)
        sounds = play_notes([note] * (BATCH + 3), 0, 0.1, soundfont, drums=True)
        assert len(sounds) == BATCH + 3
        for sound in sounds:
            assert np.array_equal(sound, sounds[0])


def analytic(sound: np.ndarray) -> np.ndarray:
    """Hilbert's transform by the Fourier transform's positive half."""
    spectrum = np.fft.fft(sound * np.hanning(len(sound)))
    spectrum[len(sound) // 2 :] = 0
    signal = np.fft.ifft(spectrum)
    return signal[len(signal) // 4 : 3 * len(signal) // 4]
