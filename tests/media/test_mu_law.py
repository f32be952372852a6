import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.signal import lfilter

from creative_gen.media.mu_law import (
    compand,
    de_emphasis,
    expand,
    levels_of,
    pre_emphasis,
    values_of,
)

NOISE = np.random.default_rng(2).uniform(-1, 1, (3, 5_000))


def test_known_points_of_the_curve():
    assert compand([0, 1, -1]).tolist() == [0, 1, -1]
    assert compand(1 / 255) == pytest.approx(math.log(2) / math.log(256))
    assert compand(-15 / 255) == pytest.approx(-0.5)
    assert expand(0.5) == pytest.approx(15 / 255)


@given(st.floats(-1, 1))
def test_expand_undoes_compand(value):
    assert float(expand(compand(value))) == pytest.approx(value, abs=1e-12)


def test_levels_are_even_on_the_companded_scale():
    edges = expand(np.arange(-127, 128) / 128)
    assert levels_of(edges + 1e-9).tolist() == list(range(1, 256))
    assert levels_of(edges - 1e-9).tolist() == list(range(255))
    assert levels_of([-7, -1, -1e-12, 0, 1, 7]).tolist() == [0, 0, 127, 128, 255, 255]
    assert levels_of(0.5).dtype == np.int32


def test_the_value_of_a_level_falls_into_it():
    levels = np.arange(256)
    assert (levels_of(values_of(levels)) == levels).all()
    assert compand(values_of(levels)) == pytest.approx((2 * levels + 1) / 256 - 1)
    assert (values_of(levels) == -values_of(255 - levels)).all()


def test_quantising_errs_less_than_half_a_level():
    error = np.abs(compand(values_of(levels_of(NOISE))) - compand(NOISE))
    assert error.max() <= 1 / 256 + 1e-12


@pytest.mark.parametrize("coefficient", [0.0, 0.3, 0.85, 0.999])
def test_both_filters_agree_with_scipy(coefficient):
    emphasised = pre_emphasis(NOISE, coefficient)
    assert emphasised == pytest.approx(lfilter([1, -coefficient], [1], NOISE), abs=1e-12)
    expected = lfilter([1], [1, -coefficient], NOISE)
    assert de_emphasis(NOISE, coefficient) == pytest.approx(expected, abs=1e-10)
    assert de_emphasis(emphasised, coefficient) == pytest.approx(NOISE, abs=1e-10)


@pytest.mark.parametrize("split", [0, 1, 77, 5_000])
def test_both_filters_go_on_in_blocks(split):
    sound = NOISE[0]
    before = float(sound[split - 1]) if split else 0.0
    parts = [pre_emphasis(sound[:split], 0.85), pre_emphasis(sound[split:], 0.85, before)]
    assert np.array_equal(np.concatenate(parts), pre_emphasis(sound, 0.85))
    back = de_emphasis(parts[1], 0.85, before)
    assert back == pytest.approx(sound[split:], abs=1e-12)


def test_the_arguments_are_left_alone():
    given_values = NOISE.copy()
    de_emphasis(given_values, 0.85, 0.5)
    pre_emphasis(given_values, 0.85, 0.5)
    assert np.array_equal(given_values, NOISE)
