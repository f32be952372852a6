"""The Salamander recipe, on notes that these tests make."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soundfile

from creative_gen.media.errors import MediaError
from creative_gen.training.clip_recipe import SAMPLE_RATE, Clip
from creative_gen.training.salamander import DAMPER, pitch_of, salamander_clips
from creative_gen.training.soundfont_notes import HELD, VELOCITIES

RATE = 48_000


def write_note(path: Path, hertz: float, loudness: float = 0.25) -> None:
    """A second of near silence, then four of a sine that falls slowly; in stereo."""
    time = np.arange(4 * RATE) / RATE
    sine = loudness * np.exp(-0.2 * time) * np.sin(2 * np.pi * hertz * time)
    sound = np.concatenate([np.full(RATE, 1e-5), sine])
    soundfile.write(path, np.stack([sound * 1.2, sound * 0.8], axis=1), RATE, subtype="PCM_24")


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, Clip]]:
    folder = tmp_path_factory.mktemp("salamander")
    write_note(folder / "A4v10.flac", 443.0)
    write_note(folder / "Fs4v10.flac", 369.99, 0.05)
    write_note(folder / "C5v10.flac", 523.25)
    write_note(folder / "A0v10.flac", 27.5)
    (folder / "readme.txt").write_text("about")
    return list(salamander_clips(folder))


def test_names_give_pitches() -> None:
    assert [pitch_of(name) for name in ("A4v10", "Ds4v1", "C2v16", "SOURCE", "H2v1")] == [
        69,
        63,
        36,
        None,
        None,
    ]


def test_pitches_are_split_and_those_beyond_the_range_left_out(
    clips: list[tuple[str, Clip]],
) -> None:
    assert {(clip.pitch, split) for split, clip in clips} == {
        (66.0, "test"),
        (69.0, "train"),
        (72.0, "valid"),
    }
    assert len(clips) == 3 * len(VELOCITIES) * len(HELD)


def test_notes_begin_at_once_in_tune_as_loud_as_their_velocity(
    clips: list[tuple[str, Clip]],
) -> None:
    for _, clip in clips:
        if clip.pitch != 69:
            continue
        assert np.abs(clip.samples).max() == pytest.approx(
            0.8 * (clip.velocity / 127) ** 2, rel=0.02
        )
        rises = np.flatnonzero((clip.samples[:-1] < 0) & (clip.samples[1:] >= 0))
        assert rises[0] < SAMPLE_RATE / 440 + 2
        spectrum = np.abs(np.fft.rfft(clip.samples[:4000] * np.hanning(4000), 1 << 19))
        hertz = np.argmax(spectrum) * SAMPLE_RATE / (1 << 19)
        assert 1200 * np.log2(hertz / 440.0) == pytest.approx(0.0, abs=2.5)


def test_a_released_key_is_damped(clips: list[tuple[str, Clip]]) -> None:
    short, long = (
        next(c for _, c in clips if (c.pitch, c.velocity, c.release) == (69.0, 120, release))
        for release in (4800, 41600)
    )
    after = slice(4800, 4800 + 3000)
    fall = np.exp(-np.arange(3000) / (DAMPER * SAMPLE_RATE))
    assert np.allclose(short.samples[after], long.samples[after] * fall, atol=1e-5)
    assert np.array_equal(short.samples[:4800], long.samples[:4800])


def test_a_folder_without_notes_is_told(tmp_path: Path) -> None:
    (tmp_path / "B4v1.ogg").mkdir()
    (tmp_path / "other.txt").write_text("")
    with pytest.raises(MediaError):
        list(salamander_clips(tmp_path))
