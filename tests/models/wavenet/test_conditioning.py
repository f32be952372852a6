"""What a network is told of a note, frame by frame, and the phase of its pitch."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from creative_gen.models.wavenet.conditioning import Tone, feature_count, features, frequency
from creative_gen.models.wavenet.config import WaveNetConfig
from tests.toy_sounds import TOY_NOTES

RATE = 16_000
BENT = Tone(0, 60.0, 100, 8000, ((1000, 2.0), (1000, 1.0), (5000, -0.5)))


def test_frequencies_are_equal_temperament() -> None:
    np.testing.assert_allclose(frequency(np.array([69, 57, 81, 60])), [440, 220, 880, 261.6255653])


def test_features_are_in_the_documented_order() -> None:
    tone = Tone(1, 62.0, 64, 160)
    rows = features(TOY_NOTES, tone, 0, 4)
    assert rows.shape == (4, feature_count(TOY_NOTES))
    assert rows[:, :3].tolist() == [[0, 1, 0]] * 4
    assert np.all(rows[:, 3] == np.float32(64 / 127))
    assert np.all(rows[:, 4] == 1)
    centres = np.arange(24, 103, 3)
    np.testing.assert_allclose(rows[0, 5:32], np.exp(-(((62 - centres) / 3) ** 2)), atol=1e-6)
    seconds = np.arange(4) * 0.005
    for column, tau in enumerate((0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)):
        np.testing.assert_allclose(rows[:, 32 + column], np.exp(-seconds / tau), rtol=1e-5)
    assert rows[:, 39].tolist() == [0, 0, 1, 1]
    gone = np.exp(-np.array([0.0, 0.005])[:, None] / [0.01, 0.05, 0.2, 0.8])
    np.testing.assert_allclose(rows[2:, 40:], gone, rtol=1e-5)
    assert not rows[:2, 40:].any()


def test_a_kind_that_is_not_known_and_a_pitch_that_is_not_there_are_zeros() -> None:
    rows = features(TOY_NOTES, Tone(-1, None, 127), 3, 2)
    assert not rows[:, :3].any()
    assert not rows[:, 4:32].any()
    assert not rows[:, 39:].any()


def test_sources_and_speed_come_last() -> None:
    config = TOY_NOTES.model_copy(update={"variants": (0, 0, 2)})
    like = Tone(0, 60.0, 100, variants=((2, 0.75), (0, 0.25)), speed=-0.5)
    rows = features(config, like, 0, 2)
    assert rows.shape == (2, feature_count(TOY_NOTES) + 4)
    assert rows[:, -4:].tolist() == [[0.25, 0, 0.75, -2]] * 2
    plain = features(TOY_NOTES, like, 0, 2)
    assert np.array_equal(rows[:, :-4], plain)


def test_features_do_not_depend_on_where_a_chunk_begins() -> None:
    whole = features(TOY_NOTES, BENT, 0, 120)
    parts = [features(TOY_NOTES, BENT, first, 7) for first in range(0, 120, 7)]
    assert np.array_equal(np.concatenate(parts)[:120], whole)


def test_bends_move_the_pitch_from_their_sample_on() -> None:
    pitches = BENT.pitches(np.array([0, 999, 1000, 4999, 5000, 9000]))
    assert pitches.tolist() == [60, 60, 61, 61, 59.5, 59.5]


def test_the_phase_is_the_integral_of_the_bent_frequency() -> None:
    samples = np.arange(9000)
    hertz = 440 * 2 ** ((BENT.pitches(samples) - 69) / 12)
    expected = np.concatenate([[0.0], np.cumsum(hertz / RATE)[:-1]])
    np.testing.assert_allclose(BENT.turns(samples, RATE), expected, atol=1e-9)


def test_the_phase_does_not_depend_on_where_a_chunk_begins() -> None:
    whole = BENT.turns(np.arange(9000), RATE)
    parts = [BENT.turns(np.arange(first, first + 333), RATE) for first in range(0, 9000, 333)]
    assert np.array_equal(np.concatenate(parts)[:9000], whole)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"head": "logistics", "pre_emphasis": 0.85}, "set pre_emphasis to 0"),
        ({"partials": 2, "phases": 3}, "not so many"),
        ({"kinds": ("a", "b"), "pitches": ((1.0, 2.0),)}, "each kind"),
        ({"layers": 15}, "less than or equal to 14"),
        ({"tempo": 1}, "Extra inputs"),
    ],
)
def test_settings_that_do_not_fit_are_refused(
    toy_config: Callable[..., WaveNetConfig], settings: dict[str, object], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        toy_config(**settings)


def test_sizes_follow_from_the_settings(toy_config: Callable[..., WaveNetConfig]) -> None:
    config = toy_config(stacks=2, layers=3)
    assert config.dilations == (1, 2, 4, 1, 2, 4)
    assert config.receptive_field == 16
    assert config.outputs == 6
    assert "audio.render" in config.tasks
    drums = toy_config(head="mu_law", partials=0, phases=0)
    assert drums.outputs == 256
    assert drums.tasks == ("audio.generate", "audio.continue")
