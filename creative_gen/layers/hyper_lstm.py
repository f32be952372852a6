"""The HyperLSTM of sketch models (Ha et al., "HyperNetworks", 2016, appendix A.2.3)."""

from __future__ import annotations

from keras import initializers, ops

from creative_gen.layers.layer_norm_lstm import LayerNormLSTM

INITIAL_SCALE = 0.1
CONTROLS = ("x", "h", "h_shift")


class HyperLSTM(LayerNormLSTM):
    """A layer-normalised LSTM whose gate sums a small one scales and shifts, as in Magenta.

    The state is [h of the main cell | h of the small one], and c alike. Each of the four gates has
    an embedding of width Z of the small cell's h, from which come a factor on what the inputs add
    ("x"), a factor on what h adds ("h"), and a shift ("h_shift"). All factors start at 0.1 and all
    shifts at 0.

    Its own weights, beside those of `LayerNormLSTM`: bias (4H); the small cell's, under "small";
    kernel_main (H, 4E), from the main h to the small gates; and for each of the three controls
    an embedding kernel (4, E, Z) and a scale or shift kernel (4, Z, H), the factors' embeddings
    with a bias (4, Z).

    Args:
        units: int. Width H of the output.
        hyper_units: int. Units E of the small cell.
        hyper_embedding: int. Width Z of the embeddings.
        kwargs: those of `Recurrent`. Dropout is the main cell's alone.
    """

    def __init__(self, units, hyper_units=256, hyper_embedding=32, **kwargs):
        super().__init__(units, **kwargs)
        self.hyper_units = hyper_units
        self.hyper_embedding = hyper_embedding
        self.small = LayerNormLSTM(hyper_units, self.condition_size, name="small")

    @staticmethod
    def options(hyper_units, hyper_embedding):
        """The small cell's sizes."""
        return {"hyper_units": hyper_units, "hyper_embedding": hyper_embedding}

    @property
    def state_size(self) -> int:
        """Values in h, those of the small cell included, and as many in c."""
        return self.units + self.hyper_units

    def build_gates(self, features):
        """Make the norms, the bias, the small cell and its three controls."""
        super().build_gates(features)
        self.bias = self.add_weight((4 * self.units,), initializer="zeros", name="bias")
        self.small.build((None, None, features))
        self.kernel_main = self.add_weight(
            (self.units, 4 * self.hyper_units), initializer="glorot_uniform", name="kernel_main"
        )
        self.controls = {name: self._build_control(name) for name in CONTROLS}

    def _build_control(self, name):
        shift = name.endswith("shift")
        embedding = (4, self.hyper_units, self.hyper_embedding)
        first = initializers.RandomNormal(stddev=0.01) if shift else "zeros"
        share = 0.0 if shift else INITIAL_SCALE / self.hyper_embedding
        return {
            "embedding_kernel": self.add_weight(
                embedding, initializer=first, name=f"{name}_embedding_kernel"
            ),
            "embedding_bias": None
            if shift
            else self.add_weight(
                (4, 1, self.hyper_embedding), initializer="ones", name=f"{name}_embedding_bias"
            ),
            "kernel": self.add_weight(
                (4, self.hyper_embedding, self.units),
                initializer=initializers.Constant(share),
                name=f"{name}_kernel",
            ),
        }

    def project(self, inputs, condition):
        """The main cell's projection (4H) and the small one's (4E), side by side."""
        shares = [super().project(inputs, condition), self.small.project(inputs, condition)]
        return ops.concatenate(shares, axis=-1)

    def step(self, projected, h, c, mask):
        """One step of the small cell, then one of the main cell under its control."""
        sizes, units = [4 * self.units], [self.units]
        from_x, small_gates = ops.split(projected, sizes, axis=-1)
        (h, small_h), (c, small_c) = ops.split(h, units, axis=-1), ops.split(c, units, axis=-1)
        small_gates = small_gates + ops.matmul(h, self.kernel_main)
        small_h, small_c = self.small.step(small_gates, small_h, small_c, 1.0)
        factor_x, factor_h, shift = (self._control(name, small_h) for name in CONTROLS)
        gates = factor_x * from_x + factor_h * ops.matmul(h, self.kernel_h) + shift + self.bias
        h, c = self.normalised_step(gates, c, mask)
        return ops.concatenate([h, small_h], -1), ops.concatenate([c, small_c], -1)

    def _control(self, name, small_h):
        """A factor or a shift (B, 4H) from the small cell's h (B, E), gate by gate."""
        control = self.controls[name]
        embedding = ops.matmul(small_h, control["embedding_kernel"])
        if control["embedding_bias"] is not None:
            embedding = embedding + control["embedding_bias"]
        gates = ops.swapaxes(ops.matmul(embedding, control["kernel"]), 0, 1)
        return ops.reshape(gates, (-1, 4 * self.units))
