"""The classifier's network: what it sees, what it learns for, and its export."""

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from creative_gen.kernels.feed_forward import FeedForward  # noqa: E402
from creative_gen.measures.picture_features import network_values  # noqa: E402
from creative_gen.models.classifier.config import ClassifierConfig  # noqa: E402
from creative_gen.models.classifier.export import network_file  # noqa: E402
from creative_gen.models.classifier.goals import ClassifierTraining  # noqa: E402
from creative_gen.models.classifier.network import Classifier, entrance  # noqa: E402
from creative_gen.models.classifier.objective import Objective  # noqa: E402
from creative_gen.models.classifier.training import class_weights  # noqa: E402
from tests.toy_classifier import shapes  # noqa: E402


def config(channels=1):
    return ClassifierConfig(side=14, channels=channels, classes=("a", "b", "c"), widths=(4, 6, 8))


def network(channels=1, seed=0):
    keras.utils.set_random_seed(seed)
    model = Classifier(config(channels))
    model.build()
    rng = np.random.default_rng(seed)
    for variable in model.trainable_variables:
        moved = np.asarray(variable) + 0.1 * rng.normal(size=variable.shape)
        # As the file keeps them.
        variable.assign(moved.astype(np.float16).astype(np.float32))
    return model


def pictures(channels, count=3, seed=0):
    return np.random.default_rng(seed).integers(0, 256, (count, 14, 14, channels)).astype(np.uint8)


@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize("half", [True, False])
def test_the_exported_network_is_the_trained_one(channels, half):
    model = network(channels)
    values = network_values(pictures(channels))
    seen = model.features(np.moveaxis(values, 1, 3))
    played = FeedForward(network_file(model, half))
    made = played.run({"picture": values})
    np.testing.assert_allclose(made["features"], np.asarray(seen), atol=1e-5)
    np.testing.assert_allclose(made["logits"], np.asarray(model.leave(seen)), atol=1e-5)
    assert made["features"].shape == (3, 8)


def test_paper_and_what_is_clear_look_like_what_is_beyond_the_edge():
    for channels, empty in ((1, 1.0), (3, 1.0), (4, 0.0)):
        matrix, offset = entrance(channels)
        assert not (np.full(channels, empty, np.float32) @ matrix + offset).any()


def test_transparent_colours_are_seen_on_mid_grey():
    matrix, offset = entrance(4)
    alpha, color = 0.25, np.array([0.2, 0.6, 1.0])
    entered = np.append(alpha * color, alpha) @ matrix + offset
    np.testing.assert_allclose(entered[:3], alpha * color + (1 - alpha) * 0.5 - 0.5, atol=1e-7)
    assert entered[3] == pytest.approx(alpha)


def test_the_loss_is_the_cross_entropy_of_smoothed_labels():
    goal = Objective(label_smoothing=0.1, dropout=0.0)
    weights = np.array([0.5, 1.0, 2.0], np.float32)
    model = ClassifierTraining(config(), goal, weights)
    model.build()
    logits = np.random.default_rng(0).normal(size=(4, 3)).astype(np.float32)
    labels = np.array([0, 2, 1, 2])
    batch = {"picture": None, "label": np.eye(3, dtype=np.float32)[labels]}
    log_chances = logits - np.log(np.exp(logits).sum(axis=1, keepdims=True))
    wanted = 0.9 * np.eye(3)[labels] + 0.1 / 3
    expected = np.mean(-(wanted * log_chances).sum(axis=1) * weights[labels])
    found = model.compute_loss(batch, None, logits, None, training=False)
    assert float(found) == pytest.approx(expected, rel=1e-5)
    right = np.mean(logits.argmax(axis=1) == labels)
    assert float(model.accuracy.result()) == pytest.approx(right)


@pytest.mark.parametrize("balance", [0.0, 0.5, 1.0])
def test_rare_classes_weigh_more(balance):
    known = shapes(90, 0)
    rows = np.concatenate(
        [np.flatnonzero(known.labels == 0), np.flatnonzero(known.labels == 1)[:5]]
    )
    some = known.chosen(rows)
    weights = class_weights(some, balance)
    counts = np.bincount(some.labels, minlength=3)
    assert weights[some.labels].mean() == pytest.approx(1, rel=1e-5)
    assert weights[1] / weights[0] == pytest.approx((counts[0] / counts[1]) ** balance, rel=1e-5)
