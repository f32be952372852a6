"""The HyperLSTM of sketch models (Ha et al., "HyperNetworks", 2016, appendix A.2.3)."""

from __future__ import annotations

from keras import initializers, ops

from creative_gen.layers.layer_norm_lstm import LayerNormLSTM

INITIAL_SCALE = 0.1
INITIAL_SHIFT_SPREAD = 0.01


class HyperLSTM(LayerNormLSTM):
    """A layer-normalised LSTM whose gate sums a small one scales and shifts, as in Magenta.

    The state is [h of the main cell | h of the small one], and c alike. Its own weight, beside
    those of `LayerNormLSTM`: bias (4H). The small cell's are under "small".

    Args:
        units: int. Width H of the output.
        hyper_units: int. Units E of the small cell.
        hyper_embedding: int. Width Z of the embeddings of the small cell's output.
        kwargs: those of `Recurrent`. Dropout is the main cell's alone.
    """

    def __init__(self, units, hyper_units=256, hyper_embedding=32, **kwargs):
        super().__init__(units, **kwargs)
        self.small = GateControl(
            hyper_units, units, hyper_embedding, condition_size=self.condition_size, name="small"
        )

    @staticmethod
    def options(hyper_units, hyper_embedding):
        """The small cell's sizes."""
        return {"hyper_units": hyper_units, "hyper_embedding": hyper_embedding}

    @property
    def state_size(self) -> int:
        """Values in h, those of the small cell included, and as many in c."""
        return self.units + self.small.units

    def build_gates(self, features):
        """Make the norms, the bias and the small cell."""
        super().build_gates(features)
        self.bias = self.add_weight((4 * self.units,), initializer="zeros", name="bias")
        self.small.build((None, None, features))

    def project(self, inputs, condition):
        """The main cell's projection (4H) and the small one's (4E), side by side."""
        shares = [super().project(inputs, condition), self.small.project(inputs, condition)]
        return ops.concatenate(shares, axis=-1)

    def step(self, projected, h, c, mask):
        """One step of the small cell, then one of the main cell under its control."""
        from_x, small_gates = ops.split(projected, [4 * self.units], axis=-1)
        h, small_h = ops.split(h, [self.units], axis=-1)
        c, small_c = ops.split(c, [self.units], axis=-1)
        small_gates = small_gates + ops.matmul(h, self.small.kernel_main)
        small_h, small_c = self.small.step(small_gates, small_h, small_c, 1.0)
        scale_x, scale_h, shift = self.small.controls(small_h)
        gates = scale_x * from_x + scale_h * ops.matmul(h, self.kernel_h) + shift + self.bias
        h, c = self.normalised_step(gates, c, mask)
        return ops.concatenate([h, small_h], -1), ops.concatenate([c, small_c], -1)


class GateControl(LayerNormLSTM):
    """The small LSTM of a HyperLSTM, and what the main one's gates make of its output.

    Each of the four gates has an embedding of width Z of the output, from which come a scale of
    what the inputs add, a scale of what the main h adds, and a shift. All scales start at 0.1 and
    all shifts at 0.

    Its own weights: kernel_main (H, 4E), from the main h to its gates; an embedding kernel
    (4, E, Z) for each of "x", "h" and "h_shift", the first two with a bias (4, Z); and the kernels
    x_scale_kernel, h_scale_kernel and h_shift_kernel (4, Z, H).

    Args:
        units: int. Units E.
        main_units: int. Units H of the main cell.
        embedding: int. Width Z.
        kwargs: those of `Recurrent`.
    """

    def __init__(self, units, main_units, embedding, **kwargs):
        super().__init__(units, **kwargs)
        self.main_units = main_units
        self.embedding = embedding

    def build_gates(self, features):
        """Make the norms, the way from the main cell, and the controls."""
        super().build_gates(features)
        self.kernel_main = self.add_weight(
            (self.main_units, 4 * self.units), initializer="glorot_uniform", name="kernel_main"
        )
        share = initializers.Constant(INITIAL_SCALE / self.embedding)
        spread = initializers.RandomNormal(stddev=INITIAL_SHIFT_SPREAD)
        self.x_scale = self._build_control("x", "x_scale", "zeros", share)
        self.h_scale = self._build_control("h", "h_scale", "zeros", share)
        self.h_shift = self._build_control("h_shift", "h_shift", spread, "zeros")

    def _build_control(self, embedding, name, inner, outer):
        first = (4, self.units, self.embedding)
        second = (4, self.embedding, self.main_units)
        weights = [self.add_weight(first, initializer=inner, name=f"{embedding}_embedding_kernel")]
        if inner == "zeros":
            weights.append(
                self.add_weight(
                    (4, self.embedding), initializer="ones", name=f"{embedding}_embedding_bias"
                )
            )
        return [*weights, self.add_weight(second, initializer=outer, name=f"{name}_kernel")]

    def controls(self, h):
        """Scales of the inputs' and of the main h's share, and the shift, each (B, 4H)."""
        return [
            self._control(h, *weights) for weights in (self.x_scale, self.h_scale, self.h_shift)
        ]

    def _control(self, h, kernel, *rest):
        *bias, outer = rest
        embedding = ops.matmul(h, kernel)
        if bias:
            embedding = embedding + ops.expand_dims(bias[0], 1)
        gates = ops.swapaxes(ops.matmul(embedding, outer), 0, 1)
        return ops.reshape(gates, (-1, 4 * self.main_units))
