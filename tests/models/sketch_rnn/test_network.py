import numpy as np
import pytest

keras = pytest.importorskip("keras")

from creative_gen.models.sketch_rnn.dataset import make_batch  # noqa: E402
from creative_gen.models.sketch_rnn.network import SketchRNN, reverse  # noqa: E402
from creative_gen.models.sketch_rnn.objective import Objective  # noqa: E402

KINDS = {
    "unconditional": {"latent_size": 0},
    "conditional": {},
    "class": {"latent_size": 0, "categories": ("tall", "flat")},
    "both": {"categories": ("tall", "flat")},
}


@pytest.fixture(params=KINDS, scope="module")
def network(request, toy_config):
    model = SketchRNN(toy_config(scale_factor=20.0, **KINDS[request.param]), Objective())
    model.build()
    return model


@pytest.fixture(scope="module")
def batches(toy_drawings):
    """The same drawings, padded little and much."""
    items = toy_drawings(4)
    seen = np.array([3, 4, 5, 6], np.int32)
    category = np.array([0, 1, 1, 0], np.int32)
    return [make_batch(items, category, seen, 20.0, length) for length in (12, 30)]


def condition_of(network, count):
    size = network.config.condition_size
    return np.random.default_rng(0).normal(size=(count, size)).astype("f") if size else None


def test_shapes(network, batches):
    config, made = network.config, network(batches[0])
    assert made["output"].shape == (4, 13, 6 * 2 + 3)
    assert ("mean" in made) == ("log_variance" in made) == config.conditional
    assert ("class_logits" in made) == (config.conditional and bool(config.categories))
    assert network.decoder.condition_size == 4 * config.conditional + len(config.categories)


def test_padding_changes_nothing(network, batches):
    condition = condition_of(network, 4)
    little, much = (
        np.asarray(network.decoder(batch["points"], condition))[:, :13] for batch in batches
    )
    np.testing.assert_allclose(little, much, atol=1e-6)
    if network.config.conditional:
        little, much = (
            network.encoder(batch["points"][:, 1:], batch["lengths"]) for batch in batches
        )
        np.testing.assert_allclose(little, much, atol=1e-6)
    losses = []
    for batch in batches:
        made = {"output": network.decoder(batch["points"], condition)}
        made |= {"without_z": np.zeros(4, "f"), "mean": np.zeros((4, 3), "f")}
        made["log_variance"] = made["mean"]
        losses.append(float(network.compute_loss(x=batch, y_pred=made, training=False)))
    assert losses[0] == pytest.approx(losses[1], rel=1e-5)


def test_the_decoder_does_not_see_the_future(network, batches):
    points = batches[0]["points"].copy()
    before = np.asarray(network.decoder(points, condition_of(network, 4)))
    points[:, 6, :2] += 1
    after = np.asarray(network.decoder(points, condition_of(network, 4)))
    changed = np.abs(after - before).max(axis=(0, 2)) > 0
    assert not changed[:6].any() and changed[6:].all()


def test_a_drawing_without_z_is_that_of_its_class_alone(toy_config, batches):
    settings = {"categories": ("tall", "flat"), "latent_dropout": 1.0}
    network = SketchRNN(toy_config(scale_factor=20.0, **settings), Objective())
    network.build()
    made = network(batches[0])
    assert (np.asarray(made["without_z"]) == 1).all()
    one_hot = np.eye(2, dtype="f")[batches[0]["category"]]
    condition = np.concatenate([np.zeros((4, 3), "f"), np.ones((4, 1), "f"), one_hot], axis=1)
    expected = network.decoder(batches[0]["points"], condition)
    np.testing.assert_allclose(np.asarray(made["output"]), np.asarray(expected), atol=1e-6)
    # The encoder was shown the beginnings alone.
    mean, _ = network.encoder(batches[0]["points"][:, 1:], batches[0]["seen"])
    np.testing.assert_allclose(np.asarray(made["mean"]), np.asarray(mean), atol=1e-6)


def test_reversing_turns_the_real_points_around():
    points = np.arange(2 * 4 * 5, dtype="f").reshape(2, 4, 5)
    turned = np.asarray(reverse(points, np.array([3, 4], np.int32)))
    assert (turned[0] == points[0][[2, 1, 0, 3]]).all() and (turned[1] == points[1][::-1]).all()


def test_dropout_is_for_training_alone(toy_config, batches):
    config = toy_config(latent_size=0, input_dropout=0.5, output_dropout=0.5)
    network = SketchRNN(config, Objective())
    network.build()
    points = batches[0]["points"]
    plain, again = (np.asarray(network.decoder(points)) for _ in range(2))
    dropped = np.asarray(network.decoder(points, training=True))
    assert (plain == again).all() and (plain != dropped).any()
