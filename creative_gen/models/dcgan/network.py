"""The players of a modern DCGAN in Keras, and the encoder that finds a picture's latent vector.

The layers are those of Radford et al. (2016): strided convolutions down, transposed ones up. The
discriminator has no normalisation at all, and its gradients are penalised instead (Huang et al.,
2024, "R3GAN"); the generator divides by the root mean square at each pixel (Karras et al., 2018).
"""

from __future__ import annotations

import keras
from keras import ops

from creative_gen.layers.convolutional import Contraction, Expansion, as_picture
from creative_gen.models.dcgan.config import DCGANConfig


class Generator(keras.Model):
    """Latent vectors (N, Z) and labels (N, K) to pictures (N, H, W, C) in [0, 1]."""

    def __init__(self, config: DCGANConfig, **kwargs):
        super().__init__(**kwargs)
        self.config = config
        self.enter = keras.layers.Dense(config.base**2 * config.widths[-1], name="enter")
        self.trunk = Expansion(config.channels, config.widths, config.blocks, name="trunk")

    def build(self, _shape: object = None) -> None:
        self.enter.build((None, self.config.latent + len(self.config.classes)))
        self.trunk.build()
        self.built = True

    def call(self, latent, labels, training=None):
        config = self.config
        known = ops.concatenate([latent, labels], 1) if config.classes else latent
        shape = (-1, config.base, config.base, config.widths[-1])
        return as_picture(self.trunk(ops.reshape(self.enter(known), shape)))


class Discriminator(keras.Model):
    """Pictures (N, H, W, C) and labels (N, K) to logits (N,).

    Labels judge by projection (Miyato and Koyama, 2018).
    """

    def __init__(self, config: DCGANConfig, **kwargs):
        super().__init__(**kwargs)
        self.config = config
        widths = config.judge_widths
        self.trunk = Contraction(config.channels, widths, config.blocks, False, name="trunk")
        self.leave = keras.layers.Dense(1 + len(config.classes), name="leave")

    def build(self, _shape: object = None) -> None:
        widths = self.config.judge_widths
        self.trunk.build()
        self.leave.build((None, widths[-1] * (self.config.side >> (len(widths) - 1)) ** 2))
        self.built = True

    def call(self, inputs):
        pictures, labels = inputs
        features = self.trunk(2 * pictures - 1)
        logits = self.leave(ops.reshape(features, (ops.shape(features)[0], -1)))
        if not self.config.classes:
            return logits[:, 0]
        return logits[:, 0] + ops.sum(logits[:, 1:] * labels, 1)


class Encoder(keras.layers.Layer):
    """Betters the latent vectors (N, Z) found so far for pictures (N, H, W, C).

    It sees a picture beside what is made of the vectors so far (Alaluf et al., 2021, "ReStyle").
    """

    def __init__(self, config: DCGANConfig, **kwargs):
        super().__init__(**kwargs)
        self.config = config
        channels, widths = 2 * config.channels, config.encoder_widths
        self.trunk = Contraction(channels, widths, config.blocks, name="trunk")
        self.leave = keras.layers.Dense(config.latent, name="leave")

    def build(self, _shape: object = None) -> None:
        config = self.config
        self.trunk.build()
        seen = (
            config.encoder_widths[-1] * (config.side // 2 ** (len(config.encoder_widths) - 1)) ** 2
        )
        self.leave.build((None, seen + config.latent + len(config.classes)))
        self.built = True

    def call(self, pictures, made, labels, latent):
        features = self.trunk(ops.concatenate([1 - 2 * pictures, 1 - 2 * made], -1))
        seen = [ops.reshape(features, (ops.shape(features)[0], -1)), latent]
        seen += [labels] if self.config.classes else []
        return latent + self.leave(ops.concatenate(seen, 1))


class FirstEncoder(keras.layers.Layer):
    """Pictures (N, H, W, C) and labels (N, K) to means and log variances (N, Z).

    With the generator it makes an autoencoder, in which that begins to learn.
    """

    def __init__(self, config: DCGANConfig, **kwargs):
        super().__init__(**kwargs)
        self.config = config
        widths = config.encoder_widths
        self.trunk = Contraction(config.channels, widths, config.blocks, name="trunk")
        self.leave = keras.layers.Dense(2 * config.latent, name="leave")

    def build(self, _shape: object = None) -> None:
        config, widths = self.config, self.config.encoder_widths
        self.trunk.build()
        seen = widths[-1] * (config.side >> (len(widths) - 1)) ** 2
        self.leave.build((None, seen + len(config.classes)))
        self.built = True

    def call(self, pictures, labels):
        features = self.trunk(1 - 2 * pictures)
        seen = ops.reshape(features, (ops.shape(features)[0], -1))
        if self.config.classes:
            seen = ops.concatenate([seen, labels], 1)
        return ops.split(self.leave(seen), 2, axis=1)
