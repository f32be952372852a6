"""The Keras network: what it sees, and what its loss counts."""

import math

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from creative_gen.kernels.logistics import log_probability  # noqa: E402
from creative_gen.media.mu_law import compand, levels_of, pre_emphasis, values_of  # noqa: E402
from creative_gen.models.wavenet.conditioning import feature_count  # noqa: E402
from creative_gen.models.wavenet.network import WaveNet  # noqa: E402

FRAMES = 3
HEADS = {"logistics": {}, "mu_law": {"head": "mu_law", "pre_emphasis": 0.85}}


@pytest.fixture(params=HEADS)
def network(request, toy_config):
    model = WaveNet(toy_config(stacks=2, layers=3, **HEADS[request.param]))
    model.build()
    random = np.random.default_rng(0)
    for variable in model.trainable_variables:
        variable.assign(random.normal(0, 0.4, variable.shape).astype("f"))
    return model


def random_batch(config, count=2, seed=0):
    random = np.random.default_rng(seed)
    steps = FRAMES * config.frame
    residual = np.rint(random.uniform(-0.5, 0.5, (count, steps)) * 32768) / 32768
    return {
        "residual": residual.astype("f"),
        "half_step": np.full((count, steps), 0.5 / 32768, "f"),
        "phases": random.uniform(-1, 1, (count, steps, 2 * config.phases)).astype("f"),
        "features": random.uniform(0, 1, (count, FRAMES, feature_count(config))).astype("f"),
        "level": np.ones(count, "f"),
        "noise": np.zeros(count, "f"),
        "weights": np.ones((count, steps), "f"),
    }


def changed_steps(network, name, index):
    """The steps whose output changes when a part of the batch does."""
    batch = random_batch(network.config)
    before = np.asarray(network(batch))
    batch[name][0, index] += 0.25
    after = np.asarray(network(batch))
    assert np.array_equal(before[1], after[1])
    return np.flatnonzero(np.abs(after - before)[0].max(axis=-1) > 1e-6)


def test_outputs_have_their_shape(network):
    config = network.config
    output = network(random_batch(config))
    assert output.shape == (2, FRAMES * config.frame, config.outputs)


def test_a_step_sees_the_receptive_field_before_it_and_not_itself(network):
    seen = changed_steps(network, "residual", 50)
    # Pre-emphasis makes a sample a part of the next one, too.
    further = int(network.config.pre_emphasis > 0)
    assert network.config.receptive_field == 2 * 7 + 2
    assert seen[0] == 51
    assert seen[-1] in range(50 + 14, 50 + 16 + further + 1)


def test_phases_are_those_of_the_step_itself(network):
    assert changed_steps(network, "phases", 50)[0] == 50


def test_a_frame_is_told_to_its_own_samples(network):
    seen = changed_steps(network, "features", 1)
    assert seen[0] == 80
    # What a layer was told is in the queues of those above, for less than the receptive field.
    assert set(range(80, 160)) <= set(seen) and seen[-1] < 160 + 16


def test_what_is_heard_is_companded(network):
    batch = random_batch(network.config)
    heard = np.asarray(network.heard(batch["residual"]))[..., 0]
    if network.config.head == "logistics":
        np.testing.assert_allclose(heard, compand(batch["residual"]), atol=1e-6)
        return
    levels = levels_of(pre_emphasis(batch["residual"], 0.85))
    differ = np.asarray(network.levels(batch["residual"])) != levels
    # float32 may fall on the other side of a border.
    assert differ.mean() < 0.01
    expected = compand(values_of(levels))
    np.testing.assert_allclose(heard[~differ], expected[~differ], atol=1e-6)


def test_the_loss_is_the_mean_over_what_counts(network):
    batch = random_batch(network.config)
    batch["weights"][0, 30:] = 0
    output = np.asarray(network(batch))
    network.bits.reset_state()
    loss = float(network.compute_loss(x=batch, y_pred=output))
    if network.config.head == "logistics":
        codes = np.rint(batch["residual"] * 32768).astype(int) + 32768
        likelihood = log_probability(output.reshape(-1, 6), codes.ravel())
    else:
        levels = np.asarray(network.levels(batch["residual"])).ravel()
        logits = output.reshape(-1, 256).astype(np.float64)
        log_sum = np.logaddexp.reduce(logits, axis=1)
        likelihood = logits[np.arange(len(levels)), levels] - log_sum
    expected = -likelihood @ batch["weights"].ravel() / batch["weights"].sum()
    assert loss == pytest.approx(expected, rel=1e-4)
    assert float(network.bits.result()) == pytest.approx(loss / math.log(2), rel=1e-5)


def test_a_batch_of_nothing_costs_nothing(network):
    batch = random_batch(network.config)
    batch["weights"][:] = 0
    assert float(network.compute_loss(x=batch, y_pred=network(batch))) == 0


def test_the_past_is_blurred_in_training_alone(network):
    batch = random_batch(network.config)
    plain = np.asarray(network(batch))
    assert np.array_equal(np.asarray(network(batch, training=True)), plain)
    batch["noise"][0] = 0.5
    blurred = np.asarray(network(batch, training=True))
    assert np.array_equal(np.asarray(network(batch)), plain)
    np.testing.assert_allclose(blurred[1], plain[1], atol=1e-5)
    assert np.abs(blurred[0] - plain[0]).max() > 0.1


def test_blur_is_as_loud_as_asked(network):
    past = np.random.default_rng(0).normal(0, [[[0.1]], [[2.0]]], (2, 5000, 1)).astype("f")
    blur = np.asarray(network.blur(past, np.array([0.5, 0.01], "f")))
    np.testing.assert_allclose(blur.std(axis=(1, 2)), [0.05, 0.02], rtol=0.05)


def test_a_new_network_of_logistics_begins_around_zero(toy_config):
    model = WaveNet(toy_config(mixtures=3))
    model.build()
    output = np.asarray(model(random_batch(model.config)))
    assert np.abs(output[..., :6]).max() < 0.5
    np.testing.assert_allclose(output[..., 6:].mean(axis=(0, 1)), [-6, -4, -2], atol=0.3)
