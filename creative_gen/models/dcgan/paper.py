"""The players of Radford et al. (2016), by its guidelines (section 3): the reference.

Batch normalisation in both but for the generator's last and the discriminator's first layer,
rectifiers in the generator, leaky ones in the discriminator, no other dense layers than the first
and the last, weights of a normal distribution of deviation 0.02. Its tanh on [-1, 1] is here a
sigmoid on [0, 1], which is the same but for a factor of 2. Classes, which the paper does not have,
enter the generator beside the latent vector and the discriminator by projection.
"""

from __future__ import annotations

import keras
from keras import ops

from creative_gen.layers.convolutional import activated, as_picture
from creative_gen.models.dcgan.config import DCGANConfig

KERNEL = 5
"""Height and width of the paper's kernels."""


def drawn():
    """The paper's initial weights."""
    return keras.initializers.RandomNormal(stddev=0.02)


class PaperGenerator(keras.Model):
    """Latent vectors (N, Z) and labels (N, K) to pictures (N, H, W, C) in [0, 1]."""

    def __init__(self, config: DCGANConfig, **kwargs):
        super().__init__(**kwargs)
        self.config = config
        widths = (config.channels, *config.widths[1:])
        levels = range(len(widths) - 1, 0, -1)
        size = config.base**2 * widths[-1]
        self.enter = keras.layers.Dense(size, kernel_initializer=drawn(), name="enter")
        self.norms = [keras.layers.BatchNormalization(name=f"norm{level}") for level in levels]
        self.ups = [
            keras.layers.Conv2DTranspose(
                widths[level - 1],
                KERNEL,
                2,
                padding="same",
                kernel_initializer=drawn(),
                name=f"up{level}",
            )
            for level in levels
        ]

    def build(self, _shape: object = None) -> None:
        self.enter.build((None, self.config.latent + len(self.config.classes)))
        for norm, up, width in zip(self.norms, self.ups, self.config.widths[:0:-1], strict=True):
            norm.build((None, None, None, width))
            up.build((None, None, None, width))
        self.built = True

    def call(self, latent, labels, training=True):
        config = self.config
        known = ops.concatenate([latent, labels], 1) if config.classes else latent
        shape = (-1, config.base, config.base, config.widths[-1])
        features = ops.reshape(self.enter(known), shape)
        for norm, up in zip(self.norms, self.ups, strict=True):
            features = up(ops.relu(norm(features, training=training)))
        return as_picture(features)


class PaperDiscriminator(keras.Model):
    """Pictures (N, H, W, C) and labels (N, K) to logits (N,)."""

    def __init__(self, config: DCGANConfig, **kwargs):
        super().__init__(**kwargs)
        self.config = config
        widths = config.judge_widths[1:]
        self.downs = [
            keras.layers.Conv2D(
                width, KERNEL, 2, padding="same", kernel_initializer=drawn(), name=f"down{level}"
            )
            for level, width in enumerate(widths, 1)
        ]
        self.norms = [
            keras.layers.BatchNormalization(name=f"norm{level}")
            for level in range(2, len(widths) + 1)
        ]
        self.leave = keras.layers.Dense(
            1 + len(config.classes), kernel_initializer=drawn(), name="leave"
        )

    def build(self, _shape: object = None) -> None:
        config = self.config
        widths = (config.channels, *config.judge_widths[1:])
        for down, width in zip(self.downs, widths, strict=False):
            down.build((None, None, None, width))
        for norm, width in zip(self.norms, widths[2:], strict=True):
            norm.build((None, None, None, width))
        self.leave.build((None, widths[-1] * (config.side // 2 ** len(self.downs)) ** 2))
        self.built = True

    def call(self, inputs, training=True):
        pictures, labels = inputs
        features = activated(self.downs[0](2 * pictures - 1))
        for down, norm in zip(self.downs[1:], self.norms, strict=True):
            features = activated(norm(down(features), training=training))
        logits = self.leave(ops.reshape(features, (ops.shape(features)[0], -1)))
        if not self.config.classes:
            return logits[:, 0]
        return logits[:, 0] + ops.sum(logits[:, 1:] * labels, 1)
