"""Partials: found in a note that is known in closed form, and put together again."""

from __future__ import annotations

import numpy as np
import pytest

from creative_gen.models.wavenet.conditioning import Tone
from creative_gen.models.wavenet.partials import (
    add_up,
    heard_partials,
    phase_inputs,
    start_turns,
    tone_turns,
    waves_of,
)
from creative_gen.models.wavenet.tracking import FLOOR, PHASE_STEPS, track_partials
from tests.toy_sounds import TOY_NOTES

RATE = 16_000
HOP = 160
COUNT = 16_000
FADES = np.array([1.0, 2.0, 4.0, 6.0])
LOUDNESS = np.array([0.4, 0.2, 0.1, 0.05])
START = np.array([0.1, 0.35, 0.6, 0.85])
DETUNED = np.array([0.0, 0.3, -0.4, 0.6])
"""Hz by which the partials are away from the multiples."""


def known_note(hertz: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Samples (COUNT,), amplitudes and phases in turns (COUNT, 4) of a note."""
    t = np.arange(COUNT)[:, None] / RATE
    amplitudes = LOUDNESS * np.exp(-FADES * t)
    turns = START + (np.arange(1, 5) * hertz + DETUNED) * t
    return (amplitudes * np.cos(2 * np.pi * turns)).sum(axis=1), amplitudes, turns


@pytest.mark.parametrize("hertz", [82.4, 220.0, 987.8])
def test_the_partials_of_a_note_are_found(hertz: float) -> None:
    samples, amplitudes, turns = known_note(hertz)
    found = track_partials(samples, hertz, RATE, 4, HOP)
    # Where the window sees both sides.
    inner = np.arange(1600, COUNT - 1600, HOP)
    tracked = np.exp(found.log_amplitudes(inner))
    np.testing.assert_allclose(tracked, amplitudes[inner], rtol=0.03, atol=3e-4)
    away = found.turns(0, COUNT) - turns
    away = np.abs(away - np.rint(away))[1600:-1600]
    # A phase is rounded to half a step, and goes in straight lines.
    assert away.max() < 0.5 / PHASE_STEPS + 0.01


def test_what_partials_leave_is_soft() -> None:
    samples, _, _ = known_note(220.0)
    found = track_partials(samples, 220.0, RATE, 4, HOP)
    amplitudes = np.exp(found.log_amplitudes(np.arange(COUNT)))
    rebuilt = (amplitudes * np.cos(2 * np.pi * found.turns(0, COUNT))).sum(axis=1)
    rest, inner = samples - rebuilt, slice(400, COUNT - 400)
    assert np.std(rest[inner]) < 0.1 * np.std(samples[inner])


def test_the_onset_counts_what_there_is() -> None:
    t = np.arange(4000) / RATE
    found = track_partials(0.5 * np.cos(2 * np.pi * 440 * t), 440.0, RATE, 1, HOP)
    np.testing.assert_allclose(np.exp(found.log_amplitudes(np.arange(0, 3900, 50))), 0.5, rtol=0.05)


def test_silence_has_the_least_amplitude() -> None:
    found = track_partials(np.zeros(1000), 440.0, RATE, 3, HOP)
    assert np.all(found.amplitudes == np.float32(FLOOR))
    assert np.isfinite(found.turns(0, 1500)).all()


def test_phases_do_not_depend_on_where_a_chunk_begins() -> None:
    found = track_partials(known_note(330.0)[0], 330.0, RATE, 4, HOP)
    parts = [found.turns(first, 777) for first in range(0, COUNT, 777)]
    assert np.array_equal(np.concatenate(parts)[:COUNT], found.turns(0, COUNT))


def test_phases_go_on_after_the_last_row() -> None:
    found = track_partials(known_note(330.0)[0], 330.0, RATE, 4, HOP)
    steps = np.diff(found.turns(COUNT + 2000, 100), axis=0)
    np.testing.assert_allclose(steps, [np.arange(1, 5) * 330.0 / RATE] * 99, atol=1e-9)


BENT = Tone(0, 57.0, 100, None, ((4000, 1.0),))


def test_waves_do_not_depend_on_where_a_chunk_begins() -> None:
    start = start_turns(TOY_NOTES)
    heard = heard_partials(TOY_NOTES, BENT.pitches(np.arange(8000)))

    def made(first: int, count: int) -> tuple[np.ndarray, np.ndarray]:
        turns = tone_turns(TOY_NOTES, BENT, first, count, start)
        return waves_of(turns, heard[first : first + count]), phase_inputs(TOY_NOTES, turns)

    whole = made(0, 8000)
    for index in range(2):
        parts = [made(first, 80)[index] for first in range(0, 8000, 80)]
        assert np.array_equal(np.concatenate(parts), whole[index])


def test_a_bend_changes_the_frequency_of_every_partial() -> None:
    turns = tone_turns(TOY_NOTES, BENT, 0, 8000, start_turns(TOY_NOTES))
    hertz = np.diff(turns, axis=0) * RATE
    np.testing.assert_allclose(hertz[:3999], [np.arange(1, 5) * 220.0] * 3999)
    bent = 220.0 * 2 ** (1 / 12)
    np.testing.assert_allclose(hertz[4000:], [np.arange(1, 5) * bent] * 3999)


def test_partials_beyond_hearing_are_left_out() -> None:
    # The fourth partial of C7 is at 8372 Hz.
    assert heard_partials(TOY_NOTES, np.array([96.0])).tolist() == [[True, True, True, False]]
    waves = waves_of(np.zeros((1, 4)), heard_partials(TOY_NOTES, np.array([96.0])))
    assert waves.tolist() == [[1, 1, 1, 0]]


def test_amplitudes_go_in_straight_lines_from_frame_to_frame() -> None:
    frame = TOY_NOTES.frame
    amplitudes = np.random.default_rng(0).random((4, 4)).astype(np.float32)
    waves = np.random.default_rng(1).normal(size=(3 * frame, 4)).astype(np.float32)
    at = np.arange(3 * frame) / frame
    lines = np.stack([np.interp(at, np.arange(4), column) for column in amplitudes.T], axis=1)
    np.testing.assert_allclose(
        add_up(TOY_NOTES, amplitudes, waves), (lines * waves).sum(axis=1), atol=1e-5
    )


def test_starting_phases_keep_the_peak_low() -> None:
    config = TOY_NOTES.model_copy(update={"partials": 24})
    cosines = np.cos(
        2 * np.pi * (start_turns(config) + np.outer(np.arange(1600) / 160, np.arange(1, 25)))
    )
    # All 24 in step would reach 24; a peak below twice the effective value is Schroeder's claim.
    assert np.abs(cosines.sum(axis=1)).max() < 2 * np.sqrt(24)
