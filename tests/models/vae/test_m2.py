"""M2's losses against an independent computation, and its training at toy size."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from scipy.special import expit, log_softmax, softmax
from scipy.stats import bernoulli, norm

keras = pytest.importorskip("keras")

from creative_gen.models.vae.m2.config import M2Config, M2Objective  # noqa: E402
from creative_gen.models.vae.m2.goals import (  # noqa: E402
    M2Training,
    labelled_bound,
    log_likelihood,
    unlabelled_bound,
)
from creative_gen.models.vae.m2.training import class_probabilities, train_m2  # noqa: E402

TOY = M2Config(shape=(4, 4, 1), classes=3, latent=2, hidden=5, widths=(2, 3))
FEATURES = M2Config(shape=(6,), classes=3, latent=2, hidden=5, widths=(), likelihood="gaussian")


def silu(values):
    return values * expit(values)


def network(config, seed=0, **goal):
    keras.utils.set_random_seed(seed)
    model = M2Training(config, M2Objective(warm_up=1, **goal), 0.25)
    model.build()
    rng = np.random.default_rng(seed)
    for variable in model.trainable_variables:
        variable.assign(np.asarray(variable) + 0.2 * rng.normal(size=variable.shape))
    model.compile(keras.optimizers.SGD(0.0), jit_compile=False)
    return model


def hidden(layer, vectors, known):
    """Two layers on the concatenation of what they see, in NumPy."""
    first = silu(vectors @ np.asarray(layer.enter.kernel) + np.asarray(layer.enter.bias) + known)
    return silu(first @ np.asarray(layer.second.kernel) + np.asarray(layer.second.bias))


def negative_bound(model, example, label):
    """-L(x, y) at a latent vector without noise: each term from SciPy's densities."""
    encoder, decoder = model.encoder, model.decoder
    values = example.reshape(-1).astype(float)
    seen = hidden(encoder.hidden, values, np.asarray(encoder.known.kernel)[label])
    both = seen @ np.asarray(encoder.leave.kernel) + np.asarray(encoder.leave.bias)
    mean, log_variance = np.split(both, 2)
    made = hidden(decoder.hidden, mean, np.asarray(decoder.known.kernel)[label])
    made = made @ np.asarray(decoder.leave.kernel) + np.asarray(decoder.leave.bias)
    if model.config.likelihood == "bernoulli":
        likelihood = bernoulli(expit(made)).logpmf(values).sum()
    else:
        deviation = np.exp(np.asarray(decoder.log_deviation, float))
        likelihood = norm(made, deviation).logpdf(values).sum()
    # The divergence of one normal distribution from another (Kingma and Welling, 2014, appendix B).
    divergence = -0.5 * (1 + log_variance - mean**2 - np.exp(log_variance)).sum()
    return divergence - likelihood - np.log(1 / model.config.classes)


def examples_of(config, count=4, seed=1):
    rng = np.random.default_rng(seed)
    if config.likelihood == "bernoulli":
        return (rng.random((count, *config.shape)) < 0.5).astype(np.float32)
    return rng.normal(size=(count, *config.shape)).astype(np.float32)


@pytest.mark.parametrize("config", [TOY, FEATURES], ids=["pictures", "features"])
def test_the_loss_is_equation_9(config, monkeypatch):
    model = network(config, alpha=7.0, guidance=1.0)
    model.warm_up.seen.assign(10)
    monkeypatch.setattr(
        "creative_gen.models.vae.m2.goals.random.normal",
        lambda shape, seed: keras.ops.zeros(shape),
    )
    known, unknown = np.split(examples_of(config), 2)
    batch = {"known": known, "unknown": unknown, "label": np.eye(3, dtype=np.float32)[[2, 0]]}
    found = float(model.compute_loss(x=batch, y_pred=model(batch)))

    labelled = [negative_bound(model, one, y) for one, y in zip(known, (2, 0), strict=True)]
    logits = np.asarray(model.classifier(unknown), float)
    unlabelled = [
        sum(q * (negative_bound(model, one, y) + np.log(q)) for y, q in enumerate(row))
        for one, row in zip(unknown, softmax(logits, axis=1), strict=True)
    ]
    logs = log_softmax(np.asarray(model.classifier(known), float), axis=1)
    nats = -np.mean([logs[0, 2], logs[1, 0]])
    expected = 0.25 * np.mean(labelled) + 0.75 * np.mean(unlabelled) + 7 * nats
    assert found == pytest.approx(expected, rel=1e-4)
    assert float(model.measured["labelled"].result()) == pytest.approx(np.mean(labelled), rel=1e-4)


def test_the_unlabelled_bound_is_least_at_the_posterior():
    each = np.array([[3.0, 1.0, 2.0]])
    best = -each
    found = float(unlabelled_bound(each, best)[0])
    # There it is -log of the sum over y of p(x, y).
    assert found == pytest.approx(-np.log(np.exp(-each).sum()))
    for other in ([[0.0, 0.0, 0.0]], [[-3.0, 0.0, -2.0]]):
        assert float(unlabelled_bound(each, np.array(other))[0]) > found


def test_guidance_changes_what_is_taught_and_not_the_bound():
    model = network(TOY, alpha=0.0, guidance=0.0)
    model.compile(keras.optimizers.SGD(0.1), jit_compile=False)
    pictures = examples_of(TOY)
    batch = {"known": pictures, "unknown": pictures, "label": np.eye(3, dtype=np.float32)[[0] * 4]}
    before = [np.asarray(one).copy() for one in model.classifier.trainable_variables]
    decoder = np.asarray(model.decoder.leave.bias).copy()
    model.train_on_batch(batch)
    for old, new in zip(before, model.classifier.trainable_variables, strict=True):
        np.testing.assert_array_equal(old, np.asarray(new))
    assert np.abs(decoder - np.asarray(model.decoder.leave.bias)).max() > 1e-4
    each, logits = np.array([[3.0, 1.0, 2.0]]), np.array([[0.3, 0.1, -0.5]])
    values = [float(unlabelled_bound(each, logits, share)[0]) for share in (0.0, 0.4, 1.0)]
    assert values == pytest.approx([values[0]] * 3)


def test_densities_are_those_of_scipy():
    rng = np.random.default_rng(0)
    values, picture = rng.normal(size=(2, 3, 5)), (rng.random((2, 1, 5)) < 0.5).astype(float)
    np.testing.assert_allclose(
        np.asarray(log_likelihood(picture, values)),
        bernoulli(expit(values)).logpmf(picture).sum(2),
        rtol=1e-5,
    )
    log_deviation = rng.normal(size=5)
    np.testing.assert_allclose(
        np.asarray(log_likelihood(picture, values, log_deviation)),
        norm(values, np.exp(log_deviation)).logpdf(picture).sum(2),
        rtol=1e-5,
    )
    nothing = np.zeros((1, 1, 4))
    assert float(labelled_bound(np.zeros((1, 1)), nothing, nothing, 10)[0, 0]) == pytest.approx(
        np.log(10)
    )


def stripes(count, seed):
    """Stripes across or along, which they are, in a frame that is black or white: (N, 8, 8, 1).

    A fifth of the pixels is the other way round, so that few pictures do not tell what the others
    have in common, and many do. The frame says nothing of the class.
    """
    rng = np.random.default_rng(seed)
    labels, frames = rng.integers(2, size=(2, count))
    y, x = np.mgrid[:8, :8]
    planes = np.where(labels[:, None, None] == 0, y % 4 < 2, x % 4 < 2)
    planes = np.where((y % 7 == 0) | (x % 7 == 0), frames[:, None, None] == 1, planes)
    planes ^= rng.random(planes.shape) < 0.2
    return planes[..., None].astype(np.float32), labels


STRIPES = M2Config(shape=(8, 8, 1), classes=2, latent=1, hidden=32, widths=(8, 16))


def learned(steps, seed=0, **goal):
    """The share of errors on other stripes, with two labels a class, and the bounds by the way."""
    examples, labels = stripes(1000, 2 * seed)
    others, truth = stripes(500, 2 * seed + 1)
    rows = np.concatenate([np.flatnonzero(labels == label)[:2] for label in (0, 1)])
    settings = {"warm_up": steps // 10, "learning_rate": 5e-3, "alpha": 20.0} | goal
    objective = M2Objective(known=8, unknown=32, **settings)
    bounds = []
    model = train_m2(
        STRIPES, objective, examples, labels, rows, steps, seed, None, lambda _, b: bounds.append(b)
    )
    wrong = class_probabilities(model, others).argmax(1) != truth
    return float(wrong.mean()), [one["unlabelled"] for one in bounds]


def averaged(steps=12, momentum=0.7):
    """How far what is kept, and what it says, are from a moving average in NumPy."""
    seen = []

    class Recorded(M2Training):
        def train_on_batch(self, *arguments, **options):
            found = super().train_on_batch(*arguments, **options)
            seen.append([np.array(one, float) for one in self.trainable_variables])
            return found

    examples, labels = stripes(40, 0)
    objective = M2Objective(known=4, unknown=4, warm_up=2, learning_rate=0.3, average=momentum)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("creative_gen.models.vae.m2.training.M2Training", Recorded)
        model = train_m2(STRIPES, objective, examples, labels, np.arange(8), steps)
    mean = seen[0]
    for one in seen[1:]:
        mean = [momentum * old + (1 - momentum) * new for old, new in zip(mean, one, strict=True)]
    kept = zip(mean, model.trainable_variables, strict=True)
    apart = max(np.abs(old - np.array(new)).max() for old, new in kept)
    moved = max(np.abs(old - new).max() for old, new in zip(mean, seen[-1], strict=True))
    says = class_probabilities(model, examples, at_once=7)
    for variable, value in zip(model.trainable_variables, mean, strict=True):
        variable.assign(value)
    expected = softmax(np.asarray(model(examples)), axis=1)
    return float(apart), float(np.abs(says - expected).max()), float(moved)


@pytest.mark.slow
def test_unlabelled_examples_teach_what_two_labels_each_do_not():
    alone, _ = learned(200, guidance=0.0)
    error, bounds = learned(600)
    assert alone > 0.1
    assert error < 0.03
    assert error < alone / 3
    assert bounds[-1] < bounds[0] - 3


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["tensorflow", "jax"])
def test_both_backends_learn_and_keep_the_average(backend):
    if find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed")
    root = Path(__file__).parents[3]
    program = (
        "import json; from tests.models.vae.test_m2 import averaged, learned; "
        "print(json.dumps([learned(600, 1), averaged()]))"
    )
    environment = os.environ | {"KERAS_BACKEND": backend, "PYTHONPATH": str(root)}
    ran = subprocess.run(
        [sys.executable, "-c", program], env=environment, check=True, capture_output=True, text=True
    )
    (error, bounds), (apart, said_apart, moved) = json.loads(ran.stdout.splitlines()[-1])
    assert error < 0.03
    assert bounds[-1] < bounds[0] - 3
    assert apart < 1e-5
    assert said_apart < 1e-5
    assert moved > 1e-3
