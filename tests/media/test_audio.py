import numpy as np
import pytest

from creative_gen.media import audio as audio_module
from creative_gen.media.audio import Audio
from creative_gen.media.errors import MediaError

STEREO = Audio([[0.0, 0.5, 1.0], [0.0, -0.5, 0.5]], 16_000)


def test_a_sound_knows_its_size():
    assert (STEREO.channels, STEREO.frames, STEREO.seconds) == (2, 3, 3 / 16_000)
    assert STEREO.samples.dtype == np.float32


def test_mono_is_the_mean_of_the_channels():
    assert STEREO.mono().samples.tolist() == [[0.0, 0.0, 0.75]]
    assert STEREO.mono().mono() is not STEREO
    one = Audio([[1, 2]], 8_000)
    assert one.mono() is one


def test_a_sound_keeps_its_own_read_only_samples():
    samples = np.zeros((1, 4), np.float32)
    sound = Audio(samples, 16_000)
    samples[:] = 9
    assert sound.samples.max() == 0
    with pytest.raises(ValueError, match="read-only"):
        sound.samples[0, 0] = 1


def test_a_memory_map_is_not_copied(tmp_path, monkeypatch):
    monkeypatch.setattr(audio_module, "BLOCK", 2)
    np.arange(5, dtype=np.float32).tofile(tmp_path / "long")
    samples = np.memmap(tmp_path / "long", np.float32, "r", shape=(1, 5))
    assert Audio(samples, 16_000).samples is samples
    np.array([0, 0, 0, 0, np.nan], np.float32).tofile(tmp_path / "nan")
    with pytest.raises(MediaError, match="finite"):
        Audio(np.memmap(tmp_path / "nan", np.float32, "r", shape=(1, 5)), 16_000)


def test_sounds_are_equal_when_their_samples_and_rates_are():
    copy = Audio(STEREO.samples.copy(), 16_000)
    assert copy == STEREO
    assert hash(copy) == hash(STEREO)
    assert copy != Audio(STEREO.samples, 8_000)
    assert copy != STEREO.mono()
    assert copy != "sound"


def test_a_sound_may_be_empty():
    assert Audio(np.zeros((1, 0)), 1_000).seconds == 0


@pytest.mark.parametrize(
    "samples",
    [
        [0.0, 1.0],
        np.zeros((9, 2)),
        np.zeros((0, 2)),
        np.zeros((1, 2, 3)),
        [[np.nan]],
        [[0, np.inf]],
        [[1e300]],
        [["a"]],
        [[1, 2], [3]],
        None,
    ],
)
def test_samples_that_are_no_sound_are_refused(samples):
    with pytest.raises(MediaError) as caught:
        Audio(samples, 16_000)
    assert caught.value.hint


@pytest.mark.parametrize("rate", [0, -1, 999, 384_001, 16_000.5, np.nan, np.inf])
def test_a_sample_rate_out_of_range_is_refused(rate):
    with pytest.raises(MediaError, match="rate"):
        Audio([[0.0]], rate)


def test_eight_channels_and_the_highest_rate_are_fine():
    assert Audio(np.zeros((8, 1)), np.int64(384_000)).sample_rate == 384_000
