"""The VAE in Keras: convolutional encoder and decoder, conditional on a class if it has classes."""

from __future__ import annotations

import keras
from keras import ops

from creative_gen.layers.convolutional import Contraction, Expansion, as_picture
from creative_gen.models.vae.config import VAEConfig


class VAE(keras.Model):
    """A variational autoencoder (Kingma and Welling, 2014), or a CVAE (Sohn et al., 2015).

    Args:
        config: VAEConfig.
    """

    def __init__(self, config: VAEConfig, **kwargs):
        super().__init__(**kwargs)
        self.config = config
        self.encoder = Encoder(config, name="encoder")
        self.decoder = Decoder(config, name="decoder")
        self.classifier = Classifier(config, name="classifier") if config.classes else None

    def build(self, _shape: object = None) -> None:
        parts = (self.encoder, self.decoder, self.classifier)
        for part in filter(None, parts):
            part.build()
        self.built = True

    def call(self, batch):
        """The most likely reconstruction (N, H, W, C) of a batch's pictures."""
        mean, _ = self.encoder(batch["picture"], batch["label"])
        return as_picture(self.decoder(mean, batch["label"]))


class Encoder(keras.layers.Layer):
    """Pictures (N, H, W, C) and labels (N, K) to mean and log variance (N, Z) of q(z | x, y)."""

    def __init__(self, config: VAEConfig, **kwargs):
        super().__init__(**kwargs)
        self.config = config
        self.trunk = Contraction(config.channels, config.widths, config.blocks, name="trunk")
        self.leave = keras.layers.Dense(2 * config.latent, name="leave")

    def build(self, _shape: object = None) -> None:
        config = self.config
        self.trunk.build()
        seen = config.base**2 * config.widths[-1]
        self.leave.build((None, seen + len(config.classes)))
        self.built = True

    def call(self, pictures, labels):
        features = self.trunk(1 - 2 * pictures)
        seen = ops.reshape(features, (ops.shape(features)[0], -1))
        if self.config.classes:
            seen = ops.concatenate([seen, labels], 1)
        return ops.split(self.leave(seen), 2, axis=1)


class Decoder(keras.layers.Layer):
    """Latent vectors (N, Z) and labels (N, K) to logits (N, H, W, C) of p(x | z, y)."""

    def __init__(self, config: VAEConfig, **kwargs):
        super().__init__(**kwargs)
        self.config = config
        self.enter = keras.layers.Dense(config.base**2 * config.widths[-1], name="enter")
        self.trunk = Expansion(config.channels, config.widths, config.blocks, name="trunk")

    def build(self, _shape: object = None) -> None:
        self.enter.build((None, self.config.latent + len(self.config.classes)))
        self.trunk.build()
        if self.config.likelihood != "bernoulli":
            self.log_scale = self.add_weight(
                shape=(), initializer=keras.initializers.Constant(-2.0), name="log_scale"
            )
        self.built = True

    def call(self, latent, labels):
        known = ops.concatenate([latent, labels], 1) if self.config.classes else latent
        config = self.config
        shape = (-1, config.base, config.base, config.widths[-1])
        return self.trunk(ops.reshape(self.enter(known), shape))


class Classifier(keras.layers.Layer):
    """Pictures (N, H, W, C) to logits (N, K) of q(y | x), M2's classifier (Kingma et al., 2014)."""

    def __init__(self, config: VAEConfig, **kwargs):
        super().__init__(**kwargs)
        self.config = config
        self.trunk = Contraction(config.channels, config.classifier_widths, 1, name="trunk")
        self.leave = keras.layers.Dense(len(config.classes), name="leave")

    def build(self, _shape: object = None) -> None:
        self.trunk.build()
        self.leave.build((None, self.config.classifier_widths[-1]))
        self.built = True

    def call(self, pictures):
        return self.leave(ops.mean(self.trunk(1 - 2 * pictures), (1, 2)))
