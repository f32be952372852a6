"""`creative-gen data notes` and `data drums`, with made sounds in place of a SoundFont's."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from creative_gen.media.clip_set import read_clip_set
from creative_gen.training import drum_shots, drum_sources, soundfont_notes
from creative_gen.training.drum_sources import Drum
from creative_gen.training.fluidsynth import RENDER_RATE, Note
from creative_gen.training.soundfont_notes import Instrument
from tests.cli.conftest import Run

TOY = (Drum("kick", ((0, 36), (1, 36), (2, 36)), (), frozenset(((1, 36),)), frozenset(((2, 36),))),)


def play(
    notes: Sequence[Note], program: int, seconds: float, soundfont: Path, drums: bool = False
) -> list[NDArray[np.float32]]:
    time = np.arange(round(seconds * RENDER_RATE)) / RENDER_RATE
    hertz = [440 * 2 ** ((note.pitch - 69) / 12) for note in notes]
    return [(np.exp(-5 * time) * np.sin(2 * np.pi * f * time)).astype(np.float32) for f in hertz]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_notes_are_written_by_split(here: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(soundfont_notes, "INSTRUMENTS", (Instrument("toy", 0, 65, 66),))
    monkeypatch.setattr(soundfont_notes, "VELOCITIES", (100,))
    monkeypatch.setattr(soundfont_notes, "play_notes", play)
    ran = run("data", "notes", "-o", "notes")
    assert (ran.status, ran.stderr) == (0, "")
    assert ran.stdout == "Wrote 2 train, 0 valid, 2 test clips of 1 kinds to notes.\n"
    assert read_clip_set(here / "notes/train.npz").pitch.tolist() == [65, 65]
    assert read_clip_set(here / "notes/test.npz").pitch.tolist() == [66, 66]
    first = (here / "notes/train.npz").read_bytes()
    run("data", "notes", "-o", "again")
    assert (here / "again/train.npz").read_bytes() == first


def test_drums_are_written_by_split(here: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drum_sources, "DRUMS", TOY)
    monkeypatch.setattr(drum_shots, "DRUMS", TOY)
    monkeypatch.setattr(drum_shots, "ENOUGH", 9)
    monkeypatch.setattr(drum_shots, "play_notes", play)
    assert run("data", "drums", "-o", "drums").status == 0
    sizes = {split: len(read_clip_set(here / f"drums/{split}.npz")) for split in ("train", "test")}
    assert sizes == {"train": 9, "test": 9}


@pytest.mark.parametrize("command", ["notes", "drums"])
def test_without_fluidsynth_nothing_is_written(
    command: str, here: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(here))
    ran = run("data", command, "-o", "out")
    assert ran.status == 2
    assert "Error: The command fluidsynth is missing." in ran.stderr
    assert "fluid-soundfont-gm" in ran.stderr
    assert not (here / "out").exists()


@pytest.mark.skipif(not shutil.which("fluidsynth"), reason="needs FluidSynth")
@pytest.mark.parametrize("command", ["notes", "drums"])
def test_what_is_not_a_soundfont_is_told(command: str, here: Path, run: Run) -> None:
    (here / "bad.sf2").write_bytes(b"RIFF")
    ran = run("data", command, "--soundfont", "bad.sf2", "-o", "out")
    assert ran.status == 2
    assert "'bad.sf2' is not a SoundFont." in ran.stderr
    assert not (here / "out").exists()
