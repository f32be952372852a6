"""The two players in Keras: stacks of dense layers."""

from __future__ import annotations

import keras
from keras import ops

from creative_gen.layers.convolutional import as_picture
from creative_gen.models.gan.config import GANConfig


class GAN(keras.Model):
    """A generator and a discriminator (Goodfellow et al., 2014).

    Args:
        config: GANConfig.
    """

    def __init__(self, config: GANConfig, **kwargs):
        super().__init__(**kwargs)
        self.config = config
        self.generator = Generator(config, name="generator")
        self.discriminator = Discriminator(config, name="discriminator")

    def build(self, _shape: object = None) -> None:
        self.generator.build()
        self.discriminator.build()
        self.built = True

    def call(self, latent):
        """Pictures (N, side, side, channels) in [0, 1] of latent vectors (N, Z)."""
        return self.generator(latent)


class Generator(keras.layers.Layer):
    """Latent vectors (N, Z) to pictures (N, side, side, channels) in [0, 1]."""

    def __init__(self, config, **kwargs):
        super().__init__(**kwargs)
        self.config = config
        self.hidden = [
            keras.layers.Dense(units, "relu", kernel_initializer="he_normal", name=f"hidden{level}")
            for level, units in enumerate(config.generator)
        ]
        self.leave = keras.layers.Dense(config.values, name="leave")

    def build(self, _shape=None):
        build_stack([*self.hidden, self.leave], self.config.latent)
        self.built = True

    def call(self, latent):
        features = latent
        for layer in self.hidden:
            features = layer(features)
        config = self.config
        shape = (-1, config.side, config.side, config.channels)
        return as_picture(ops.reshape(self.leave(features), shape))


class Discriminator(keras.layers.Layer):
    """Pictures (N, side, side, channels) to logits (N, 1) of their being real."""

    def __init__(self, config, **kwargs):
        super().__init__(**kwargs)
        self.config = config
        self.hidden = [
            keras.layers.Dense(units, kernel_initializer="he_normal", name=f"hidden{level}")
            for level, units in enumerate(config.discriminator)
        ]
        self.drop = keras.layers.Dropout(config.dropout, seed=1)
        self.leave = keras.layers.Dense(1, name="leave")

    def build(self, _shape=None):
        build_stack([*self.hidden, self.leave], self.config.values)
        self.built = True

    def call(self, pictures, training=None):
        features = ops.reshape(2 * pictures - 1, (-1, self.config.values))
        for layer in self.hidden:
            activated = ops.leaky_relu(layer(features), self.config.slope)
            features = self.drop(activated, training=training)
        return self.leave(features)


def build_stack(layers, units):
    """Make the weights of dense layers, each of which sees what the one before gives."""
    for layer in layers:
        layer.build((None, units))
        units = layer.units
