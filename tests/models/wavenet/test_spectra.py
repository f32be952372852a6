import numpy as np
import pytest
from scipy.linalg import solve_toeplitz
from scipy.signal import lfilter

from creative_gen.models.wavenet.spectra import FLOOR, coefficients, reflections

RATE, FRAME = 16_000, 80


def resonance(hertz: float, radius: float) -> np.ndarray:
    """The coefficients of a filter with one resonance."""
    angle = 2 * np.pi * hertz / RATE
    return np.array([2 * radius * np.cos(angle), -(radius**2)])


def test_a_resonance_is_found():
    true = resonance(1000, 0.97)
    noise = np.random.default_rng(0).normal(size=RATE)
    sound = lfilter([1.0], np.r_[1.0, -true], noise) * 0.01
    found = coefficients(reflections(sound, np.arange(20, 180), FRAME, RATE, 2))
    np.testing.assert_allclose(np.median(found, axis=0), true, atol=0.03)


def test_the_recursion_solves_the_normal_equations():
    sound = np.random.default_rng(1).normal(size=4000).cumsum() * 0.01
    sound -= sound.mean()
    half, order = round(0.025 * RATE / 2), 8
    frame = 20
    middle = frame * FRAME + FRAME // 2
    window = sound[middle - half : middle + half] * np.hanning(2 * half + 1)[:-1]
    lags = [window[: len(window) - k] @ window[k:] for k in range(order + 1)]
    lags[0] = lags[0] * (1 + FLOOR) + 1e-9
    expected = solve_toeplitz(lags[:-1], lags[1:])
    found = coefficients(reflections(sound, np.array([frame]), FRAME, RATE, order))
    np.testing.assert_allclose(found[0], expected, rtol=1e-3, atol=1e-3)


def test_silence_and_the_ends_of_a_sound_have_stable_filters():
    sound = np.zeros(RATE // 4)
    sound[:200] = np.sin(np.arange(200))
    found = reflections(sound, np.arange(0, 51), FRAME, RATE, 24)
    assert np.isfinite(found).all()
    assert np.abs(found).max() < 1
    assert np.abs(np.roots(np.r_[1.0, -coefficients(found)[0]])).max() < 1
    assert found[40:] == pytest.approx(0.0)
