"""The baselines against sources whose entropy is known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from creative_gen.media.clip_set import NEVER, NO_PITCH, ClipSet
from creative_gen.models.wavenet.baselines import (
    RESIDUALS,
    LinearPrediction,
    Unigram,
    baseline_bits,
    grid_of,
    interval_probability,
    symbols_of,
)

SCIPY = {"laplace": stats.laplace, "logistic": stats.logistic, "gaussian": stats.norm}
SCALE = 0.01


def resonance(count: int, seed: int) -> np.ndarray:
    """A sound of two poles at 0.97, excited by Laplace noise of SCALE; 16 bits."""
    noise = np.random.default_rng(seed).laplace(0, SCALE, count)
    first, second = 2 * 0.97 * np.cos(0.3), -(0.97**2)
    sound = np.zeros(count + 2)
    for t in range(count):
        sound[t + 2] = first * sound[t + 1] + second * sound[t] + noise[t]
    return np.rint(np.clip(sound[2:], -1, 1) * 32767).astype(np.int16)


def clip_set(sounds: list[np.ndarray], kinds: list[int]) -> ClipSet:
    count = len(sounds)
    return ClipSet(
        sample_rate=16_000,
        kinds=("one", "two"),
        samples=np.concatenate(sounds),
        offsets=np.cumsum([0, *map(len, sounds)]),
        kind=np.array(kinds),
        pitch=np.full(count, NO_PITCH, np.float32),
        velocity=np.full(count, 100),
        release=np.full(count, NEVER),
        source=("toy",) * count,
    )


@pytest.mark.parametrize("family", RESIDUALS)
def test_interval_probabilities_are_scipys(family: str) -> None:
    edges = np.array([-np.inf, -40.0, -3.0, -0.2, 0.1, 0.3, 5.0, np.inf])
    found = interval_probability(family, 0.5, edges[:-1], edges[1:])
    assert found.sum() == pytest.approx(1.0)
    inner = np.diff(SCIPY[family].cdf(edges[:6], scale=0.5))
    assert found[:5] == pytest.approx(inner, rel=1e-9)
    # A difference of cumulative probabilities near 1 has no digits left here.
    assert found[6] == pytest.approx(SCIPY[family].sf(5.0, scale=0.5), rel=1e-9)


@pytest.mark.parametrize("domain", ["mu_law", "16 bit"])
def test_symbols_are_those_between_whose_edges_a_sample_lies(domain: str) -> None:
    grid = grid_of(domain)  # type: ignore[arg-type]
    sound = resonance(3000, 1)
    symbols = symbols_of(sound, 0.85, domain)  # type: ignore[arg-type]
    before = np.concatenate([[0], sound[:-1]])
    emphasised = (sound - 0.85 * before) / 32768
    assert (grid.edges[symbols] <= emphasised + 1e-12).all()
    assert (emphasised <= grid.edges[symbols + 1] + 1e-12).all()
    assert np.abs(grid.values[symbols] - emphasised).max() < 0.02


def test_the_unigram_is_the_entropy_of_what_it_saw() -> None:
    grid = grid_of("mu_law")
    symbols = np.random.default_rng(0).choice([10, 20, 30], 60_000, p=[0.5, 0.25, 0.25])
    bits = Unigram.fit([symbols], grid).bits_of(symbols)
    assert bits.mean() == pytest.approx(1.5, abs=0.02)


def test_linear_prediction_reaches_the_entropy_of_its_source() -> None:
    grid = grid_of("16 bit")
    learned, other = (symbols_of(resonance(40_000, seed), 0.0, "16 bit") for seed in (1, 2))
    prediction = LinearPrediction.fit([learned], grid, 20_000)
    # Of a Laplace distribution: log2(2 e b), and 15 bits from [-1, 1] to integers.
    entropy = np.log2(2 * np.e * SCALE) + 15
    assert prediction.family == "laplace"
    assert prediction.scale == pytest.approx(SCALE, rel=0.05)
    assert prediction.bits_of(other).mean() == pytest.approx(entropy, abs=0.02)
    wanted = [2 * 0.97 * np.cos(0.3), -(0.97**2)] + [0.0] * 14
    assert prediction.coefficients == pytest.approx(wanted, abs=0.05)


def test_baselines_are_reported_by_kind() -> None:
    noise = np.random.default_rng(3).integers(-3000, 3000, 8000).astype(np.int16)
    train = clip_set([resonance(8000, 1), noise], [0, 1])
    test = clip_set([noise[::-1].copy(), resonance(2000, 5), resonance(2000, 6)], [1, 0, 0])
    figures = baseline_bits(train, test, 0.0, "16 bit")
    assert set(figures.kinds) == {"one", "two"}
    assert figures.overall["uniform"] == 16.0
    assert figures.kinds["two"]["linear prediction"] == pytest.approx(np.log2(6000), abs=0.5)
    one = figures.kinds["one"]
    assert one["linear prediction"] < one["unigram"] - 1
    mean = (8000 * figures.kinds["two"]["oracle"] + 4000 * one["oracle"]) / 12000
    assert figures.overall["oracle"] == pytest.approx(mean)


def test_a_kind_that_is_not_tested_has_no_figures() -> None:
    train = clip_set([resonance(4000, 1), resonance(4000, 2)], [0, 1])
    test = clip_set([resonance(2000, 3)], [0])
    figures = baseline_bits(train, test, 0.85, "mu_law")
    assert set(figures.kinds) == {"one"}
    assert figures.overall == pytest.approx(figures.kinds["one"])
