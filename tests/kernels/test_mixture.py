import numpy as np
import pytest
from scipy.special import logsumexp, softmax
from scipy.stats import chisquare, multivariate_normal

from creative_gen.kernels.mixture import Mixture, draw_category


def random_output(rows: int, mixtures: int, scale: float = 1.0) -> np.ndarray:
    return np.random.default_rng(5).normal(0, scale, (rows, 6 * mixtures + 3))


def test_density_is_scipys():
    output = random_output(6, 4)
    offsets = np.random.default_rng(6).normal(0, 1, (6, 2))
    expected = []
    for row, offset in zip(output, offsets, strict=True):
        pi, mx, my, lx, ly, a = row[3:].reshape(6, 4)
        terms = [
            np.log(softmax(pi)[k])
            + multivariate_normal(
                [mx[k], my[k]],
                [
                    [np.exp(2 * lx[k]), np.tanh(a[k]) * np.exp(lx[k] + ly[k])],
                    [np.tanh(a[k]) * np.exp(lx[k] + ly[k]), np.exp(2 * ly[k])],
                ],
            ).logpdf(offset)
            for k in range(4)
        ]
        expected.append(logsumexp(terms))
    actual = Mixture.from_output(output).log_density(offsets)
    np.testing.assert_allclose(actual, expected, rtol=1e-9)


def test_density_integrates_to_one_with_strong_correlation():
    output = np.zeros((1, 9))
    output[0, 8] = 3.0
    x = np.linspace(-6, 6, 601)
    grid = np.stack(np.meshgrid(x, x), axis=-1).reshape(-1, 2)
    density = np.exp(Mixture.from_output(np.repeat(output, len(grid), 0)).log_density(grid))
    assert density.sum() * (x[1] - x[0]) ** 2 == pytest.approx(1.0, abs=1e-6)


def test_density_is_finite_where_parameters_are_extreme():
    mixture = Mixture.from_output(random_output(50, 5, scale=300.0))
    assert np.isfinite(mixture.log_density(np.ones((50, 2)))).all()
    assert np.isfinite(mixture.pen_log_probability()).all()


def test_samples_have_the_moments_of_their_component():
    count = 40_000
    output = np.zeros((count, 9))
    output[:, 4:] = [0.5, -0.2, np.log(0.3), np.log(2.0), np.arctanh(0.6)]
    uniforms = np.random.default_rng(7).random((count, 3))
    for temperature in (1.0, 0.25):
        offsets = Mixture.from_output(output).draw_offset(uniforms, temperature)
        np.testing.assert_allclose(offsets.mean(0), [0.5, -0.2], atol=0.05)
        spread = np.sqrt(temperature)
        np.testing.assert_allclose(offsets.std(0), [0.3 * spread, 2.0 * spread], rtol=0.02)
        assert np.corrcoef(offsets.T)[0, 1] == pytest.approx(0.6, abs=0.02)


def test_categories_follow_the_tempered_softmax():
    logits = np.tile([0.3, -1.0, 1.2, 0.0], (20_000, 1))
    uniforms = np.random.default_rng(8).random(20_000)
    for temperature in (1.0, 0.5):
        counts = np.bincount(draw_category(logits, uniforms, temperature), minlength=4)
        expected = softmax(logits[0] / temperature) * 20_000
        assert chisquare(counts, expected).pvalue > 1e-3
    assert (draw_category(logits, uniforms, 0.0) == 2).all()


def test_end_is_not_drawn_where_forbidden():
    output = np.zeros((400, 9))
    output[:, 2] = 5.0
    may_end = np.arange(400) % 2 == 0
    uniforms = np.random.default_rng(9).random(400)
    pen = Mixture.from_output(output).draw_pen(uniforms, 1.0, may_end)
    assert (pen[~may_end] != 2).all()
    assert (pen[may_end] == 2).mean() > 0.9
