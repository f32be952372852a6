from __future__ import annotations

import numpy as np
import pytest

from creative_gen.models.wavenet.sounding_pitch import sounding_pitch

RATE = 16_000


def tone(pitch: float, loudness: list[float], seconds: float = 0.25) -> np.ndarray:
    t = np.arange(round(seconds * RATE)) / RATE
    hertz = 440 * 2 ** ((pitch - 69) / 12)
    partials = [
        a * np.cos(2 * np.pi * k * (hertz * t + 0.07 * k)) for k, a in enumerate(loudness, 1)
    ]
    return np.sum(partials, axis=0)


@pytest.mark.parametrize("pitch", [28.0, 33.0, 45.5, 57.0, 60.3, 69.0, 81.0, 93.0])
@pytest.mark.parametrize(
    "loudness", [[1.0], [1.0, 0.5, 0.3, 0.2], [0.1, 1.0, 0.4, 0.4], [0.0, 1.0, 1.0, 0.5]]
)
def test_pitches_are_found(pitch: float, loudness: list[float]) -> None:
    noise = np.random.default_rng(0).normal(0, 0.01, 4000)
    found = sounding_pitch(tone(pitch, loudness) + noise, RATE)
    assert found is not None
    assert abs(found - pitch) < 0.1


def test_a_fading_tone_has_its_pitch() -> None:
    sound = tone(64.0, [1.0, 0.6, 0.3]) * np.exp(-8 * np.arange(4000) / RATE)
    assert sounding_pitch(sound, RATE) == pytest.approx(64, abs=0.1)


@pytest.mark.parametrize(
    "sound",
    [
        np.zeros(4000),
        np.full(4000, 0.5),
        np.random.default_rng(0).normal(size=4000),
        np.ones(5),
        np.zeros(1),
    ],
)
def test_what_has_no_pitch_is_said_to_have_none(sound: np.ndarray) -> None:
    assert sounding_pitch(sound, RATE) is None
