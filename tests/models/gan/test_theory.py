"""What the paper proves, against closed forms and against a discriminator that is trained."""

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.stats import norm

keras = pytest.importorskip("keras")

from creative_gen.layers.adversarial import minimax_losses  # noqa: E402
from creative_gen.models.gan.config import GANConfig  # noqa: E402
from creative_gen.models.gan.network import Discriminator  # noqa: E402
from creative_gen.models.gan.theory import (  # noqa: E402
    EQUILIBRIUM,
    game_value,
    jensen_shannon,
    optimal_logits,
)

LINE = np.linspace(-12, 14, 26_001)
CELL = float(LINE[1] - LINE[0])


def densities(apart, width=1.0):
    return norm(0, 1).pdf(LINE), norm(apart, width).pdf(LINE)


def integrated_divergence(apart, width):
    """JSD of N(0, 1) and N(apart, width) by quadrature."""
    p, q = norm(0, 1), norm(apart, width)

    def halves(x):
        middle = np.log((p.pdf(x) + q.pdf(x)) / 2)
        return (p.pdf(x) * (p.logpdf(x) - middle) + q.pdf(x) * (q.logpdf(x) - middle)) / 2

    return quad(halves, -12, 14, limit=200)[0]


@pytest.mark.parametrize(("apart", "width"), [(0.0, 2.0), (1.0, 1.0), (2.5, 0.5)])
def test_the_value_at_the_optimum_is_twice_the_divergence_above_log_4(apart, width):
    p, q = densities(apart, width=width)
    divergence = integrated_divergence(apart, width)
    assert jensen_shannon(p, q, CELL) == pytest.approx(divergence, abs=1e-6)
    best = game_value(optimal_logits(p, q), p, q, CELL)
    assert best == pytest.approx(-np.log(4) + 2 * divergence, abs=1e-6)


def test_no_other_discriminator_reaches_more():
    p, q = densities(1.0)
    best = optimal_logits(p, q)
    value = game_value(best, p, q, CELL)
    rng = np.random.default_rng(0)
    for _ in range(20):
        other = best + rng.normal() * np.sin(rng.normal() * LINE + rng.normal())
        assert game_value(other, p, q, CELL) < value


def test_at_the_equilibrium_the_value_is_minus_log_4():
    p, _ = densities(0.0)
    assert pytest.approx(-np.log(4)) == EQUILIBRIUM
    assert game_value(optimal_logits(p, p), p, p, CELL) == pytest.approx(EQUILIBRIUM, abs=1e-6)


class Judge(keras.Model):
    """A discriminator that learns to tell points of a line apart."""

    def __init__(self, dimensions):
        super().__init__()
        config = GANConfig(side=1, channels=dimensions, discriminator=(64, 64), dropout=0)
        self.discriminator = Discriminator(config)
        self.discriminator.build()

    def call(self, batch):
        return self.discriminator(batch["real"]), self.discriminator(batch["made"])

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        return minimax_losses(*y_pred)[0]


def trained_judge(mean, steps=400, size=1024):
    """Trained on N(0, 1) against N(mean, 1), of as many dimensions as the mean has."""
    keras.utils.set_random_seed(0)
    judge, rng = Judge(len(mean)), np.random.default_rng(0)
    judge.compile(keras.optimizers.Adam(keras.optimizers.schedules.CosineDecay(5e-3, steps)))
    for _ in range(steps):
        real, made = rng.normal(size=(2, size, 1, 1, len(mean))).astype(np.float32)
        judge.train_on_batch({"real": real, "made": made + np.float32(mean)})
    return judge.discriminator


def test_a_trained_discriminator_is_the_optimal_one_on_a_line():
    p, q = densities(2.0)
    judge = trained_judge([2.0])
    seen = (LINE > -2) & (LINE < 4)
    points = LINE.astype(np.float32)[:, None, None, None]
    logits = np.asarray(judge(points), np.float64)[:, 0]
    said, best = 1 / (1 + np.exp(-logits)), p / (p + q)
    assert np.abs(said - best)[seen].max() < 0.04
    value = -np.log(4) + 2 * integrated_divergence(2.0, 1.0)
    assert game_value(logits, p, q, CELL) == pytest.approx(value, abs=0.01)


def test_a_trained_discriminator_is_the_optimal_one_on_a_plane():
    mean = np.array([1.0, -1.5])
    judge = trained_judge(mean)
    rng = np.random.default_rng(1)
    points = rng.normal(size=(4000, 2)) + mean * rng.integers(2, size=(4000, 1))
    logits = np.asarray(judge(points.astype(np.float32)[:, None, None]))[:, 0]
    # log p - log q of Gaussians of one covariance is linear.
    best = mean @ mean / 2 - points @ mean
    difference = 1 / (1 + np.exp(-logits)) - 1 / (1 + np.exp(-best))
    assert np.abs(difference).mean() < 0.02


def test_it_is_undecided_at_the_equilibrium():
    judge = trained_judge([0.0], steps=200)
    points = np.linspace(-2, 2, 50, dtype=np.float32)[:, None, None, None]
    assert np.abs(np.asarray(judge(points))).max() < 0.2
