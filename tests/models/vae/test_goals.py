"""What a VAE is trained for, against the same computed another way."""

import json
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest
from scipy import special, stats

keras = pytest.importorskip("keras")

from creative_gen.models.vae.config import VAEConfig  # noqa: E402
from creative_gen.models.vae.goals import VAETraining, kl_from_prior  # noqa: E402
from creative_gen.models.vae.objective import Objective  # noqa: E402

TOY = VAEConfig(side=12, latent=4, widths=(3, 4), classifier_widths=(3, 4), blocks=0)
CLASSES = ("disc", "bar")


def posteriors(count=5, size=4, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(0, 1.5, (count, size)), rng.normal(-1, 1, (count, size))


def kl(mean, log_variance):
    found = kl_from_prior(mean.astype(np.float32), log_variance.astype(np.float32))
    return np.asarray(found, np.float64)


def test_the_divergence_is_that_of_the_closed_form():
    """Of two Gaussians of any means and covariances, by matrices."""
    means, log_variances = posteriors()
    expected = []
    for mean, log_variance in zip(means, log_variances, strict=True):
        covariance = np.diag(np.exp(log_variance))
        _, log_determinant = np.linalg.slogdet(covariance)
        expected.append(0.5 * (np.trace(covariance) + mean @ mean - len(mean) - log_determinant))
    np.testing.assert_allclose(kl(means, log_variances), expected, rtol=1e-5)
    np.testing.assert_allclose(kl(np.zeros((2, 3)), np.zeros((2, 3))), 0, atol=1e-7)


def test_the_divergence_is_the_mean_of_what_draws_say():
    mean, log_variance = (one[0] for one in posteriors(1))
    posterior = stats.norm(mean, np.exp(0.5 * log_variance))
    drawn = posterior.rvs((400_000, 4), random_state=1)
    nats = (posterior.logpdf(drawn) - stats.norm.logpdf(drawn)).sum(1)
    error = nats.std() / np.sqrt(len(nats))
    assert kl(mean[None], log_variance[None])[0] == pytest.approx(nats.mean(), abs=4 * error)


def training(classes=(), **goal):
    keras.utils.set_random_seed(0)
    config = TOY.model_copy(update={"classes": classes})
    model = VAETraining(config, Objective(**goal))
    model.build()
    rng = np.random.default_rng(0)
    for variable in model.trainable_variables:
        variable.assign(np.asarray(variable) + 0.1 * rng.normal(size=variable.shape))
    model.compile(keras.optimizers.SGD(0.0), run_eagerly=True)
    return model


def batch(count=6):
    rng = np.random.default_rng(1)
    labels = np.eye(2, dtype=np.float32)[np.arange(count) % 2]
    return {"picture": rng.random((count, 12, 12, 1), np.float32), "label": labels}


def parts(model, seen):
    """Nats a picture of reconstruction and divergence, and the classifier's, by NumPy."""
    made = {name: np.asarray(value, np.float64) for name, value in model(seen).items()}
    logits, variance = made["logits"], np.exp(made["log_variance"])
    values = seen["picture"].astype(np.float64)
    nll = -(values * special.log_expit(logits) + (1 - values) * special.log_expit(-logits))
    divergence = (made["mean"] ** 2 + variance - made["log_variance"] - 1).sum(1) / 2
    if not model.config.classes:
        return nll.sum((1, 2, 3)), divergence, 0.0, 0.0
    said = np.asarray(model.classifier(seen["picture"]), np.float64)
    nats = -special.log_softmax(said, 1)[np.arange(len(said)), seen["label"].argmax(1)].mean()
    return nll.sum((1, 2, 3)), divergence, nats, (said.argmax(1) != seen["label"].argmax(1)).mean()


def measured(model, seen, kind="test_on_batch"):
    """The metrics of a batch, drawn as `parts` has just drawn it."""
    return getattr(model, kind)(seen, return_dict=True)


@pytest.mark.parametrize("classes", [(), CLASSES])
def test_metrics_are_nats_a_picture(classes):
    model, seen = training(classes), batch()
    noise = np.asarray(model.noise.state)
    nll, divergence, nats, error = parts(model, seen)
    model.noise.state.assign(noise)
    found = measured(model, seen)
    assert found["nll"] == pytest.approx(nll.mean(), rel=1e-5)
    assert found["kl"] == pytest.approx(divergence.mean(), rel=1e-4)
    assert found["elbo"] == pytest.approx((nll + divergence).mean(), rel=1e-5)
    assert found["loss"] == pytest.approx((nll + divergence).mean() + nats, rel=1e-5)
    assert ("error" in found) == bool(classes)
    if classes:
        assert found["error"] == pytest.approx(error)


def test_weights_of_the_parts_are_those_asked_for():
    model, seen = training(CLASSES, beta=3.0, free_nats=2.0, classification=0.5), batch()
    noise = np.asarray(model.noise.state)
    nll, divergence, nats, _ = parts(model, seen)
    # Some pay for all of their nats, and some for none.
    bound = np.median(divergence)
    model.objective = model.objective.model_copy(update={"free_nats": float(bound)})
    model.noise.state.assign(noise)
    expected = (nll + 3 * np.maximum(divergence, bound)).mean() + 0.5 * nats
    assert measured(model, seen)["loss"] == pytest.approx(expected, rel=1e-5)


def test_the_first_units_tell_what_is_known():
    """Nothing of what is not known, not even in the gradient."""
    model, seen = training(told_weight=3.0, warm_up=1), batch()
    told = np.random.default_rng(2).normal(size=(6, 2)).astype(np.float32)
    told[[0, 3], [0, 1]] = told[4] = np.nan
    noise = np.asarray(model.noise.state)
    nll, divergence, _, _ = parts(model, seen)
    mean = np.asarray(model.encoder(seen["picture"], seen["label"])[0], np.float64)
    untold = np.nansum(np.square(mean[:, :2] - told), 1)
    model.noise.state.assign(noise)
    found = measured(model, seen | {"told": told})
    assert found["loss"] == pytest.approx((nll + divergence + 3 * untold).mean(), rel=1e-5)
    model.compile(keras.optimizers.SGD(1e-4), run_eagerly=True)
    measured(model, seen | {"told": told}, "train_on_batch")
    for variable in model.trainable_variables:
        assert np.isfinite(np.asarray(variable)).all(), variable.path


def test_a_picture_told_as_its_twin_is_to_become_the_twin():
    model, seen = training(told_weight=0.0, warm_up=1), batch()
    model.compile(keras.optimizers.SGD(0.0), run_eagerly=True)
    told = np.zeros((6, 2), np.float32)
    other = told.copy()
    other[:2] = [[1.5, 0.0], [0.0, -2.0]]
    other[2] = np.nan
    twins = seen["picture"][::-1].copy()
    noise = np.asarray(model.noise.state)
    mean, log_variance = (
        np.asarray(one, np.float64) for one in model.encoder(seen["picture"], seen["label"])
    )
    swapped = mean.copy()
    swapped[0, 0], swapped[1, 1] = 1.5, -2.0
    drawn = np.asarray(keras.random.normal(mean.shape, seed=model.noise))
    latent = (swapped + np.exp(0.5 * log_variance) * drawn).astype(np.float32)
    logits = np.asarray(model.decoder(latent, seen["label"]), np.float64)
    nll = -stats.bernoulli(special.expit(logits)).logpmf(np.round(twins)).sum((1, 2, 3))
    model.noise.state.assign(noise)
    batch_seen = seen | {"told": told, "twin": np.round(twins), "twin_told": other}
    found = measured(model, batch_seen)
    assert found["nll"] == pytest.approx(nll.mean(), rel=1e-4)
    assert found["kl"] == pytest.approx(kl(mean, log_variance).mean(), rel=1e-4)


def test_beta_rises_in_training_alone():
    model, seen = training(warm_up=4, beta=2.0), batch()
    for step in range(6):
        found = measured(model, seen, "train_on_batch")
        share = min(step / 4, 1)
        assert found["loss"] == pytest.approx(found["nll"] + 2 * share * found["kl"], rel=1e-5)
        assert measured(model, seen)["loss"] > found["nll"]
    found = measured(training(warm_up=4), seen)
    assert found["loss"] == pytest.approx(found["elbo"], rel=1e-6)


@pytest.mark.parametrize("likelihood", ["bernoulli", "logistic"])
def test_every_weight_learns(likelihood):
    config = TOY.model_copy(
        update={"classes": CLASSES, "blocks": 1, "likelihood": likelihood, "channels": 4}
    )
    model = VAETraining(config, Objective(warm_up=1))
    model.build()
    paths = [variable.path for variable in model.trainable_variables]
    assert len(set(paths)) == len(paths)
    rng = np.random.default_rng(0)
    for variable in model.trainable_variables:
        variable.assign(np.asarray(variable) + 0.1 * rng.normal(size=variable.shape))
    model.compile(keras.optimizers.SGD(1e-3), run_eagerly=True)
    seen = batch() | {"picture": rng.random((6, 12, 12, 4)).astype(np.float32)}
    model.warm_up.seen.assign(1)
    before = [np.asarray(variable).copy() for variable in model.trainable_variables]
    model.train_on_batch(seen)
    for old, variable in zip(before, model.trainable_variables, strict=True):
        assert np.any(np.asarray(variable) != old), variable.path


PROGRAM = """
import json, sys
import keras, numpy as np
from creative_gen.models.vae.config import VAEConfig
from creative_gen.models.vae.goals import VAETraining
from creative_gen.models.vae.objective import Objective

model = VAETraining(VAEConfig(**json.loads(sys.argv[1])), Objective(warm_up=2))
model.build()
model.compile(keras.optimizers.SGD(0.0))
picture = np.random.default_rng(0).random((4, 12, 12, 1), np.float32)
seen = {"picture": picture, "label": np.ones((4, 1), np.float32)}
steps = [model.train_on_batch(seen, return_dict=True) for _ in range(4)]
print(json.dumps([{name: float(value) for name, value in step.items()} for step in steps]))
"""


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["tensorflow", "jax"])
def test_beta_rises_where_steps_are_compiled(backend):
    if find_spec(backend) is None:
        pytest.skip(f"{backend} is not installed")
    root = str(Path(__file__).parents[3])
    environment = os.environ | {"KERAS_BACKEND": backend, "PYTHONPATH": root}
    program = [sys.executable, "-c", PROGRAM, TOY.model_dump_json()]
    done = subprocess.run(program, env=environment, check=True, capture_output=True, text=True)
    for share, found in zip((0, 0.5, 1, 1), json.loads(done.stdout), strict=True):
        assert found["loss"] == pytest.approx(found["nll"] + share * found["kl"], rel=1e-5)
