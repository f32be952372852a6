"""The mixture of bivariate normals that Sketch-RNN draws a pen offset from, and its pen states.

D. Ha and D. Eck, "A Neural Representation of Sketch Drawings", 2017: equations 3-5 (the mixture),
8 (temperature) and 9 (the likelihood). A raw output row of the decoder has 6M + 3 values: three pen
logits (down, up, end), then M each of: mixture logits, mu_x, mu_y, log sigma_x, log sigma_y and
atanh(rho). Everything is computed in float64.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from creative_gen.kernels.random import normal_pair

LOG_TWO_PI = float(np.log(2.0 * np.pi))
# Past these, exp() overflows or 1 - rho^2 vanishes in float64; no trained network comes near.
LOG_SIGMA_LIMIT = 30.0
ATANH_RHO_LIMIT = 18.0

Array = NDArray[np.float64]


def log_softmax(logits: Array) -> Array:
    """Logarithm of the softmax over the last axis."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True)))


@dataclass(frozen=True)
class Mixture:
    """Parameters of N next points. All arrays are float64; (N, M) but for `pen_logits` (N, 3)."""

    pen_logits: Array
    logits: Array
    mu_x: Array
    mu_y: Array
    log_sigma_x: Array
    log_sigma_y: Array
    atanh_rho: Array

    @classmethod
    def from_output(cls, output: NDArray[np.floating]) -> Mixture:
        """Split raw decoder outputs (N, 6M + 3)."""
        raw = np.asarray(output, np.float64)
        # Contiguous, because NumPy's exp may round strided data otherwise.
        parts = [np.ascontiguousarray(part) for part in np.split(raw[:, 3:], 6, axis=1)]
        logits, mu_x, mu_y, log_x, log_y, atanh_rho = parts
        return cls(
            np.ascontiguousarray(raw[:, :3]),
            logits,
            mu_x,
            mu_y,
            np.clip(log_x, -LOG_SIGMA_LIMIT, LOG_SIGMA_LIMIT),
            np.clip(log_y, -LOG_SIGMA_LIMIT, LOG_SIGMA_LIMIT),
            np.clip(atanh_rho, -ATANH_RHO_LIMIT, ATANH_RHO_LIMIT),
        )

    def log_density(self, offsets: NDArray[np.floating]) -> Array:
        """Log density (N,) of offsets (N, 2) at temperature 1 (equations 3 and 9).

        With a = atanh(rho), 1 / (1 - rho^2) = cosh(a)^2: the quadratic form is written as a sum of
        two squares that loses no digits when rho is close to one.
        """
        x = (offsets[:, :1] - self.mu_x) * np.exp(-self.log_sigma_x)
        y = (offsets[:, 1:2] - self.mu_y) * np.exp(-self.log_sigma_y)
        e = np.exp(np.abs(self.atanh_rho))
        cosh, sinh = (e + 1.0 / e) / 2.0, np.sign(self.atanh_rho) * (e - 1.0 / e) / 2.0
        square = (x * cosh - y * sinh) ** 2 + y**2
        terms = np.log(cosh) - LOG_TWO_PI - self.log_sigma_x - self.log_sigma_y - square / 2.0
        terms = terms + log_softmax(self.logits)
        largest = terms.max(axis=1)
        return np.asarray(largest + np.log(np.exp(terms - largest[:, None]).sum(axis=1)))

    def pen_log_probability(self) -> Array:
        """Log probabilities (N, 3) of the pen states down, up and end at temperature 1."""
        return log_softmax(self.pen_logits)

    def draw_offset(self, uniforms: Array, temperature: float) -> Array:
        """Offsets (N, 2) from uniforms (N, 3) at a temperature (equation 8)."""
        rows = np.arange(len(self.logits))
        k = draw_category(self.logits, uniforms[:, 0], temperature)
        n1, n2 = normal_pair(uniforms[:, 1], uniforms[:, 2])
        rho = np.tanh(self.atanh_rho[rows, k])
        spread = np.sqrt(temperature)
        dx = spread * np.exp(self.log_sigma_x[rows, k]) * n1
        correlated = rho * n1 + np.sqrt(1.0 - rho * rho) * n2
        dy = spread * np.exp(self.log_sigma_y[rows, k]) * correlated
        return np.stack([self.mu_x[rows, k] + dx, self.mu_y[rows, k] + dy], axis=1)

    def draw_pen(
        self, uniforms: Array, temperature: float, may_end: NDArray[np.bool_]
    ) -> NDArray[np.intp]:
        """Pen states (N,) as 0 down, 1 up, 2 end; the end only where `may_end` (N,) is true."""
        logits = self.pen_logits.copy()
        logits[~may_end, 2] = -np.inf
        return draw_category(logits, uniforms, temperature)


def draw_category(logits: Array, uniforms: Array, temperature: float) -> NDArray[np.intp]:
    """Index (N,) drawn from softmax(logits / temperature); temperature 0 takes the largest."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    cumulative = np.cumsum(np.exp(shifted / max(temperature, 1e-9)), axis=1)
    below = cumulative <= uniforms[:, None] * cumulative[:, -1:]
    return np.asarray(below[:, :-1].sum(axis=1), np.intp)
