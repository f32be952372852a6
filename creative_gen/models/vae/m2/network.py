"""M2 in Keras: the classifier q(y | x), the encoder q(z | x, y) and the decoder p(x | y, z).

The encoder and the decoder work on several labels of an example at once, which costs their first
and last layers little: shapes are (N, Y, ...), Y labels for each of N examples.
"""

from __future__ import annotations

import keras
from keras import ops

from creative_gen.layers.convolutional import Contraction
from creative_gen.models.vae.m2.config import M2Config


class M2(keras.Model):
    """The three networks; called with examples, it gives the classifier's logits.

    Args:
        config: M2Config.
    """

    def __init__(self, config: M2Config, **kwargs):
        super().__init__(**kwargs)
        self.config = config
        self.classifier = Classifier(config, name="classifier")
        self.encoder = Encoder(config, name="encoder")
        self.decoder = Decoder(config, name="decoder")

    def build(self, _shape: object = None) -> None:
        for part in (self.classifier, self.encoder, self.decoder):
            part.build()
        self.built = True

    def call(self, examples, training=False):
        """The logits (N, K) of q(y | x) of examples (N, *shape)."""
        return self.classifier(examples, training=training)


class Classifier(keras.layers.Layer):
    """Examples (N, *shape) to logits (N, K)."""

    def __init__(self, config: M2Config, **kwargs):
        super().__init__(**kwargs)
        self.config = config
        if config.widths:
            self.trunk = Contraction(config.shape[2], config.widths, config.blocks, name="trunk")
        else:
            self.trunk = Hidden(config.values, config.hidden, name="trunk")
        self.dropout = keras.layers.Dropout(config.dropout, seed=0)
        self.leave = keras.layers.Dense(config.classes, name="leave")

    def build(self, _shape: object = None) -> None:
        self.trunk.build()
        config = self.config
        seen = config.hidden
        if config.widths:
            seen = config.widths[-1] * (config.shape[0] >> (len(config.widths) - 1)) ** 2
        self.leave.build((None, seen))
        self.built = True

    def call(self, examples, training=False):
        seen = self.trunk(1 - 2 * examples if self.config.widths else as_vectors(examples))
        return self.leave(self.dropout(as_vectors(seen), training=training))


class Encoder(keras.layers.Layer):
    """Examples (N, *shape) and labels (N or 1, Y, K) to mean and log variance (N, Y, Z)."""

    def __init__(self, config: M2Config, **kwargs):
        super().__init__(**kwargs)
        self.config = config
        self.known = keras.layers.Dense(config.hidden, use_bias=False, name="known")
        self.hidden = Hidden(config.values, config.hidden, name="hidden")
        self.leave = keras.layers.Dense(2 * config.latent, name="leave")

    def build(self, _shape: object = None) -> None:
        config = self.config
        self.known.build((None, None, config.classes))
        self.hidden.build()
        self.leave.build((None, None, config.hidden))
        self.built = True

    def call(self, examples, labels):
        seen = self.hidden(as_vectors(examples)[:, None], self.known(labels))
        return ops.split(self.leave(seen), 2, axis=2)


class Decoder(keras.layers.Layer):
    """Latent vectors (N, Y, Z) and labels (N or 1, Y, K) to values (N, Y, D).

    They are the logits of a Bernoulli likelihood, or the means of a Gaussian one, whose
    `log_deviation` (D,) is a weight.
    """

    def __init__(self, config: M2Config, **kwargs):
        super().__init__(**kwargs)
        self.config = config
        self.known = keras.layers.Dense(config.hidden, use_bias=False, name="known")
        self.hidden = Hidden(config.latent, config.hidden, name="hidden")
        self.leave = keras.layers.Dense(config.values, name="leave")

    def build(self, _shape: object = None) -> None:
        config = self.config
        self.known.build((None, None, config.classes))
        self.hidden.build()
        self.leave.build((None, None, config.hidden))
        if config.likelihood == "gaussian":
            self.log_deviation = self.add_weight(
                shape=(config.values,), initializer="zeros", name="log_deviation"
            )
        self.built = True

    def call(self, latent, labels):
        return self.leave(self.hidden(latent, self.known(labels)))


class Hidden(keras.layers.Layer):
    """Two hidden layers; the first sees vectors (..., size), and what else is `known`.

    Their activation is SiLU, with which they learn in fewer steps than with the paper's softplus.
    """

    def __init__(self, size, units, **kwargs):
        super().__init__(**kwargs)
        self.size = size
        self.enter = keras.layers.Dense(units, name="enter")
        self.second = keras.layers.Dense(units, activation="silu", name="second")

    def build(self, _shape=None):
        self.enter.build((None, None, self.size))
        self.second.build((None, None, self.enter.units))
        self.built = True

    def call(self, vectors, known=0.0):
        return self.second(ops.silu(self.enter(vectors) + known))


def as_vectors(examples):
    """(N, ...) as (N, D)."""
    return ops.reshape(examples, (ops.shape(examples)[0], -1))
