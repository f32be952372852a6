from __future__ import annotations

import json

import numpy as np
import pytest

from creative_gen.media.audio import Audio
from creative_gen.media.audio_files import read_audio, read_provenance
from creative_gen.media.errors import MediaError
from creative_gen.media.ogg_files import ogg_bytes, page_checksum

RATE = 16_000


def tone(seconds: float, channels: int = 1) -> Audio:
    times = np.arange(int(seconds * RATE)) / RATE
    wave = 0.3 * np.sin(2 * np.pi * 440 * times)
    return Audio(np.tile(wave, (channels, 1)).astype(np.float32), RATE)


def bitwise_checksum(page: bytes) -> int:
    """RFC 3533's checksum, a bit at a time."""
    register = 0
    for byte in page:
        register ^= byte << 24
        for _ in range(8):
            register = (register << 1) ^ (0x04C11DB7 if register & 0x80000000 else 0)
    return register & 0xFFFFFFFF


@pytest.mark.parametrize("channels", [1, 2])
def test_a_sound_reads_back_as_it_sounded(channels: int) -> None:
    sound = tone(10.0, channels)
    read = read_audio(ogg_bytes(sound))
    assert (read.sample_rate, read.channels, read.frames) == (RATE, channels, sound.frames)
    error = read.samples - sound.samples
    assert np.sqrt(np.mean(error**2)) < 0.01


def test_the_same_sound_makes_the_same_bytes() -> None:
    sound = tone(1.0)
    assert ogg_bytes(sound, "as it was") == ogg_bytes(sound, "as it was")


def test_it_says_how_it_was_made() -> None:
    text = json.dumps({"seed": 7, "kind": "snare ø"}, ensure_ascii=False)
    assert read_provenance(ogg_bytes(tone(0.1), text)) == text


def test_the_checksum_is_that_of_the_standard() -> None:
    page = np.random.default_rng(1).bytes(300)
    assert page_checksum(page) == bitwise_checksum(page)


def test_a_comment_that_it_cannot_hold_is_refused() -> None:
    with pytest.raises(MediaError, match="null character"):
        ogg_bytes(tone(0.1), "a\0b")
