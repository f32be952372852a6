"""The layer-normalised LSTM of sketch models (Ba et al., "Layer Normalization", 2016)."""

from __future__ import annotations

from keras import ops

from creative_gen.layers.recurrent import Recurrent

EPSILON = 1e-3
FORGET_BIAS = 1.0


class LayerNormLSTM(Recurrent):
    """An LSTM whose gates, each by itself, and new cell state are normalised; it has no bias.

    Its own weights: gate_gamma and gate_beta (4H), cell_gamma and cell_beta (H). As in Magenta,
    epsilon is added to the variance and 1 to the forget gate after the norm.
    """

    def build_gates(self, features):
        """Make the scales and shifts of the norms."""
        for name, size in (("gate", 4 * self.units), ("cell", self.units)):
            gamma = self.add_weight((size,), initializer="ones", name=f"{name}_gamma")
            beta = self.add_weight((size,), initializer="zeros", name=f"{name}_beta")
            setattr(self, f"{name}_gamma", gamma)
            setattr(self, f"{name}_beta", beta)

    def step(self, projected, h, c, mask):
        """The LSTM's step on normalised gates."""
        return self.normalised_step(projected + ops.matmul(h, self.kernel_h), c, mask)

    def normalised_step(self, gates, c, mask):
        """Next h and c (B, H) from the gates' sums (B, 4H)."""
        parts = ops.reshape(gates, (-1, 4, self.units))
        normed = ops.reshape(layer_norm(parts), (-1, 4 * self.units))
        i, f, g, o = ops.split(normed * self.gate_gamma + self.gate_beta, 4, axis=-1)
        c = ops.sigmoid(f + FORGET_BIAS) * c + ops.sigmoid(i) * ops.tanh(g) * mask
        return ops.sigmoid(o) * ops.tanh(layer_norm(c) * self.cell_gamma + self.cell_beta), c


def layer_norm(values):
    """Mean 0 and variance 1 over the last axis."""
    centred = values - ops.mean(values, axis=-1, keepdims=True)
    variance = ops.mean(ops.square(centred), axis=-1, keepdims=True)
    return centred * ops.rsqrt(variance + EPSILON)
