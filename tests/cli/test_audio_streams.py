"""Sound while it is made: streams, cancelling, and what is left of what was broken off."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile

from creative_gen.media.audio_files import read_audio, read_provenance
from tests import toy_sound
from tests.cli.conftest import Run
from tests.cli.test_audio_commands import GENERATE, in_24_bits
from tests.toy_sound import RATE, sine, write_sine_asset

ROOT = Path(__file__).parents[2]

COMMAND = """
import sys
from creative_gen.cli.main import main
from tests.toy_sound import install
install()
main(sys.argv[1:])
"""

SLOW = ("audio", "generate", "--asset", "slow", "--kind", "beep", "--seconds", "60", "--seed", "0")

Start = Callable[..., "subprocess.Popen[bytes]"]


@pytest.fixture
def start(sines: Path) -> Iterator[Start]:
    """Function that starts a command in a process of its own, where sound takes its time."""
    write_sine_asset(sines.parent / "assets", "slow", pause=0.01)
    begun: list[subprocess.Popen[bytes]] = []

    def started(*arguments: object) -> subprocess.Popen[bytes]:
        process = subprocess.Popen(
            [sys.executable, "-c", COMMAND, *map(str, arguments)],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        begun.append(process)
        return process

    yield started
    for process in begun:
        process.kill()
        process.communicate()


def left(folder: Path) -> set[str]:
    return {path.name for path in folder.rglob("*")} - {"half.svg"}


def wait_for_sound(folder: Path) -> None:
    """Wait until a file that is not there yet has some samples."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if any(path.stat().st_size > 4_000 for path in folder.glob(".creative-gen-*/*")):
            return
        time.sleep(0.02)
    raise AssertionError("nothing is written")


def stop_after(monkeypatch: pytest.MonkeyPatch, blocks: int, error: BaseException) -> None:
    """Let the sines break off."""
    pauses = iter(range(1000))

    def pause(seconds: float) -> None:
        if next(pauses) == blocks:
            raise error

    monkeypatch.setattr(toy_sound.time, "sleep", pause)


def test_a_stream_can_be_played_before_it_ends(start: Start) -> None:
    process = start(*SLOW, "-o", "-")
    assert process.stdout
    head = process.stdout.read(12_000)
    assert process.poll() is None
    assert head.startswith(b"RIFF")
    with soundfile.SoundFile(io.BytesIO(head)) as file:
        assert file.samplerate == RATE
        heard = file.read(dtype="float32")
    assert np.array_equal(heard, in_24_bits(sine(69, 60))[: len(heard)])
    assert len(heard) > 3000


def test_a_player_that_leaves_ends_the_stream_quietly(start: Start) -> None:
    process = start(*SLOW, "-o", "-")
    assert process.stdout and process.stderr
    process.stdout.read(2000)
    process.stdout.close()
    assert process.wait(60) == 1
    assert process.stderr.read() == b""


def test_standard_output_is_a_wav_and_nothing_else(start: Start) -> None:
    process = start(*GENERATE, "--asset", "sines", "--json", "-o", "-")
    out, err = process.communicate(timeout=60)
    assert process.returncode == 0
    assert json.loads(err)["asset"] == "sines"
    assert np.array_equal(read_audio(out).samples[0], in_24_bits(sine(57.03, 0.25)))
    assert json.loads(read_provenance(out))["creative_gen"]["output"]["seed"] == 3


@pytest.mark.parametrize(
    ("told", "kept", "name"),
    [
        (signal.SIGINT, False, "a.wav"),
        (signal.SIGINT, True, "a.wav"),
        (signal.SIGINT, True, "a.flac"),
        (signal.SIGTERM, False, "a.flac"),
        (signal.SIGTERM, True, "a.wav"),
        (signal.SIGHUP, False, "a.wav"),
    ],
)
def test_cancelling_leaves_nothing_or_what_there_is(
    start: Start, sines: Path, told: signal.Signals, kept: bool, name: str
) -> None:
    process = start(*SLOW, "-o", f"new/{name}", *(["--keep-partial"] if kept else []))
    wait_for_sound(sines / "new")
    process.send_signal(told)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err.decode().splitlines()[-1] == "Cancelled."
    assert left(sines) == ({"new", name} if kept else set())
    if kept:
        found = read_audio(sines / "new" / name).samples[0]
        assert 0 < len(found) < 60 * RATE
        assert np.array_equal(found, in_24_bits(sine(69, 60))[: len(found)])
        assert f"Kept the first {len(found) / RATE:.2f} s in new/{name}" in err.decode()
        assert json.loads(read_provenance(sines / "new" / name))["creative_gen"]


def test_a_command_that_is_killed_leaves_no_file_of_that_name(start: Start, sines: Path) -> None:
    process = start(*SLOW, "-o", "a.wav", "--keep-partial")
    wait_for_sound(sines)
    process.kill()
    process.wait(60)
    assert not (sines / "a.wav").exists()
    assert all(name.startswith(".creative-gen-") or name == "a.wav" for name in left(sines))


def test_every_sound_is_kept_as_far_as_it_has_come(
    sines: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_after(monkeypatch, 5, KeyboardInterrupt())
    ran = run(*GENERATE, "--count", 3, "--keep-partial", "--sample-rate", 48_000, "-o", "out")
    assert ran.status == 130
    # Blocks of 800 frames; the first sound has no more than five.
    names = [f"boop-{number}.wav" for number in (1, 2, 3)]
    assert left(sines) == {"out", *names}
    assert [read_audio(sines / "out" / name).frames for name in names] == [12_000] * 3


def test_what_was_there_stays_when_a_command_is_cancelled(
    sines: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    (sines / "a.wav").write_bytes(b"an older one")
    stop_after(monkeypatch, 2, KeyboardInterrupt())
    assert run(*GENERATE, "-o", "a.wav").status == 130
    assert (sines / "a.wav").read_bytes() == b"an older one"
    assert left(sines) == {"a.wav"}


@pytest.mark.parametrize("flags", [(), ("--keep-partial",)])
def test_nothing_is_kept_of_a_sound_that_went_wrong(
    sines: Path, run: Run, monkeypatch: pytest.MonkeyPatch, flags: tuple[str, ...]
) -> None:
    stop_after(monkeypatch, 2, RuntimeError("a string broke"))
    ran = run(*GENERATE, *flags, "-o", "new/a.wav")
    assert ran.status == 1
    assert "a string broke" in ran.stderr
    assert left(sines) == set()


def test_cancelling_before_the_first_sample_leaves_nothing(
    sines: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_after(monkeypatch, 0, KeyboardInterrupt())
    assert run(*GENERATE, "--keep-partial", "-o", "new/a.wav").status == 130
    assert left(sines) == set()


def test_a_full_disk_is_told(sines: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    from creative_gen.media.audio_files import AudioWriter

    def full(self: AudioWriter, samples: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(AudioWriter, "write", full)
    ran = run(*GENERATE, "-o", "new/a.wav")
    assert ran.status == 1
    assert "Nothing was written to 'new': No space left on device." in ran.stderr
    assert left(sines) == set()


def test_signals_are_handled_as_before_afterwards(sines: Path, run: Run) -> None:
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.getsignal(number) for number in numbers]
    assert run(*GENERATE, "-o", "a.wav").status == 0
    assert [signal.getsignal(number) for number in numbers] == before
