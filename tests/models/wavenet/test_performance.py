"""A score as sound: windows, voices in batches, equal notes, and memory."""

from __future__ import annotations

import tracemalloc
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from creative_gen.models.wavenet import performance
from creative_gen.models.wavenet.conditioning import Tone
from creative_gen.models.wavenet.performance import (
    LONGEST_TAIL,
    SILENT,
    Performance,
    Sound,
    extend,
    tone_seed,
)
from creative_gen.models.wavenet.player import Player
from creative_gen.models.wavenet.score import Entry

RATE = 16_000
PIECE = [
    Entry(0, Tone(0, 60.0, 100, 3200)),
    Entry(500, Tone(0, 64.0, 100, 1600)),
    Entry(500, Tone(1, 40.0, 60, 8000)),
    Entry(4000, Tone(0, 60.0, 100, 3200)),
    Entry(21_001, Tone(2, 72.0, 127, 800, ((80, 1.0),))),
    Entry(21_100, Tone(0, 60.0, 100, 3200)),
]


def rendered(player: Player, entries: list[Entry], **options: Any) -> np.ndarray:
    told = {"seed": 3, "temperature": 1.0} | options
    return np.concatenate(list(Performance(player, entries, **told).windows()))


@pytest.fixture
def advanced(notes: Player, monkeypatch: pytest.MonkeyPatch) -> list[Tone]:
    """The tones of all voices that were played, a unit each."""
    seen: list[Tone] = []
    advance = notes.advance

    def counted(voices: list[Any], frames: int, temperature: float) -> np.ndarray:
        seen.extend(voice.tone for voice in voices)
        return advance(voices, frames, temperature)

    monkeypatch.setattr(notes, "advance", counted)
    return seen


def alone(player: Player, tone: Tone, seed: int = 3) -> np.ndarray:
    (voice,) = player.start([tone], [tone_seed(seed, tone)])
    sound = Sound(voice)
    while not sound.ended:
        extend(player, [sound], 1.0)
    return np.concatenate(list(sound.samples))


def test_a_mix_is_the_sum_of_its_notes(notes: Player) -> None:
    mix = rendered(notes, PIECE)
    expected = np.zeros(len(mix) + RATE)
    for entry in PIECE:
        samples = alone(notes, entry.tone)
        expected[entry.start : entry.start + len(samples)] += samples
    np.testing.assert_allclose(mix, expected[: len(mix)], atol=1e-6)
    assert not expected[len(mix) :].any()
    assert len(mix) == 21_100 + len(alone(notes, PIECE[-1].tone))


@pytest.mark.parametrize(
    "constants",
    [
        {"BATCH": 1},
        {"FIRST_WINDOW": 4.0},
        {"FIRST_WINDOW": 0.01, "LONGEST_WINDOW": 0.07},
        {"KEPT_SAMPLES": 0},
        {"SHARED_SECONDS": 0.0},
    ],
    ids=str,
)
def test_how_it_is_played_changes_nothing(
    notes: Player, constants: dict[str, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = rendered(notes, PIECE)
    for name, value in constants.items():
        monkeypatch.setattr(performance, name, value)
    assert np.array_equal(rendered(notes, PIECE), expected)


def test_equal_notes_are_played_once(notes: Player, advanced: list[Tone]) -> None:
    tone = PIECE[0].tone
    once = len(rendered(notes, PIECE[:1])), len(advanced)
    advanced.clear()
    many = rendered(notes, [Entry(start, tone) for start in (0, 0, 100, 9000, 40_000)])
    assert len(advanced) == once[1]
    assert len(many) == 40_000 + once[0]


def test_a_note_that_does_not_come_again_is_let_go(notes: Player) -> None:
    entries = [Entry(index * 9000, Tone(0, 50.0 + index, 100, 1600)) for index in range(20)]
    playing = Performance(notes, entries, 0, 1.0)
    most = 0
    for _ in playing.windows():
        most = max(most, len(playing._sounds))
    assert most < 12
    assert not playing._sounds and not playing._playing


def test_seeds_tell_notes_and_performances_apart(notes: Player) -> None:
    tone = PIECE[0].tone
    seeds = {
        tone_seed(3, tone),
        tone_seed(4, tone),
        tone_seed(3, Tone(1, 60.0, 100, 3200)),
        tone_seed(3, Tone(0, 61.0, 100, 3200)),
        tone_seed(3, Tone(0, 60.0, 99, 3200)),
        tone_seed(3, Tone(0, 60.0, 100, 3280)),
        tone_seed(3, Tone(0, 60.0, 100, 3200, ((0, 1.0),))),
        tone_seed(3, Tone(0, 60.0, 100, 3200, ((1, 0.0),))),
    }
    assert len(seeds) == 8
    assert all(0 <= seed < 2**64 for seed in seeds)
    assert not np.array_equal(rendered(notes, PIECE[:1]), rendered(notes, PIECE[:1], seed=4))
    assert np.array_equal(rendered(notes, PIECE[:1]), rendered(notes, PIECE[:1]))


def test_a_long_rest_is_silence(notes: Player) -> None:
    tone = PIECE[0].tone
    mix = rendered(notes, [Entry(0, tone), Entry(20 * RATE, tone)])
    assert not mix[2 * RATE : 20 * RATE].any()
    assert np.array_equal(mix[: 2 * RATE], np.pad(mix[20 * RATE :], (0, 2 * RATE))[: 2 * RATE])


def test_no_window_is_longer_than_four_seconds_and_the_first_comes_soon(notes: Player) -> None:
    entries = [Entry(start * RATE, PIECE[1].tone) for start in range(12)]
    lengths = [len(one) for one in Performance(notes, entries, 0, 1.0).windows() if len(one)]
    assert lengths[0] == RATE // 4
    assert max(lengths) == 4 * RATE


def test_a_voice_ends_when_it_is_silent(notes: Player) -> None:
    samples = alone(notes, PIECE[0].tone)
    last = samples[-1600:]
    assert 0.2 * RATE <= len(samples) < 2 * RATE
    assert np.abs(samples[-3200:-1600]).max() >= SILENT
    # The last unit is silent, and faded all the same.
    assert np.abs(last).max() < SILENT and last[-1] == 0


@pytest.fixture
def drone(toy_player: Callable[..., Player]) -> Player:
    """A player whose sounds do not die away."""
    player = toy_player()
    for part in (player.envelopes.gain, player.envelopes.partials):
        assert part is not None
        part.weights["values/bias"] = part.weights["values/bias"] + 7.0
    return player


def test_a_voice_that_does_not_end_is_faded_out(drone: Player) -> None:
    samples = alone(drone, Tone(0, 60.0, 100, 800))
    assert len(samples) == 800 + round(LONGEST_TAIL * RATE) + 800
    # What comes after is faded in the last unit alone.
    assert np.abs(samples[-3200:-1600]).max() > 0.01
    assert np.abs(samples[-100:]).max() < 0.1 * np.abs(samples[-3200:-1600]).max()


def test_a_voice_that_has_ended_keeps_no_queues(notes: Player) -> None:
    (voice,) = notes.start([PIECE[0].tone], [0])
    sound = Sound(voice)
    extend(notes, [sound], 1.0)
    assert len(sound.voice.state) == 1
    while not sound.ended:
        extend(notes, [sound], 1.0)
    assert sound.voice.state.queue.size == 0


def test_progress_goes_on_to_the_end_of_the_piece(notes: Player) -> None:
    playing = Performance(notes, PIECE, 0, 1.0)
    seen = [playing.progress for _ in playing.windows()]
    assert seen == sorted(seen)
    assert seen[-1] >= 21_100


def test_held_notes_forget_what_has_been_mixed(drone: Player) -> None:
    sound = Sound(drone.start([PIECE[0].tone], [0])[0])
    for _ in range(4):
        extend(drone, [sound], 1.0)
    kept = [sound.samples[index].copy() for index in (2, 3)]
    sound.forget(3500)
    assert sound.forgotten == 3200 and len(sound.samples) == 2
    mix = np.zeros(6400, np.float32)
    sound.add_to(mix, at=-10)
    assert np.array_equal(mix[3190:6390], np.concatenate(kept))
    assert not mix[:3190].any()


def peak_memory(player: Player, seconds: int) -> int:
    """The most bytes that rendering takes, of notes that all differ."""
    entries = [
        Entry(
            index * RATE // 3, Tone(0, 48.0 + index % 37, 1 + index % 127, 800 + 80 * (index % 41))
        )
        for index in range(3 * seconds)
    ]
    tracemalloc.start()
    length = sum(len(window) for window in Performance(player, entries, 0, 1.0).windows())
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert length >= (seconds - 1) * RATE
    return peak


@pytest.mark.slow
def test_a_long_piece_takes_no_more_memory_than_a_short_one(
    notes: Player, monkeypatch: pytest.MonkeyPatch
) -> None:
    rendered(notes, PIECE)
    short, long = peak_memory(notes, 60), peak_memory(notes, 300)
    assert long < 1.5 * short
    assert long < 40e6
