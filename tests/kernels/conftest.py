"""Small decoders that every kernel test can afford, and a float64 decoder to hold them to."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.special import expit, logsumexp, softmax
from scipy.stats import multivariate_normal

Weights = dict[str, NDArray[np.float32]]


def _toy_weights(units: int = 24, mixtures: int = 3, condition: int = 0, seed: int = 0) -> Weights:
    """Random weights of a decoder whose drawings last some tens of points."""
    random = np.random.default_rng(seed)
    shapes = {
        "decoder/kernel_x": (5, 4 * units),
        "decoder/kernel_h": (units, 4 * units),
        "decoder/bias": (4 * units,),
        "output/kernel": (units, 6 * mixtures + 3),
        "output/bias": (6 * mixtures + 3,),
    }
    if condition:
        shapes["decoder/kernel_condition"] = (condition, 4 * units)
        shapes["initial/kernel"] = (condition, 2 * units)
        shapes["initial/bias"] = (2 * units,)
    weights = {
        name: random.normal(0.0, 0.4, shape).astype(np.float32) for name, shape in shapes.items()
    }
    weights["output/bias"][2] -= 3.0
    return weights


class _Float64Decoder:
    """Sketch-RNN's decoder written out from the paper in float64, one drawing at a time."""

    def __init__(self, weights: Weights, condition: NDArray[np.float64] | None = None) -> None:
        self.w = {name: array.astype(np.float64) for name, array in weights.items()}
        units = len(self.w["decoder/kernel_h"])
        self.h, self.c = np.zeros(units), np.zeros(units)
        self.bias = self.w["decoder/bias"]
        if condition is not None:
            initial = np.tanh(condition @ self.w["initial/kernel"] + self.w["initial/bias"])
            self.h, self.c = initial[:units], initial[units:]
            self.bias = self.bias + condition @ self.w["decoder/kernel_condition"]

    def output(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        gates = x @ self.w["decoder/kernel_x"] + self.h @ self.w["decoder/kernel_h"] + self.bias
        i, f, g, o = gates.reshape(4, -1)
        self.c = expit(f) * self.c + expit(i) * np.tanh(g)
        self.h = expit(o) * np.tanh(self.c)
        return self.h @ self.w["output/kernel"] + self.w["output/bias"]

    def log_likelihoods(self, points: NDArray[np.floating]) -> NDArray[np.float64]:
        """Log p of each row of a stroke-5 drawing (points, 5)."""
        x = np.array([0.0, 0.0, 1.0, 0.0, 0.0])
        result = []
        for point in np.asarray(points, np.float64):
            result.append(_point_log_likelihood(self.output(x), point))
            x = point
        return np.array(result)


def _point_log_likelihood(output: NDArray[np.float64], point: NDArray[np.float64]) -> float:
    pen = float(np.log(softmax(output[:3])) @ point[2:])
    if point[4] == 1.0:
        return pen
    pi, mu_x, mu_y, log_x, log_y, atanh_rho = output[3:].reshape(6, -1)
    terms = []
    for k in range(len(pi)):
        sx, sy, rho = np.exp(log_x[k]), np.exp(log_y[k]), np.tanh(atanh_rho[k])
        covariance = [[sx * sx, rho * sx * sy], [rho * sx * sy, sy * sy]]
        density = multivariate_normal([mu_x[k], mu_y[k]], covariance)
        terms.append(np.log(softmax(pi)[k]) + density.logpdf(point[:2]))
    return pen + float(logsumexp(terms))


def _random_points(count: int, length: int, seed: int = 1) -> NDArray[np.float32]:
    """Stroke-5 drawings (count, length, 5) that do not end."""
    random = np.random.default_rng(seed)
    points = np.zeros((count, length, 5), np.float32)
    points[..., :2] = random.normal(0.0, 0.7, (count, length, 2))
    lifted = random.random((count, length)) < 0.2
    points[..., 2], points[..., 3] = ~lifted, lifted
    return points


@pytest.fixture(params=["numpy", "numba"])
def backend(request: pytest.FixtureRequest) -> str:
    """Each backend in turn."""
    if request.param == "numba":
        pytest.importorskip("numba")
    return str(request.param)


@pytest.fixture
def toy_weights() -> Callable[..., Weights]:
    """Function that makes a decoder's random weights."""
    return _toy_weights


@pytest.fixture
def float64_decoder() -> type[_Float64Decoder]:
    """Independent decoder."""
    return _Float64Decoder


@pytest.fixture
def random_points() -> Callable[..., NDArray[np.float32]]:
    """Function that makes stroke-5 drawings."""
    return _random_points
