"""A stroke decoder's steps compiled by Numba: the same drawings as `stroke_numpy`, faster."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from creative_gen.kernels.packing import pack_matrices
from creative_gen.kernels.processor import CONVERTS_FLOAT16
from creative_gen.kernels.stroke_kernel import GATE_COLUMNS, UNITS, advance
from creative_gen.kernels.stroke_numpy import END_POINT
from creative_gen.kernels.stroke_state import DecoderState


class NumbaStepper:
    """Advances drawings with `stroke_kernel.advance`; for the plain LSTM cell."""

    def __init__(self, weights: Mapping[str, NDArray[np.float32]]) -> None:
        """Pack the decoder's and the output layer's matrices."""
        kernel_h, output_kernel = weights["decoder/kernel_h"], weights["output/kernel"]
        self.column_order = gate_columns(len(kernel_h))
        gate_kernel = np.concatenate([kernel_h, weights["decoder/kernel_x"]])
        used = self.column_order >= 0
        ordered = np.zeros((len(gate_kernel), len(used)), np.float32)
        ordered[:, used] = gate_kernel[:, self.column_order[used]]
        padding = -output_kernel.shape[1] % GATE_COLUMNS
        output_kernel = np.pad(output_kernel, ((0, 0), (0, padding)))
        self.output_bias = np.pad(weights["output/bias"], (0, padding))
        self.mixtures = (len(weights["output/bias"]) - 3) // 6
        packed = pack_matrices((ordered, output_kernel), CONVERTS_FLOAT16)
        self.gate_weights, self.output_weights = packed.strips
        self.scale = packed.scale

    def draw(
        self, state: DecoderState, points: int, temperature: float, min_points: int
    ) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
        """Draw up to `points` points: stroke-5 (N, points, 5), log likelihoods (N, points)."""
        strokes = np.tile(END_POINT, (len(state), points, 1))
        lengths = np.full(len(state), points, np.int64)
        return strokes, self._advance(state, strokes, lengths, temperature, min_points, False)

    def follow(
        self, state: DecoderState, points: NDArray[np.float32], lengths: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """Take the given points (N, T, 5) instead of drawing; return their log likelihoods."""
        return self._advance(state, points, lengths, 1.0, 0, True)

    def _advance(
        self,
        state: DecoderState,
        strokes: NDArray[np.float32],
        lengths: NDArray[np.int64],
        temperature: float,
        min_points: int,
        given: bool,
    ) -> NDArray[np.float64]:
        likelihoods = np.zeros(strokes.shape[:2])
        advance(
            self.gate_weights,
            self.output_weights,
            self.scale,
            self.output_bias,
            self.mixtures,
            self.column_order,
            state.h,
            state.c,
            state.x,
            state.gate_bias,
            state.seeds,
            state.step,
            state.finished,
            given,
            lengths,
            temperature,
            min_points,
            strokes,
            likelihoods,
        )
        return likelihoods


def gate_columns(units: int) -> NDArray[np.int64]:
    """Columns of gates i, f, g, o regrouped: each 32 units' four gates together, -1 as padding."""
    unit = np.arange(-(-units // UNITS) * UNITS).reshape(-1, 1, UNITS)
    columns = unit + units * np.arange(4).reshape(1, 4, 1)
    return np.asarray(np.where(unit < units, columns, -1).reshape(-1), np.int64)
