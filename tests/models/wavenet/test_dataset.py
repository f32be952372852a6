"""Clips as batches: what is cropped, what counts, and what the network is asked."""

from __future__ import annotations

import numpy as np
import pytest

from creative_gen.kernels.allpole import colour
from creative_gen.models.wavenet.conditioning import Tone, features
from creative_gen.models.wavenet.dataset import HALF_STEP, PCM, Clips, Crop, Rows
from creative_gen.models.wavenet.envelopes import Envelopes
from creative_gen.models.wavenet.objective import Objective
from tests.toy_sounds import toy_sound_weights

GOAL = Objective(batch_size=4, crop_frames=10)


@pytest.fixture
def config(toy_config):
    return toy_config(kinds=("soft", "loud"), pitches=((57, 71), (57, 71)))


@pytest.fixture
def rows(config, toy_clips):
    return Rows(Clips(toy_clips(), config), Envelopes(config, toy_sound_weights(config)))


def test_a_tone_is_what_the_clips_say(config, toy_clips):
    clips = toy_clips()
    clips.release[1] = 2400
    assert Clips(clips, config).tone(1) == Tone(1, 59.0, 100, 2400)
    assert Clips(clips, config).tone(0) == Tone(0, 57.0, 100, None)
    assert Clips(toy_clips(pitched=False), config).tone(0).pitch is None


def test_a_source_is_told_with_its_speed_or_not_at_all(toy_config, toy_clips):
    config = toy_config(kinds=("soft", "loud"), pitches=((57, 71), (57, 71)), variants=(0, 1))
    told = type(toy_clips())(**vars(toy_clips()) | {"source": ("a", "b", "a x2.0", *"efghi")})
    clips = Clips(told, config, ("a", "b"))
    tones = [clips.tone(index) for index in range(4)]
    assert [tone.variants for tone in tones] == [((0, 1.0),), ((1, 1.0),), ((0, 1.0),), ()]
    assert [tone.speed for tone in tones] == [0, 0, 1, 0]
    rows = Rows(clips, Envelopes(config, toy_sound_weights(config)))
    batch = rows.empty(2, 4)
    rows.fill(batch, 0, Crop(2, 0))
    rows.fill(batch, 1, Crop(2, 0), sourced=False)
    assert batch["features"][0, :, -3:].tolist() == [[1, 0, 4]] * 4
    assert not batch["features"][1, :, -3:].any()


@pytest.mark.parametrize("frame", [0, 7])
def test_a_filtered_residual_makes_the_sound_again(toy_config, toy_clips, frame):
    config = toy_config(kinds=("soft", "loud"), pitches=((57, 71), (57, 71)), filter_order=4)
    envelopes = Envelopes(config, toy_sound_weights(config))
    rows = Rows(Clips(toy_clips(), config), envelopes)
    batch = rows.empty(1, 10)
    rows.fill(batch, 0, Crop(3, frame))
    tone = rows.clips.tone(3)
    errors = batch["residual"][0] * envelopes.gains(tone, frame, 10)
    whole = rows.rest(3, tone, 0, frame + 10)
    before = np.concatenate([np.zeros(4), whole[: frame * config.frame]])
    memory = before[: -4 - 1 : -1].astype(np.float64)
    made = colour(errors, envelopes.predictor(tone, frame, 10), config.frame, memory)
    np.testing.assert_allclose(made, whole[frame * config.frame :], atol=1e-5)


def test_each_kind_is_heard_equally_often(config, toy_clips):
    clips = toy_clips()
    clips.kind[:] = [0, 0, 0, 0, 0, 0, 0, 1]
    weight = Clips(clips, config).weight
    assert weight[7] == pytest.approx(0.5)
    np.testing.assert_allclose(weight[:7], 1 / 14)


def test_after_a_clip_there_is_silence(rows):
    clips = rows.clips
    sound = clips.sound(0, 4700, 200)
    assert np.array_equal(sound[:100], clips.clips.clip(0)[4700:] / np.float32(PCM))
    assert not sound[100:].any()


def test_residual_gain_and_partials_make_the_sound_again(rows, config):
    batch = rows.empty(2, 10)
    rows.fill(batch, 1, Crop(3, 7))
    tone, clips = rows.clips.tone(3), rows.clips
    assert not batch["residual"][0].any()
    gains = rows.envelopes.gains(tone, 7, 10)
    turns = clips.partials(3).turns(560, 800)
    sound = batch["residual"][1] * gains + rows.envelopes.sinusoids(tone, 7, 10, turns)
    np.testing.assert_allclose(sound, clips.sound(3, 560, 800), atol=1e-6)
    np.testing.assert_allclose(batch["half_step"][1] * gains, HALF_STEP, rtol=1e-5)
    assert np.array_equal(batch["features"][1], features(config, tone, 7, 10))
    angle = 2 * np.pi * turns[:, :2]
    expected = np.concatenate([np.cos(angle), np.sin(angle)], axis=1)
    np.testing.assert_allclose(batch["phases"][1], expected, atol=1e-5)


def test_a_kind_can_be_kept_from_the_network_but_not_from_the_gain(rows):
    told, untold = (rows.empty(1, 10) for _ in range(2))
    rows.fill(told, 0, Crop(1, 0))
    rows.fill(untold, 0, Crop(1, 0), known=False)
    assert told["features"][0, :, :2].tolist() == [[0, 1]] * 10
    assert not untold["features"][0, :, :2].any()
    assert np.array_equal(told["features"][..., 2:], untold["features"][..., 2:])
    assert np.array_equal(told["residual"], untold["residual"])


def test_what_cannot_be_predicted_does_not_count(rows, config, toy_clips):
    batch = rows.empty(3, 70)
    for row, frame in enumerate((0, 7, 55)):
        rows.fill(batch, row, Crop(0, frame))
    # A clip of 4800 samples that ends while it sounds: its last 5 ms may be faded.
    assert not rows.clips.ends_silent(0)
    expected = np.zeros((3, 5600))
    expected[0, : 4800 - 80] = 1
    expected[1, config.receptive_field : 4800 - 80 - 560] = 1
    expected[2, config.receptive_field : 4800 - 80 - 4400] = 1
    assert np.array_equal(batch["weights"], expected)


def test_the_silence_after_a_sound_counts(config, toy_clips):
    clips = Clips(toy_clips(seconds=1.2), config)
    assert clips.ends_silent(0) and clips.last_frame(0) == 239
    made = Rows(clips, Envelopes(config, toy_sound_weights(config)))
    batch = made.empty(1, 300)
    made.fill(batch, 0, Crop(0, 0))
    assert batch["weights"].all()


def test_training_crops_follow_the_seed(rows):
    batches = [rows.training(GOAL, seed) for seed in ([0, 1], [0, 1], [0, 2])]
    first, same, other = (next(batch) for batch in batches)
    assert all(np.array_equal(first[name], same[name]) for name in first)
    assert not np.array_equal(first["residual"], other["residual"])
    assert {name: array.shape[0] for name, array in first.items()} == dict.fromkeys(first, 4)


def test_crops_begin_at_onsets_as_often_as_asked(rows):
    always = GOAL.model_copy(update={"at_onset": 1.0, "crop_frames": 2, "batch_size": 30})
    starts = rows.training(always, 0)
    first = next(starts)["features"][:, 0]
    onset = features(rows.clips.config, Tone(-1, None, 100), 0, 1)[0, -12:]
    assert np.array_equal(first[:, -12:], np.tile(onset, (30, 1)))
    never = always.model_copy(update={"at_onset": 0.0})
    assert not np.array_equal(next(rows.training(never, 0))["features"][:, 0], first)


def test_validation_is_the_same_every_time_and_not_blurred(rows):
    first, again = (rows.validation(GOAL, 10) for _ in range(2))
    assert len(first) == 3
    for one, other in zip(first, again, strict=True):
        assert all(np.array_equal(one[name], other[name]) for name in one)
        assert not one["noise"].any()
    kinds = np.concatenate([batch["features"][:, 0, :2] for batch in first])
    assert np.all(kinds.sum(axis=1) == 1)


def test_objective_falls_as_a_cosine_after_warming_up():
    goal = Objective(learning_rate=1e-2, min_learning_rate=1e-4, warm_up_steps=9)
    assert goal.learning_rate_at(0, 0.0) == pytest.approx(1e-3)
    assert goal.learning_rate_at(9, 0.0) == pytest.approx(1e-2)
    assert goal.learning_rate_at(99, 0.5) == pytest.approx((1e-2 + 1e-4) / 2)
    assert goal.learning_rate_at(99, 1.0) == pytest.approx(1e-4)
