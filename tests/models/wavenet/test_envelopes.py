"""The small networks of loudness: NumPy's against Keras's, and how they are fitted."""

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from creative_gen.kernels.allpole import colour  # noqa: E402
from creative_gen.models.wavenet import envelope_training  # noqa: E402
from creative_gen.models.wavenet.conditioning import Tone, feature_count, features  # noqa: E402
from creative_gen.models.wavenet.dataset import Clips  # noqa: E402
from creative_gen.models.wavenet.envelopes import (  # noqa: E402
    CREST,
    LAYERS,
    LOUDEST,
    SOFTEST,
    UNITS,
    Envelope,
    Envelopes,
    between_borders,
    envelope_shapes,
)
from creative_gen.models.wavenet.partials import start_turns, tone_turns  # noqa: E402
from tests.toy_sounds import TOY_DRUMS, TOY_NOTES, toy_sound_weights  # noqa: E402

HELD = Tone(0, 60.0, 100, 3200)


@pytest.fixture
def quick_fit(monkeypatch):
    for name, value in {"NOTES": 60, "MOMENTS": 24, "STEPS": 120, "BATCH_SIZE": 64}.items():
        monkeypatch.setattr(envelope_training, name, value)
    keras.utils.set_random_seed(0)


def random_weights(inputs, outputs):
    random = np.random.default_rng(0)
    shapes = {k.removeprefix("x/"): v for k, v in envelope_shapes("x", inputs, outputs).items()}
    return {name: random.normal(0, 0.2, shape).astype("f") for name, shape in shapes.items()}


def test_numpy_gives_what_keras_gives():
    weights = random_weights(20, 5)
    dense = keras.layers.Dense
    network = keras.Sequential([dense(UNITS, "relu"), dense(UNITS, "relu"), dense(5)])
    network.build((None, 20))
    for layer, name in zip(network.layers, LAYERS, strict=True):
        layer.set_weights([weights[f"{name}/kernel"], weights[f"{name}/bias"]])
    rows = np.random.default_rng(1).normal(size=(50, 20)).astype("f")
    logarithms = np.asarray(network(rows))
    assert (logarithms > LOUDEST).any() and (logarithms < 0).any()
    expected = np.exp(np.clip(logarithms, SOFTEST, LOUDEST))
    np.testing.assert_allclose(Envelope(weights)(rows), expected, rtol=1e-4)


def test_a_row_does_not_depend_on_its_neighbours():
    envelope = Envelope(random_weights(20, 5))
    rows = np.random.default_rng(1).normal(size=(50, 20)).astype("f")
    parts = [envelope(rows[first : first + 3]) for first in range(0, 50, 3)]
    assert np.array_equal(np.concatenate(parts), envelope(rows))


def test_values_lie_on_lines_between_the_borders():
    values = np.array([0.1, 0.4, 0.2], np.float32)
    expected = np.interp(np.arange(20) / 10, np.arange(3), values)
    np.testing.assert_allclose(between_borders(values, 10), expected, atol=1e-6)


def test_gains_and_sinusoids_do_not_depend_on_where_a_chunk_begins():
    envelopes = Envelopes(TOY_NOTES, toy_sound_weights(TOY_NOTES))

    def made(first, frames):
        count = frames * TOY_NOTES.frame
        turns = tone_turns(TOY_NOTES, HELD, first * TOY_NOTES.frame, count, start_turns(TOY_NOTES))
        gains = envelopes.gains(HELD, first, frames)
        return np.stack([gains, envelopes.sinusoids(HELD, first, frames, turns)])

    parts = [made(0, 1), made(1, 2), made(3, 30), made(33, 7)]
    assert np.array_equal(np.concatenate(parts, axis=1), made(0, 40))


def test_sinusoids_are_as_loud_as_the_envelope_says():
    envelopes = Envelopes(TOY_NOTES, toy_sound_weights(TOY_NOTES))
    turns = np.zeros((80, 4)) + [0.0, 0.25, 0.25, 0.25]
    told = features(TOY_NOTES, HELD, 0, 1)
    sinusoids = envelopes.sinusoids(HELD, 0, 1, turns)
    assert sinusoids[0] == pytest.approx(float(envelopes.partials(told)[0, 0]), rel=1e-4)


def test_loudness_is_that_of_what_is_played():
    """Noise as loud as the residual, filtered, beside the partials."""
    config = TOY_NOTES.model_copy(update={"filter_order": 3})
    envelopes = Envelopes(config, toy_sound_weights(config))
    for tone in (HELD, Tone(1, None, 100)):
        gain = float(envelopes.gain(features(config, tone, 0, 1))[0, 0])
        noise = np.random.default_rng(0).normal(0, gain / CREST, 100_000).astype("f")
        predictor = np.repeat(envelopes.predictor(tone, 0, 1), 1250, axis=0)
        power = np.mean(colour(noise, predictor, config.frame, np.zeros(3)) ** 2.0)
        if tone.pitch is not None:
            power += np.sum(envelopes.partials(features(config, tone, 0, 1)) ** 2.0) / 2
        assert envelopes.loudness(tone, 0) == pytest.approx(np.sqrt(power), rel=0.02)


def test_filters_are_stable_whatever_the_network_says():
    config = TOY_NOTES.model_copy(update={"filter_order": 3})
    weights = toy_sound_weights(config)
    weights["filter/values/bias"] += np.array([50, -50, 50], "f")
    (predictor,) = Envelopes(config, weights).predictor(HELD, 0, 1)
    assert np.abs(np.roots(np.r_[1.0, -predictor.astype(np.float64)])).max() < 1.001


def test_what_has_no_pitch_or_partials_has_no_sinusoids():
    unpitched = Tone(0, None, 100)
    for config in (TOY_NOTES, TOY_DRUMS):
        envelopes = Envelopes(config, toy_sound_weights(config))
        assert not envelopes.sinusoids(unpitched, 0, 3, np.zeros((240, config.partials))).any()
        assert envelopes.gains(unpitched, 0, 3).shape == (240,)


def test_a_simple_law_is_learnt(quick_fit):
    random = np.random.default_rng(0)
    rows = random.uniform(-1, 1, (2000, 6)).astype("f")
    law = np.stack([-3 + 2 * rows[:, 0], -5 - np.abs(rows[:, 1])], axis=1)
    weights = envelope_training.fit(rows, law, np.ones_like(law))
    new = random.uniform(-1, 1, (200, 6)).astype("f")
    law = np.stack([-3 + 2 * new[:, 0], -5 - np.abs(new[:, 1])], axis=1)
    away = np.abs(np.log(Envelope(weights)(new)) - law)
    assert away.mean() < 0.1


def test_envelopes_of_clips_are_fitted_once_and_kept(quick_fit, toy_config, toy_clips, tmp_path):
    config = toy_config(kinds=("soft", "loud"), pitches=((57, 71), (57, 71)))
    clips = Clips(toy_clips(), config)
    weights = envelope_training.fitted_envelopes(clips, tmp_path, seed=0)
    shapes = {
        **envelope_shapes("partials", feature_count(config), 3),
        **envelope_shapes("gain", feature_count(config), 1),
    }
    assert {name: array.shape for name, array in weights.items()} == shapes
    again = envelope_training.fitted_envelopes(clips, tmp_path, seed=7)
    assert all(np.array_equal(again[name], weights[name]) for name in weights)
    envelopes = Envelopes(config, weights)
    soft, loud = (
        envelopes.partials(features(config, Tone(kind, 63.0, 100), 10, 1))[0] for kind in (0, 1)
    )
    # The clips' partials fall as 1/2, 1/4, 1/6 of the loudness, 0.1 and 0.8, times exp(-6 t).
    expected = np.array([0.5, 0.25, 1 / 6]) * np.exp(-6 * 0.05)
    np.testing.assert_allclose(loud, 0.8 * expected, rtol=0.35)
    np.testing.assert_allclose(soft, 0.1 * expected, rtol=0.35)
    # What is left is at most a fifth as loud as the sound, and the gain has room for its peaks.
    rest = clips.sound(1, 0, 4800) - envelopes.sinusoids(
        clips.tone(1), 0, 60, clips.partials(1).turns(0, 4800)
    )
    residual = rest / envelopes.gains(clips.tone(1), 0, 60)
    assert np.std(rest) < 0.3 * np.std(clips.sound(1, 0, 4800))
    assert 0.05 < np.std(residual) < 0.3


def test_a_gain_is_also_that_of_what_has_no_pitch(quick_fit, toy_config, toy_clips, tmp_path):
    mixed = toy_clips()
    pitch = np.where(mixed.kind == 0, -1, mixed.pitch).astype("f")
    clips = type(mixed)(**vars(mixed) | {"pitch": pitch})
    config = toy_config(kinds=("soft", "loud"), pitches=((-1, -1), (57, 71)))
    weights = envelope_training.fitted_envelopes(Clips(clips, config), tmp_path, seed=0)
    gain = Envelopes(config, weights).gains(Tone(0, None, 100), 0, 5)
    loudness = np.std(Clips(clips, config).sound(0, 0, 400))
    assert gain.mean() == pytest.approx(envelope_training.CREST * loudness, rel=0.5)
