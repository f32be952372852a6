"""The loss of whole batches, term by term, held to the paper's equations in float64."""

import math

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

keras = pytest.importorskip("keras")

from creative_gen.models.sketch_rnn.dataset import make_batch  # noqa: E402
from creative_gen.models.sketch_rnn.network import SketchRNN, latent_kl  # noqa: E402
from creative_gen.models.sketch_rnn.objective import Objective  # noqa: E402

B, CATEGORIES = 4, ("tall", "flat", "round")


@pytest.fixture(scope="module")
def batch(toy_drawings):
    category = np.array([0, 2, 1, 1], np.int32)
    return make_batch(toy_drawings(B), category, np.full(B, 3, np.int32), 20.0, 12)


def outputs(batch, latent=3, **changes):
    """What a network might have put out for a batch."""
    random = np.random.default_rng(0)
    width = 6 * 2 + 3
    made = {
        "output": random.normal(0, 0.5, (*batch["target"].shape[:2], width)),
        "without_z": np.array([0, 1, 0, 0]),
        "mean": random.normal(0, 1, (B, latent)),
        "log_variance": random.normal(0, 1, (B, latent)),
        "class_logits": random.normal(0, 1, (B, len(CATEGORIES))),
    }
    return {name: array.astype("f") for name, array in (made | changes).items()}


def network(config, **objective):
    return SketchRNN(config, Objective(**objective))


def drawing_nll(output, target, length):
    """-log p of one drawing: 2 components, whose correlation is tanh of the last outputs."""
    total = 0.0
    for t in range(length + 1):
        pen, pi, mx, my, lx, ly, r = np.split(output[t].astype(float), [3, 5, 7, 9, 11, 13])
        total -= (pen - np.log(np.exp(pen).sum())) @ target[t, 2:]
        if t == length:
            break
        zx, zy = (target[t, 0] - mx) / np.exp(lx), (target[t, 1] - my) / np.exp(ly)
        rho = np.tanh(r)
        quadratic = (zx**2 + zy**2 - 2 * rho * zx * zy) / (1 - rho**2)
        scale = 2 * np.pi * np.exp(lx + ly) * np.sqrt(1 - rho**2)
        total -= np.log((np.exp(pi) / np.exp(pi).sum() * np.exp(-quadratic / 2) / scale).sum())
    return total


def kl_of_normals(mean, deviation):
    """KL(N(mean, deviation^2) || N(0, 1)) by numerical integration."""
    p, q = norm(mean, deviation), norm()
    edges = mean - 12 * deviation, mean + 12 * deviation
    return quad(lambda x: p.pdf(x) * (p.logpdf(x) - q.logpdf(x)), *edges)[0]


def test_the_kl_is_the_integral():
    mean, log_variance = np.array([[0.0, 0.5, -2.0]]), np.array([[0.0, -3.0, 1.2]])
    parts = map(kl_of_normals, mean[0], np.exp(log_variance[0] / 2))
    kl = latent_kl(mean.astype("f"), log_variance.astype("f"))
    np.testing.assert_allclose(np.asarray(kl), [sum(parts)], rtol=1e-5)


def test_the_loss_is_the_papers(toy_config, batch):
    config = toy_config(categories=CATEGORIES, scale_factor=20.0)
    goal = {"kl_weight": 0.7, "kl_floor": 0.0, "class_weight": 0.3, "kl_decay_rate": 0.9}
    model, made = network(config, **goal), outputs(batch)
    nll = [
        drawing_nll(made["output"][row], batch["target"][row], batch["lengths"][row])
        for row in range(B)
    ]
    variance = np.exp(made["log_variance"].astype(float))
    kl = 0.5 * (made["mean"].astype(float) ** 2 + variance - 1 - np.log(variance))
    kl = kl.sum(axis=1)[made["without_z"] == 0].mean() / 3
    logits = made["class_logits"].astype(float)
    chosen = logits[np.arange(B), batch["category"]]
    classes = np.mean(np.log(np.exp(logits).sum(axis=1)) - chosen)
    for step, annealing in ((0, 0.01), (5, 1 - 0.99 * 0.9**5)):
        model.steps_seen.assign(step)
        loss = model.compute_loss(x=batch, y_pred=made, training=True)
        expected = np.mean(nll) / 12 + 0.7 * annealing * kl + 0.3 * classes
        assert float(loss) == pytest.approx(expected, rel=1e-4)
        assert float(model.steps_seen) == step + 1
    whole = np.mean(nll) / 12 + 0.7 * kl + 0.3 * classes
    loss = model.compute_loss(x=batch, y_pred=made, training=False)
    assert float(loss) == pytest.approx(whole, rel=1e-4)
    assert float(model.steps_seen) == 6


def test_kl_below_its_floor_is_free(toy_config, batch):
    model = network(toy_config(scale_factor=20.0), kl_weight=2.0, kl_floor=0.25)

    def loss(kl):
        """With a variance of 1, the KL of each value is mean^2 / 2."""
        mean = np.full((B, 3), math.sqrt(2 * kl))
        made = outputs(batch, mean=mean, log_variance=np.zeros((B, 3)))
        made.pop("class_logits")
        return float(model.compute_loss(x=batch, y_pred=made, training=False))

    assert loss(0.0) == pytest.approx(loss(0.2), abs=1e-5)
    assert loss(0.75) - loss(0.0) == pytest.approx(2 * 0.5, rel=1e-4)


def test_nats_per_point_are_those_of_canvas_units(toy_config, batch):
    model = network(toy_config(categories=CATEGORIES, scale_factor=20.0))
    made = outputs(batch)
    model.compute_loss(x=batch, y_pred=made, training=False)
    nats = np.array(
        [
            drawing_nll(made["output"][row], batch["target"][row], n) / n + 2 * np.log(20)
            for row, n in enumerate(batch["lengths"])
        ]
    )
    with_z = made["without_z"] == 0
    measured = {name: float(mean.result()) for name, mean in model.means.items()}
    assert measured["nats_per_point"] == pytest.approx(nats[with_z].mean(), rel=1e-4)
    assert measured["nats_per_point_without_z"] == pytest.approx(nats[~with_z].mean(), rel=1e-4)
    right = made["class_logits"].argmax(axis=1) == batch["category"]
    assert measured["accuracy"] == pytest.approx(right[with_z].mean())
    assert measured["prefix_accuracy"] == pytest.approx(right[~with_z].mean())


def test_a_model_measures_only_what_it_has(toy_config):
    assert set(network(toy_config(latent_size=0)).means) == {"nats_per_point_without_z"}
    assert "accuracy" not in network(toy_config()).means
