"""What is measured of sounds whose pitch and faults are known."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from creative_gen.models.wavenet.pitch_measure import (
    ATTACK,
    LONGEST,
    cents_off,
    hertz,
    measure_note,
    sustained,
)

RATE = 16_000


def tone(pitch: float, seconds: float = 0.6, level: float = 0.2) -> NDArray[np.float64]:
    """Four harmonics."""
    time = np.arange(round(seconds * RATE)) / RATE
    turns = hertz(pitch) * time
    return sum(level / k * np.sin(2 * np.pi * k * turns + k * k) for k in range(1, 5))


@pytest.mark.parametrize(("pitch", "cents"), [(30, 8.0), (60, -12.0), (69, 0.0), (90, 15.0)])
def test_a_pitch_is_found_to_a_few_cents(pitch: int, cents: float) -> None:
    sound = tone(pitch + cents / 100, 0.8)
    assert cents_off(sound, RATE, pitch) == pytest.approx(cents, abs=2.5)
    measure = measure_note(sound, RATE, pitch, None)
    assert measure.cents == pytest.approx(cents, abs=5.0)
    assert measure.fault is None


def test_an_octave_too_high_or_low_is_seen() -> None:
    assert measure_note(tone(72), RATE, 60, None).cents == pytest.approx(1200, abs=10)
    assert measure_note(tone(48), RATE, 60, None).cents == pytest.approx(-1200, abs=10)


def test_faults_are_told_apart() -> None:
    good = tone(60)
    assert measure_note(np.zeros(RATE), RATE, 60, None).fault == "silent"
    assert measure_note(np.zeros(0), RATE, 60, None).fault == "silent"
    assert measure_note(good * 2e-2, RATE, 60, None).fault is None
    assert measure_note(good * 2e-2, RATE, 60, None, good).fault == "silent"
    assert measure_note(good * 0.5, RATE, 60, None, good).fault is None
    assert measure_note(np.clip(good * 40, -1, 1), RATE, 60, None).fault == "clipped"
    noise = np.random.default_rng(0).normal(0, 0.1, RATE // 2)
    found = measure_note(noise, RATE, 60, None)
    assert (found.cents, found.fault) == (None, "noise")


def test_too_short_a_note_has_no_pitch_and_no_fault() -> None:
    found = measure_note(tone(28), RATE, 28, round(0.3 * RATE))
    assert (found.cents, found.fault) == (None, None)


def test_the_sustained_part_is_without_attack_release_and_decay() -> None:
    sound = tone(60, 3.0)
    assert len(sustained(sound, RATE, None)) == round((LONGEST - ATTACK) * RATE)
    assert len(sustained(sound, RATE, 8000)) == 8000 - round(ATTACK * RATE)
    decays = sound * 10 ** (-np.arange(len(sound)) / RATE * 80 / 20)
    assert len(sustained(decays, RATE, None)) / RATE == pytest.approx(0.5 - ATTACK, abs=0.03)
