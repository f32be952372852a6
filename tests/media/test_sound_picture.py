import tracemalloc

import numpy as np
import pytest
from PIL import ImageColor

from creative_gen.media.audio import Audio
from creative_gen.media.sound_picture import HEIGHT, WIDTH, sound_picture, spectrogram

RATE = 16_000


def sine(frequency, seconds=1.0, rate=RATE):
    return 0.5 * np.sin(2 * np.pi * frequency * np.arange(round(seconds * rate)) / rate)


def mel_row(frequency, rows, rate=RATE):
    """The row of a frequency by the mel scale's formula, the highest frequency first."""
    place = np.log(1 + frequency / 700) / np.log(1 + rate / 1_400)
    return (1 - place) * rows - 0.5


@pytest.mark.parametrize("frequency", [220, 1_000, 7_000])
@pytest.mark.parametrize("seconds", [0.1, 1.0, 30.0])
def test_a_sine_is_a_line_at_its_frequency(frequency, seconds):
    decibels = spectrogram(Audio([sine(frequency, seconds)], RATE))
    rows, columns = decibels.shape
    loudest = decibels[:, columns // 8 : -columns // 8].argmax(axis=0)
    assert np.abs(loudest - mel_row(frequency, rows)).max() < (1.5 if seconds > 0.1 else 4)


def test_decibels_are_those_of_the_sound():
    loud, quiet = sine(1_000), 0.01 * sine(1_000)
    decibels = spectrogram(Audio([np.concatenate([loud, quiet])], RATE)).max(axis=0)
    columns = len(decibels)
    assert decibels.max() == 0
    assert decibels[columns // 4] == pytest.approx(0, abs=0.5)
    assert decibels[columns * 3 // 4] == pytest.approx(-40, abs=0.5)


def test_a_short_click_is_seen_in_a_long_sound():
    samples = np.zeros(60 * RATE)
    samples[30 * RATE : 30 * RATE + 160] = sine(3_000, 0.01)
    decibels = spectrogram(Audio([samples], RATE))
    assert abs(int(decibels.max(axis=0).argmax()) - decibels.shape[1] // 2) <= 1


def test_channels_that_cancel_are_still_seen():
    picture = spectrogram(Audio([sine(1_000), -sine(1_000)], RATE))
    assert picture == pytest.approx(spectrogram(Audio([sine(1_000)], RATE)))


@pytest.mark.parametrize("rate", [1_000, 16_000, 384_000])
@pytest.mark.parametrize("frames", [0, 1, 2, 50, 5_000])
def test_a_sound_of_any_length_has_a_picture(rate, frames):
    noise = np.random.default_rng(3).uniform(-1, 1, (2, frames))
    picture = sound_picture(Audio(noise, rate), "a title " * 60)
    assert (picture.mode, picture.size) == ("RGB", (WIDTH, HEIGHT))


def test_silence_has_a_picture_of_the_quietest_colour():
    assert (spectrogram(Audio(np.zeros((1, 900)), RATE)) == -80).all()
    sound_picture(Audio(np.zeros((1, 900)), RATE))


def test_the_waveform_is_as_high_as_the_sound():
    samples = np.concatenate([sine(400), 0.1 * sine(400)])
    pixels = np.asarray(sound_picture(Audio([samples], RATE)))
    blue = (pixels == ImageColor.getrgb("#2f7dc4")).all(axis=2)
    heights = blue.sum(axis=0)
    columns = np.flatnonzero(heights)
    assert len(columns) == columns[-1] - columns[0] + 1
    loud, quiet = heights[columns[100]], heights[columns[-100]]
    assert 105 < loud < 118
    assert 9 < quiet < 15


def test_memory_does_not_grow_with_the_sound(tmp_path):
    peaks = []
    for seconds in (20, 600):
        path = tmp_path / f"{seconds}"
        np.zeros(seconds * RATE, np.float32).tofile(path)
        sound = Audio(np.memmap(path, np.float32, "r", shape=(1, seconds * RATE)), RATE)
        tracemalloc.start()
        sound_picture(sound)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.2 * peaks[0] + 5e6


def test_the_same_sound_has_the_same_picture():
    sound = Audio([sine(500)], RATE)
    assert sound_picture(sound, "a").tobytes() == sound_picture(sound, "a").tobytes()
    assert sound_picture(sound, "a").tobytes() != sound_picture(sound, "b").tobytes()
