"""Steps of the recurrent cells a Sketch-RNN decoder may use, in NumPy float32.

The plain LSTM, the layer-normalised LSTM (Ba et al., "Layer Normalization", 2016) and the HyperLSTM
(Ha et al., "HyperNetworks", 2016, appendix A.2.3), the last two as Magenta defines them. Gates are
in the order i, f, g, o; weights and their shapes are listed in `stroke_weights`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from creative_gen.kernels.activation import sigmoid, tanh
from creative_gen.kernels.row_matmul import row_matmul
from creative_gen.kernels.stroke_weights import CellKind

Float = NDArray[np.float32]
Weights = Mapping[str, Float]

EPSILON = np.float32(1e-3)
FORGET_BIAS = np.float32(1.0)


class Cell(Protocol):
    """A recurrent cell: `state_size` values of state, the first `units` of h its output."""

    units: int
    state_size: int

    def gate_bias(self, condition: Float) -> Float:
        """What the condition (N, C), C = 0 for none, adds at every step: (N, ...)."""
        ...

    def step(self, x: Float, h: Float, c: Float, gate_bias: Float) -> tuple[Float, Float]:
        """Next h and c, both (N, state_size), from x (N, 5) and gate_bias."""
        ...


def make_cell(weights: Weights, cell: CellKind) -> Cell:
    """Build the cell of that kind from checked weights."""
    if cell == "lstm":
        return LSTMCell(weights)
    return LayerNormLSTMCell(weights) if cell == "layer_norm" else HyperLSTMCell(weights)


class LSTMCell:
    """The plain LSTM; the forget bias is part of "decoder/bias"."""

    def __init__(self, weights: Weights) -> None:
        """Take "decoder/kernel_x", "decoder/kernel_h" and "decoder/bias"."""
        self.weights = weights
        self.units = self.state_size = len(weights["decoder/kernel_h"])

    def gate_bias(self, condition: Float) -> Float:
        """The bias plus the condition's share (N, 4H)."""
        return condition_share(self.weights, "decoder", condition) + self.weights["decoder/bias"]

    def step(self, x: Float, h: Float, c: Float, gate_bias: Float) -> tuple[Float, Float]:
        """c' = sigmoid(f) c + sigmoid(i) tanh(g), h' = sigmoid(o) tanh(c')."""
        gates = gate_bias + row_matmul(x, self.weights["decoder/kernel_x"])
        gates = gates + row_matmul(h, self.weights["decoder/kernel_h"])
        i, f, g, o = np.split(gates, 4, axis=1)
        c = sigmoid(f) * c + sigmoid(i) * tanh(g)
        return sigmoid(o) * tanh(c), c


class LayerNormLSTMCell:
    """An LSTM whose gates, each by itself, and new cell state are normalised; it has no bias."""

    def __init__(self, weights: Weights) -> None:
        """Take the "decoder/" kernels, "gate_gamma", "gate_beta", "cell_gamma" and "cell_beta"."""
        self.weights = weights
        self.units = self.state_size = len(weights["decoder/kernel_h"])

    def gate_bias(self, condition: Float) -> Float:
        """The condition's share (N, 4H) of the gates before they are normalised."""
        return condition_share(self.weights, "decoder", condition)

    def step(self, x: Float, h: Float, c: Float, gate_bias: Float) -> tuple[Float, Float]:
        """The LSTM's step on normalised gates; 1 is added to f after the norm."""
        gates = gate_bias + row_matmul(x, self.weights["decoder/kernel_x"])
        gates = gates + row_matmul(h, self.weights["decoder/kernel_h"])
        return normalised_lstm(self.weights, "decoder", gates, c)


class HyperLSTMCell:
    """An LSTM whose gate sums are scaled and shifted by a small layer-normalised LSTM.

    The state is [h of the main cell | h of the small one], and c alike.
    """

    def __init__(self, weights: Weights) -> None:
        """Take the "decoder/" weights of a normalised LSTM with a bias, and all of "hyper/"."""
        self.weights = weights
        self.units = len(weights["decoder/kernel_h"])
        self.state_size = self.units + len(weights["hyper/kernel_h"])

    def gate_bias(self, condition: Float) -> Float:
        """The condition's shares of the main gates (4H) and the small cell's (4E), side by side."""
        shares = [condition_share(self.weights, name, condition) for name in ("decoder", "hyper")]
        return np.concatenate(shares, axis=1)

    def step(self, x: Float, h: Float, c: Float, gate_bias: Float) -> tuple[Float, Float]:
        """One step of the small cell, then one of the main cell under its control."""
        w, units = self.weights, self.units
        main_h, hyper_h = h[:, :units], h[:, units:]
        hyper_gates = gate_bias[:, 4 * units :] + row_matmul(x, w["hyper/kernel_x"])
        hyper_gates = hyper_gates + row_matmul(main_h, w["hyper/kernel_main"])
        hyper_gates = hyper_gates + row_matmul(hyper_h, w["hyper/kernel_h"])
        hyper_h, hyper_c = normalised_lstm(w, "hyper", hyper_gates, c[:, units:])
        from_x = gate_bias[:, : 4 * units] + row_matmul(x, w["decoder/kernel_x"])
        from_h = row_matmul(main_h, w["decoder/kernel_h"])
        gates = self._control(hyper_h, "x_embedding", "x_scale") * from_x
        gates = gates + self._control(hyper_h, "h_embedding", "h_scale") * from_h
        gates = gates + self._control(hyper_h, "h_shift_embedding", "h_shift")
        gates = gates + w["decoder/bias"]
        main_h, main_c = normalised_lstm(w, "decoder", gates, c[:, :units])
        return np.hstack([main_h, hyper_h]), np.hstack([main_c, hyper_c])

    def _control(self, hyper_h: Float, embedding: str, scale: str) -> Float:
        """A factor or a shift (N, 4H), through one low-dimensional embedding a gate."""
        kernel, out = (
            self.weights[f"hyper/{embedding}_kernel"],
            self.weights[f"hyper/{scale}_kernel"],
        )
        bias = self.weights.get(f"hyper/{embedding}_bias", np.zeros((4, 1), np.float32))
        parts = [row_matmul(row_matmul(hyper_h, kernel[k]) + bias[k], out[k]) for k in range(4)]
        return np.concatenate(parts, axis=1)


def condition_share(weights: Weights, name: str, condition: Float) -> Float:
    """`condition` (N, C) times the condition kernel of a cell: (N, 4 units), zeros for C = 0."""
    kernel = weights.get(f"{name}/kernel_condition")
    if kernel is None:
        return np.zeros((len(condition), weights[f"{name}/kernel_h"].shape[1]), np.float32)
    return row_matmul(condition, kernel)


def normalised_lstm(weights: Weights, name: str, gates: Float, c: Float) -> tuple[Float, Float]:
    """Next (h, c) of a layer-normalised LSTM from its gate sums (N, 4 units)."""
    normed = layer_norm(gates.reshape(len(gates), 4, -1)).reshape(gates.shape)
    normed = normed * weights[f"{name}/gate_gamma"] + weights[f"{name}/gate_beta"]
    i, f, g, o = np.split(normed, 4, axis=1)
    c = sigmoid(f + FORGET_BIAS) * c + sigmoid(i) * tanh(g)
    normed_c = layer_norm(c) * weights[f"{name}/cell_gamma"] + weights[f"{name}/cell_beta"]
    return sigmoid(o) * tanh(normed_c), c


def layer_norm(values: Float) -> Float:
    """Mean 0 and variance 1 over the last axis; epsilon is added to the variance."""
    centred = values - values.mean(axis=-1, keepdims=True)
    variance = (centred * centred).mean(axis=-1, keepdims=True)
    return np.asarray(centred / np.sqrt(variance + EPSILON), np.float32)
