"""The limiter: quiet music goes through as it is, loud music stays below the ceiling."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from creative_gen.models.wavenet.mixing import CEILING, Limiter

RATE = 16_000


def limited(samples: np.ndarray, portion: int = 10**9) -> np.ndarray:
    limiter = Limiter(RATE)
    parts = [limiter.process(samples[i : i + portion]) for i in range(0, len(samples), portion)]
    return np.concatenate([*parts, limiter.flush()])


def noise(count: int, level: float, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).uniform(-level, level, count).astype(np.float32)


def test_quiet_music_is_left_as_it_is() -> None:
    music = noise(10_123, 0.97)
    assert np.array_equal(limited(music), music)


@given(st.lists(st.tuples(st.integers(1, 700), st.floats(0.0, 30.0)), min_size=1, max_size=12))
def test_nothing_exceeds_the_ceiling(parts: list[tuple[int, float]]) -> None:
    music = np.concatenate([noise(count, level) for count, level in parts])
    found = limited(music)
    assert len(found) == len(music)
    assert np.abs(found).max() <= np.float32(CEILING) * (1 + 1e-6)


def test_a_peak_in_the_very_first_sample_is_limited() -> None:
    music = np.zeros(400, np.float32)
    music[0] = 5.0
    assert np.abs(limited(music)).max() <= np.float32(CEILING)


@pytest.mark.parametrize("portion", [1, 79, 80, 81, 1000])
def test_portions_change_nothing(portion: int) -> None:
    music = noise(3000, 1.0) * np.linspace(0, 4, 3000, dtype=np.float32)
    assert np.array_equal(limited(music, portion), limited(music))


def test_the_gain_comes_back_slowly_and_without_steps() -> None:
    music = np.full(16_000, 0.5, np.float32)
    music[4000] = 3.0
    gain = limited(music) / music
    assert np.all(gain[:3800] == 1)
    assert gain[4000] == pytest.approx(CEILING / 3, rel=1e-5)
    assert np.abs(np.diff(gain)).max() < 0.02
    # 6 dB in 0.2 seconds.
    assert gain[4200 + 3200] / gain[4200] == pytest.approx(2, rel=0.05)
    assert gain[-1] == 1


def test_nothing_comes_of_nothing() -> None:
    limiter = Limiter(RATE)
    assert not len(limiter.process(np.zeros(0, np.float32)))
    assert not len(limiter.flush())
