"""The plain LSTM of sketch models."""

from __future__ import annotations

from keras import ops

from creative_gen.layers.recurrent import Recurrent


class LSTM(Recurrent):
    """The plain LSTM. Its own weight: bias (4H), the forget gate's part of which starts at 1."""

    def build_gates(self, features):
        """Make the bias."""
        self.bias = self.add_weight((4 * self.units,), initializer=forget_bias, name="bias")

    def project(self, inputs, condition):
        """What inputs, condition and bias add to the gates."""
        return super().project(inputs, condition) + self.bias

    def step(self, projected, h, c, mask):
        """c' = sigmoid(f) c + sigmoid(i) tanh(g), h' = sigmoid(o) tanh(c')."""
        i, f, g, o = ops.split(projected + ops.matmul(h, self.kernel_h), 4, axis=-1)
        c = ops.sigmoid(f) * c + ops.sigmoid(i) * ops.tanh(g) * mask
        return ops.sigmoid(o) * ops.tanh(c), c


def forget_bias(shape, dtype=None):
    """Zeros, but 1 for the forget gate, so that a new network remembers."""
    units = shape[0] // 4
    parts = [ops.zeros(units, dtype), ops.ones(units, dtype), ops.zeros(2 * units, dtype)]
    return ops.concatenate(parts)
