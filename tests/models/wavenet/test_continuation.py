"""Going on from a sound: what it is of, where its phases are, and how the rest joins it."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from creative_gen.interface.errors import InvalidRequest
from creative_gen.media.audio import Audio
from creative_gen.models.wavenet.conditioning import Tone
from creative_gen.models.wavenet.continuation import Continuation, Heard
from creative_gen.models.wavenet.partials import tone_turns
from creative_gen.models.wavenet.player import Player

RATE = 16_000


def heard(
    player: Player, audio: Audio, kind: int | None = None, pitch: float | None = None
) -> Heard:
    offered = range(len(player.config.kinds))
    hearing = Continuation(player, audio, kind, pitch, offered).hear()
    while True:
        try:
            assert next(hearing).fraction == 0
        except StopIteration as ended:
            found = ended.value
            assert isinstance(found, Heard)
            return found


def mono(samples: np.ndarray, rate: int = RATE) -> Audio:
    return Audio(samples[None].astype(np.float32), rate)


def test_a_sound_is_of_the_kind_that_makes_it_likeliest(notes: Player) -> None:
    for kind in range(len(notes.config.kinds)):
        (voice,) = notes.start([Tone(kind, 62.0, 100)], [kind])
        sound = notes.advance([voice], 40, 1.0)[0]
        assert heard(notes, mono(sound), pitch=62.0).tone.kind == kind


def test_a_kind_that_is_told_is_not_looked_for(notes: Player) -> None:
    sound = np.random.default_rng(0).normal(0, 0.1, 3000)
    assert heard(notes, mono(sound), kind=1).tone.kind == 1


def test_kinds_that_are_not_offered_are_not_found(notes: Player) -> None:
    sound = np.random.default_rng(0).normal(0, 0.1, 3000)
    only = Continuation(notes, mono(sound), None, None, [2])
    assert [tone.kind for tone in only._candidates()] == [2]


def chord(pitch: float, seconds: float, rate: int = RATE, start: float = 0.0) -> np.ndarray:
    t = np.arange(round(seconds * rate)) / rate
    hertz = 440 * 2 ** ((pitch - 69) / 12)
    parts = [np.cos(2 * np.pi * (k * hertz * t + start * k * k)) / k for k in (1, 2, 3, 4)]
    return 0.2 * np.sum(parts, axis=0)


@pytest.mark.parametrize("rate", [8000, 16_000, 44_100])
def test_the_pitch_is_found(notes: Player, rate: int) -> None:
    found = heard(notes, mono(chord(64.3, 0.6, rate), rate), kind=0)
    assert found.tone.pitch == pytest.approx(64.3, abs=0.1)
    assert heard(notes, mono(chord(64.3, 0.6, rate), rate), kind=0, pitch=50.0).tone.pitch == 50.0


def test_without_a_pitch_it_is_the_middle_of_the_range(notes: Player, drums: Player) -> None:
    noise = np.random.default_rng(0).normal(0, 0.1, 8000)
    assert heard(notes, mono(noise), kind=1).tone.pitch == (28 + 52) / 2
    assert heard(drums, mono(noise)).tone.pitch is None


@pytest.mark.parametrize("start", [0.0, 0.13, 0.4])
def test_the_phases_of_the_sound_are_taken_up(notes: Player, start: float) -> None:
    found = heard(notes, mono(chord(64.0, 0.5, start=start)), kind=0, pitch=64.0)
    at = 8000 - 160
    turns = tone_turns(notes.config, found.tone, at, 160, found.voice.turns)
    t = np.arange(at, 8000) / RATE
    k = np.arange(1, 5)
    expected = k * 440 * 2 ** (-5 / 12) * t[:, None] + start * k * k
    away = turns - expected
    assert np.abs(away - np.rint(away)).max() < 1 / 32


def test_a_louder_sound_was_struck_harder(notes: Player) -> None:
    sounds = [chord(60.0, 0.3) * level for level in (0.0, 0.1, 0.5, 5.0)]
    velocities = [heard(notes, mono(sound), kind=0, pitch=60.0).tone.velocity for sound in sounds]
    assert velocities == sorted(velocities)
    assert (velocities[0], velocities[-1]) == (1, 127)


def test_it_goes_on_as_loud_as_the_sound_ends(notes: Player) -> None:
    sound = chord(60.0, 0.5) * np.linspace(0.1, 1, 8000)
    found = heard(notes, mono(sound), kind=0, pitch=60.0)
    ending = np.sqrt(np.mean(sound[-480:] ** 2))
    expected = notes.envelopes.loudness(found.tone, 99)
    assert found.voice.level == pytest.approx(ending / expected, rel=0.01)


def continued(player: Player, audio: Audio, seconds: float = 0.2, **options: Any) -> np.ndarray:
    told = {"kind": 0, "pitch": 60.0} | options
    given = Continuation(player, audio, told["kind"], told["pitch"], [0, 1])
    found = heard(player, audio, told["kind"], told["pitch"])
    parts = list(given.play(found, 5, seconds, 1.0))
    shares = [share for _, share in parts]
    assert shares == sorted(shares) and shares[-1] == 1
    return np.concatenate([part for part, _ in parts], axis=1)


@pytest.mark.parametrize(
    ("rate", "channels"),
    [(8000, 1), (16_000, 2), (22_050, 2), (44_100, 1), (48_000, 8), (384_000, 1)],
)
def test_what_is_new_joins_without_a_click(notes: Player, rate: int, channels: int) -> None:
    loudness = np.linspace(0.2, 1, channels)[:, None]
    audio = Audio((chord(60.0, 0.31, rate) * loudness).astype(np.float32), rate)
    new = continued(notes, audio)
    assert new.shape == (channels, round(0.2 * rate)) and new.dtype == np.float32
    both = np.concatenate([audio.samples, new], axis=1)
    # The first new sample is the last given one, and no step after it is larger than those of a
    # sound as loud and high as what is there.
    np.testing.assert_allclose(new[:, 0], audio.samples[:, -1], atol=1e-6)
    ordinary = np.abs(np.diff(audio.samples, axis=1)).max()
    joint = np.abs(np.diff(both[:, audio.frames - 2 : audio.frames + rate // 200], axis=1))
    assert joint.max() < ordinary + 0.2


def test_it_goes_on_by_the_seed(notes: Player) -> None:
    audio = mono(chord(60.0, 0.3))
    given = Continuation(notes, audio, 0, 60.0, [0])
    found = heard(notes, audio, 0, 60.0)

    def new(seed: int) -> np.ndarray:
        return np.concatenate([part for part, _ in given.play(found, seed, 0.1, 1.0)], axis=1)

    assert np.array_equal(new(1), new(1))
    assert not np.array_equal(new(1), new(2))
    # What has been heard is left as it was.
    assert found.voice.frames == 60


def test_only_the_end_of_a_long_sound_is_heard(notes: Player) -> None:
    silence = np.zeros(10 * RATE)
    audio = mono(np.concatenate([silence, chord(60.0, 4.0)]))
    np.testing.assert_array_equal(continued(notes, audio), continued(notes, mono(chord(60.0, 4.0))))


@pytest.mark.parametrize("rate", [8000, 16_000, 44_100])
@pytest.mark.parametrize("frames", [1, 2, 79, 81])
def test_very_short_sounds_are_gone_on_from(drums: Player, rate: int, frames: int) -> None:
    audio = mono(np.full(frames, 0.1), rate)
    assert continued(drums, audio, 0.05, kind=None).shape == (1, round(0.05 * rate))


def test_an_empty_sound_is_refused(notes: Player) -> None:
    with pytest.raises(InvalidRequest, match="empty"):
        Continuation(notes, Audio(np.zeros((2, 0), np.float32), RATE), None, None, [0])


def test_sounds_beyond_full_scale_are_gone_on_from(notes: Player) -> None:
    new = continued(notes, mono(10 * chord(60.0, 0.3)))
    assert np.isfinite(new).all() and np.abs(new).max() <= 1
