import numpy as np
import pytest

from creative_gen.media.audio import Audio
from creative_gen.media.errors import MediaError
from creative_gen.media.resample import Resampler, resampled

PAIRS = [(16_000, 44_100), (16_000, 48_000), (44_100, 16_000), (384_000, 16_000), (16_000, 16_001)]


@pytest.mark.parametrize(("from_rate", "to_rate"), PAIRS)
def test_a_sine_stays_a_sine_in_its_place(from_rate, to_rate):
    def sine(rate):
        return 0.5 * np.sin(2 * np.pi * 1_000 * np.arange(rate // 2) / rate)[None]

    changed = resampled(Audio(sine(from_rate), from_rate), to_rate)
    assert changed.sample_rate == to_rate
    assert abs(changed.frames - to_rate / 2) <= 1
    middle = slice(to_rate // 8, to_rate * 3 // 8)
    assert np.abs(changed.samples[:, middle] - sine(to_rate)[:, middle]).max() < 1e-5


def test_what_is_above_half_the_new_rate_is_removed():
    high = np.sin(2 * np.pi * 12_000 * np.arange(44_100) / 44_100)[None]
    assert np.abs(resampled(Audio(high, 44_100), 16_000).samples[:, 1_000:-1_000]).max() < 1e-4


@pytest.mark.parametrize(("from_rate", "to_rate"), [*PAIRS, (16_000, 16_000)])
@pytest.mark.parametrize("sizes", [[5_000], [1] * 40 + [4_960], [80] * 62 + [40], [0, 4_999, 1, 0]])
def test_the_blocks_do_not_matter(from_rate, to_rate, sizes):
    noise = np.random.default_rng(1).uniform(-1, 1, (2, 5_000)).astype(np.float32)
    whole = resampled(Audio(noise, from_rate), to_rate).samples
    resampler = Resampler(from_rate, to_rate, 2)
    blocks = np.split(noise, np.cumsum(sizes)[:-1], axis=1)
    parts = [*map(resampler.process, blocks), resampler.flush()]
    assert np.array_equal(np.concatenate(parts, axis=1), whole)


def test_the_same_rate_changes_nothing():
    sound = Audio([[0.1, 0.2]], 16_000)
    assert resampled(sound, 16_000) is sound


@pytest.mark.parametrize("arguments", [(16_000, 0), (500, 16_000), (16_000, 8_000, 9)])
def test_rates_and_channels_out_of_range_are_refused(arguments):
    with pytest.raises(MediaError):
        Resampler(*arguments)
