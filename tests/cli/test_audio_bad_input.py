"""What is wrong with sound and notes is told with its fix; nothing is written, no traceback."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from tests.cli.conftest import Run
from tests.cli.test_bad_input import assert_told
from tests.toy_sound import write_sine_asset
from tests.toy_sound_files import midi_bytes, wav_bytes

NOTE = midi_bytes([(60, 0, 480)])
HIT = wav_bytes(np.full((64, 1), 9, np.int16))
NAN = np.array([[0.0], [np.nan], [0.5]], np.float32)

NOTES: dict[str, tuple[bytes, str]] = {
    "an empty file": (b"", "empty"),
    "another file": (HIT, "MIDI"),
    "no notes": (midi_bytes([]), "no notes"),
    "a note out of range": (NOTE.replace(b"\x90\x3c\x64", b"\x90\xfc\x64"), ""),
    "notes of no length": (midi_bytes([(60, 9, 9), (62, 20, 20)]), "no notes"),
    "100,000 notes": (midi_bytes((60, n, n + 1) for n in range(100_000)), "notes"),
    "a cut header": (NOTE[:9], "broken"),
    "a cut track": (NOTE[:-9], "broken"),
    "a chunk of another name": (NOTE.replace(b"MTrk", b"XTrk"), ""),
    "a track that is longer than it says": (NOTE.replace(b"MTrk\0\0", b"MTrk\xff\xff"), "broken"),
    "hours of music": (midi_bytes([(60, 480 * 2 * 3600, 480 * 2 * 3600 + 480)]), "--max-seconds"),
}

SOUNDS: dict[str, tuple[bytes, str]] = {
    "an empty file": (b"", "empty"),
    "another file": (NOTE, "not a sound file"),
    "no samples": (wav_bytes(np.zeros((0, 1), np.int16)), "no samples"),
    "NaN": (wav_bytes(NAN), "finite"),
    "infinity": (wav_bytes(NAN * 0 + np.float32(np.inf)), "finite"),
    "nine channels": (wav_bytes(np.zeros((9, 9), np.int16)), "9 channels"),
    "a rate of 1 MHz": (wav_bytes(np.zeros((9, 1), np.int16), 1_000_000), "1000000 Hz"),
    "cut short": (HIT[:-20], "cut short"),
    "a cut header": (HIT[:30], ""),
}


def left(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*")} - {"half.svg"}


@pytest.mark.parametrize("name", NOTES)
def test_notes_that_cannot_be_played(sines: Path, run: Run, name: str) -> None:
    content, word = NOTES[name]
    (sines / "bad.mid").write_bytes(content)
    assert_told(run("audio", "render", "bad.mid", "-o", "new/a.wav"), 2, word)
    assert left(sines) == {"bad.mid"}


@pytest.mark.parametrize("name", SOUNDS)
def test_a_sound_that_cannot_be_gone_on_from(sines: Path, run: Run, name: str) -> None:
    content, word = SOUNDS[name]
    (sines / "bad.wav").write_bytes(content)
    assert_told(run("audio", "continue", "bad.wav", "-o", "new/a.wav"), 2, word)
    assert left(sines) == {"bad.wav"}


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("render", "none.mid"), ("none.mid", "cannot be opened")),
        (("continue", "none.wav"), ("none.wav", "cannot be opened")),
        (("render",), ("Missing argument 'NOTES'",)),
        (("continue",), ("Missing argument 'AUDIO'",)),
        (("generate", "--kind", "wind"), ("does not know 'wind'", "It knows beep, boop.")),
        (("generate", "--kind", "wind"), ("'drums' knows kick.",)),
        (("generate", "--kind", "boop", "--asset", "drums"), ("'sines' knows beep, boop.",)),
        (("generate", "--count", "0"), ("1<=x<=100",)),
        (("generate", "--count", "101"), ("1<=x<=100",)),
        (("generate", "--seconds", "0"), ("x>0",)),
        (("generate", "--seconds", "nan"), ("seconds",)),
        (("generate", "--seconds", "601"), ("601 seconds", "--max-seconds 601")),
        (("generate", "--seconds", "2", "--max-seconds", "1.5"), ("1.5", "--max-seconds 2")),
        (("generate", "--seconds", "inf"), ("Ask for less", "14400 seconds")),
        (("generate", "--seconds", "1e9", "--max-seconds", "14400"), ("Ask for less",)),
        (("generate", "--max-seconds", "1e9"), ("max-seconds", "14400")),
        (("generate", "--pitch", "128"), ("0.0<=x<=127.0",)),
        (("generate", "--velocity", "0"), ("1<=x<=127",)),
        (("generate", "--temperature", "-1"), ("0.0<=x<=2.0",)),
        (("generate", "--bits", "8"), ("'8' is not one of",)),
        (("generate", "--sample-rate", "0"), ("1000<=x<=384000",)),
        (("generate", "--format", "mp3"), ("'mp3' is not one of",)),
        (("generate", "-o", "a.mp3"), ("'a.mp3'", "WAV and FLAC", ".wav or .flac")),
        (("generate", "-o", "a.wav", "--format", "flac"), ("Leave --format out",)),
        (("generate", "-o", "a.flac", "--bits", "float"), ("FLAC", "--bits 24")),
        (("generate", "-o", "a.wav", "--count", "8"), ("8 sounds", "'a.wav'", "-o sounds/")),
        (("generate", "-o", "-", "--count", "8"), ("8 sounds", "standard output")),
        (("generate", "-o", "-", "--picture"), ("--picture", "name a file")),
        (("generate", "-o", "-", "--format", "flac"), ("--format flac", "name a file")),
    ],
)
def test_what_there_is_not(
    sines: Path, run: Run, arguments: tuple[str, ...], words: tuple[str, ...]
) -> None:
    write_sine_asset(sines.parent / "assets", "drums", kinds=["kick"])
    assert_told(run("audio", *arguments), 2, *words)
    assert left(sines) == set()


def test_an_instrument_that_nobody_plays(sines: Path, run: Run) -> None:
    (sines / "a.mid").write_bytes(NOTE)
    ran = run("audio", "render", "a.mid", "--instrument", "lute", "-o", "a.wav")
    assert_told(ran, 2, "does not know 'lute'", "It knows beep, boop.")
    assert left(sines) == {"a.mid"}


def test_more_than_the_limit_is_not_added(sines: Path, run: Run) -> None:
    (sines / "hit.wav").write_bytes(HIT)
    ran = run("audio", "continue", "hit.wav", "--seconds", 700, "-o", "a.wav")
    assert_told(ran, 2, "700 seconds", "the limit is 600", "--max-seconds 700")
    assert run("audio", "continue", "hit.wav", "--seconds", 0.5, "-o", "a.wav").status == 0


@pytest.mark.parametrize("other", ["hit.wav", "./hit.wav", "link.wav", "HARD.wav"])
def test_the_given_sound_is_not_replaced(sines: Path, run: Run, other: str) -> None:
    (sines / "hit.wav").write_bytes(HIT)
    (sines / "link.wav").symlink_to("hit.wav")
    (sines / "HARD.wav").hardlink_to(sines / "hit.wav")
    assert_told(run("audio", "continue", "hit.wav", "-o", other), 2, "would replace 'hit.wav'")
    assert (sines / "hit.wav").read_bytes() == HIT


def test_flac_cannot_hold_the_floats_that_are_given(sines: Path, run: Run) -> None:
    (sines / "hit.wav").write_bytes(wav_bytes(np.full((64, 1), 0.1, np.float32)))
    assert_told(run("audio", "continue", "hit.wav", "-o", "a.flac"), 2, "floats", "--bits 24")
    assert run("audio", "continue", "hit.wav", "-o", "a.flac", "--bits", 24).status == 0


@pytest.mark.parametrize(
    ("name", "word"),
    [
        ("half.svg", "File exists"),
        ("half.svg/a.wav", "File exists"),
        ("half.svg/a/b", "Not a directory"),
    ],
)
def test_a_folder_that_cannot_be_written(sines: Path, run: Run, name: str, word: str) -> None:
    ran = run("audio", "generate", "-o", name)
    assert_told(ran, 1, "Nothing was written", word, "Choose a folder")
    assert left(sines) == set()


def test_a_folder_in_the_place_of_a_file(sines: Path, run: Run) -> None:
    (sines / "a.wav").mkdir()
    ran = run("audio", "generate", "-o", "a.wav")
    assert_told(ran, 1, "Nothing was written", "Is a directory")
    (sines / "out" / "sound-2.wav").mkdir(parents=True)
    ran = run("audio", "generate", "--count", 3, "-o", "out")
    assert_told(ran, 1, "Nothing was written", "Is a directory")
    assert left(sines) == {"a.wav", "out", "sound-2.wav"}
