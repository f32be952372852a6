"""The Sketch-RNN decoder that plays: weights in, pen strokes out, with no Keras.

D. Ha and D. Eck, "A Neural Representation of Sketch Drawings", 2017. An LSTM reads the last point
in stroke-5 form and predicts the next as a mixture of bivariate normals and three pen states.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from creative_gen.kernels.activation import tanh
from creative_gen.kernels.cells import Cell, make_cell
from creative_gen.kernels.row_matmul import row_matmul
from creative_gen.kernels.stroke_numpy import NumpyStepper
from creative_gen.kernels.stroke_state import DecoderState, as_seeds
from creative_gen.kernels.stroke_weights import CellKind, check_weights, weight_shapes

Backend = Literal["auto", "numba", "numpy"]
START_POINT = np.array([0.0, 0.0, 1.0, 0.0, 0.0], np.float32)


class Stepper(Protocol):
    """What a backend does: advances a state, in place."""

    def draw(
        self, state: DecoderState, points: int, temperature: float, min_points: int
    ) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
        """Draw up to `points` points: stroke-5 (N, points, 5), log likelihoods (N, points)."""
        ...

    def follow(
        self, state: DecoderState, points: NDArray[np.float32], lengths: NDArray[np.int64]
    ) -> NDArray[np.float64]:
        """Take the given points (N, T, 5); return their log likelihoods (N, T)."""
        ...


def make_stepper(
    weights: Mapping[str, NDArray[np.float32]], kind: CellKind, backend: Backend
) -> Stepper:
    """Choose the compiled stepper where Numba can be imported and knows the cell."""
    if kind == "lstm" and backend != "numpy":
        try:
            # Here, because importing Numba takes 0.3 s.
            from creative_gen.kernels.stroke_numba import NumbaStepper

            return NumbaStepper(weights)
        except ImportError:
            if backend == "numba":
                raise
    return NumpyStepper(weights, make_cell(weights, kind))


class StrokeDecoder:
    """Continues drawings point by point.

    Offsets are normalised: canvas offsets divided by the model's scale factor. Log likelihoods are
    in nats a point, of normalised offsets, at temperature 1 whatever temperature drew the point.
    A drawing with the same seed has the same bits alone or in a batch, and in any chunks.
    """

    def __init__(
        self,
        weights: Mapping[str, NDArray[np.floating]],
        backend: Backend = "auto",
        cell: CellKind = "lstm",
    ) -> None:
        """Check and pack the weights.

        Args:
            weights: float arrays named "decoder/kernel_x" (5, 4H), "decoder/kernel_h" (H, 4H),
                "decoder/bias" (4H) with the forget bias added, gates in order i, f, g, o;
                "output/kernel" (H, 6M + 3) and "output/bias" (6M + 3); for a conditional model
                also "decoder/kernel_condition" (C, 4H), "initial/kernel" (C, 2H) and
                "initial/bias" (2H), h first. Other names are left alone. The other cells'
                weights are listed in `stroke_weights.weight_shapes`.
            backend: "numba" compiled, "numpy" plain, "auto" compiled where Numba is installed.
            cell: "lstm", "layer_norm" or "hyper"; the last two play on the NumPy backend.

        Raises:
            ValueError: a weight is missing, of a wrong shape or not finite, or the backend does
                not play the cell.
        """
        if backend == "numba" and cell != "lstm":
            raise ValueError(f"there is no compiled {cell} cell; use the backend 'numpy'")
        names = weight_shapes(cell, "initial/kernel" in weights)
        self.weights = {
            name: np.ascontiguousarray(array, np.float32)
            for name, array in weights.items()
            if name in names
        }
        check_weights(self.weights, cell)
        self.cell: Cell = make_cell(self.weights, cell)
        self._kind, self._backend = cell, backend

    @cached_property
    def stepper(self) -> Stepper:
        """What advances states; made when it is first needed, because loading Numba takes time."""
        return make_stepper(self.weights, self._kind, self._backend)

    @property
    def condition_size(self) -> int:
        """Width C of the condition vector; 0 for an unconditional decoder."""
        return len(self.weights.get("initial/kernel", ()))

    def start(
        self, seeds: NDArray[np.integer], condition: NDArray[np.floating] | None = None
    ) -> DecoderState:
        """Begin N drawings: seeds (N,) integers, condition (N, C) for a conditional decoder."""
        seeds = as_seeds(seeds)
        size = self.condition_size
        given = np.zeros((len(seeds), 0)) if condition is None else np.asarray(condition)
        if given.shape != (len(seeds), size):
            raise ValueError(f"the condition is {given.shape}, not {(len(seeds), size)}")
        h, c = self._first_state(given.astype(np.float32))
        return DecoderState(
            h=h,
            c=c,
            x=np.tile(START_POINT, (len(seeds), 1)),
            gate_bias=self.cell.gate_bias(given.astype(np.float32)),
            seeds=seeds,
            step=np.zeros(len(seeds), np.int64),
            finished=np.zeros(len(seeds), np.bool_),
        )

    def feed(
        self,
        state: DecoderState,
        points: NDArray[np.floating],
        lengths: NDArray[np.integer] | None = None,
    ) -> NDArray[np.float64]:
        """Follow given points (teacher forcing) and advance the state over them.

        Args:
            state: of N drawings; changed in place.
            points: (N, T, 5) normalised stroke-5.
            lengths: (N,) how many of the T points are real; all by default.

        Returns:
            (N, T) log likelihood of each point: offset and pen state, the pen state alone for an
            end point, 0 past a drawing's length or end.
        """
        given = np.require(points, np.float32, ["C", "W"])
        if given.ndim != 3 or given.shape[::2] != (len(state), 5):
            raise ValueError(f"the points are {given.shape}, not ({len(state)}, T, 5)")
        most = given.shape[1]
        counts = np.full(len(state), most) if lengths is None else np.array(lengths, np.int64)
        if counts.shape != (len(state),) or ((counts < 0) | (counts > most)).any():
            raise ValueError(f"the lengths must be {len(state)} numbers from 0 to {most}")
        return self.stepper.follow(state, given, counts)

    def sample(
        self, state: DecoderState, points: int, temperature: float = 1.0, min_points: int = 0
    ) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
        """Draw up to `points` more points of each unfinished drawing.

        Drawing 4 times 25 points gives the same as drawing 100.

        Args:
            state: of N drawings; changed in place.
            points: how many steps to advance.
            temperature: at least 0 (the likeliest point each time); 1 is the model's own.
            min_points: a drawing cannot end before it has this many points, fed ones included.

        Returns:
            Stroke-5 (N, points, 5), rows (0, 0, 0, 0, 1) from the end on; and log likelihoods
            (N, points), 0 after the end.
        """
        if not 0.0 <= temperature < np.inf:
            raise ValueError(f"temperature must be at least 0, not {temperature}")
        return self.stepper.draw(state, points, float(temperature), min_points)

    def _first_state(
        self, condition: NDArray[np.float32]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        if not self.condition_size:
            shape = (len(condition), self.cell.state_size)
            return np.zeros(shape, np.float32), np.zeros(shape, np.float32)
        both = row_matmul(condition, self.weights["initial/kernel"])
        h, c = np.split(tanh(both + self.weights["initial/bias"]), 2, axis=1)
        return np.ascontiguousarray(h), np.ascontiguousarray(c)
