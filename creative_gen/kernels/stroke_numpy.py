"""A stroke decoder's steps in NumPy: the reference, and the fallback where Numba is missing."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from creative_gen.kernels.cells import Cell
from creative_gen.kernels.mixture import Mixture
from creative_gen.kernels.random import uniform
from creative_gen.kernels.row_matmul import row_matmul
from creative_gen.kernels.stroke_state import DecoderState

END_POINT = np.array([0.0, 0.0, 0.0, 0.0, 1.0], np.float32)
DRAWS = np.arange(4, dtype=np.uint64)


class NumpyStepper:
    """Advances drawings one point at a time, all unfinished drawings at once."""

    def __init__(self, weights: Mapping[str, NDArray[np.float32]], cell: Cell) -> None:
        """Take "output/kernel" (H, 6M + 3), "output/bias" and the cell that feeds them."""
        self.cell = cell
        self.output_kernel = weights["output/kernel"]
        self.output_bias = weights["output/bias"]

    def draw(
        self, state: DecoderState, points: int, temperature: float, min_points: int
    ) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
        """Draw up to `points` points: stroke-5 (N, points, 5), log likelihoods (N, points)."""
        strokes = np.tile(END_POINT, (len(state), points, 1))
        likelihoods = np.zeros((len(state), points))
        for t in range(points):
            rows = np.flatnonzero(~state.finished)
            if not len(rows):
                break
            mixture = self._predict(state, rows)
            point = draw_point(mixture, state, rows, temperature, min_points)
            likelihoods[rows, t] = log_likelihood(mixture, point)
            strokes[rows, t] = point
            _append(state, rows, point)
        return strokes, likelihoods

    def follow(
        self, state: DecoderState, points: NDArray[np.float32], lengths: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """Take the given points (N, T, 5) instead of drawing; return their log likelihoods."""
        likelihoods = np.zeros(points.shape[:2])
        for t in range(int(lengths.max(initial=0))):
            rows = np.flatnonzero((t < lengths) & ~state.finished)
            mixture = self._predict(state, rows)
            likelihoods[rows, t] = log_likelihood(mixture, points[rows, t])
            _append(state, rows, points[rows, t])
        return likelihoods

    def _predict(self, state: DecoderState, rows: NDArray[np.intp]) -> Mixture:
        h, c = self.cell.step(state.x[rows], state.h[rows], state.c[rows], state.gate_bias[rows])
        state.h[rows], state.c[rows] = h, c
        output = row_matmul(h[:, : self.cell.units], self.output_kernel) + self.output_bias
        return Mixture.from_output(output)


def pen_temperature(temperature: float) -> float:
    """The temperature of the pen states: the square root of that of the offsets.

    Equation 8 divides both by one temperature. But lifting the pen is rare at every single point,
    so at a low temperature it would hardly ever happen, and drawings would end in scribbles.
    """
    return float(np.sqrt(temperature))


def draw_point(
    mixture: Mixture,
    state: DecoderState,
    rows: NDArray[np.intp],
    temperature: float,
    min_points: int,
) -> NDArray[np.float32]:
    """Next points (len(rows), 5); draw 0 picks the pen, 1 the component, 2 and 3 the offset."""
    step = state.step[rows]
    u = uniform(state.seeds[rows, None], step.astype(np.uint64)[:, None], DRAWS)
    pen = mixture.draw_pen(u[:, 0], pen_temperature(temperature), step >= min_points)
    point = np.zeros((len(rows), 5), np.float32)
    point[:, :2] = mixture.draw_offset(u[:, 1:], temperature)
    point[pen == 2, :2] = 0.0
    point[np.arange(len(rows)), 2 + pen] = 1.0
    return point


def log_likelihood(mixture: Mixture, points: NDArray[np.float32]) -> NDArray[np.float64]:
    """Log p (N,) of points (N, 5) at temperature 1; an end point has no offset term."""
    pen = points[:, 2:].argmax(axis=1)
    pen_term = mixture.pen_log_probability()[np.arange(len(points)), pen]
    offset_term = np.where(pen == 2, 0.0, mixture.log_density(points))
    return np.asarray(offset_term + pen_term)


def _append(state: DecoderState, rows: NDArray[np.intp], points: NDArray[np.float32]) -> None:
    state.x[rows] = points
    state.step[rows] += 1
    state.finished[rows] = points[:, 2:].argmax(axis=1) == 2
