"""The classifier in Keras: a trunk of convolutions, what it sees on average, and a dense layer."""

from __future__ import annotations

import keras
import numpy as np
from keras import ops

from creative_gen.layers.convolutional import Contraction
from creative_gen.models.classifier.config import ClassifierConfig


class Classifier(keras.Model):
    """Says how likely a picture is of each class, and what it sees in it.

    Args:
        config: ClassifierConfig.
    """

    def __init__(self, config: ClassifierConfig, **kwargs):
        super().__init__(**kwargs)
        self.config = config
        # What it sees of a picture does not depend on others: nothing is normalised by batch.
        self.trunk = Contraction(
            config.channels, config.widths, config.blocks, normalised=False, name="trunk"
        )
        self.leave = keras.layers.Dense(len(config.classes), name="leave")

    def build(self, _shape: object = None) -> None:
        """Make the weights."""
        self.trunk.build()
        self.leave.build((None, self.config.widths[-1]))
        self.built = True

    def features(self, pictures):
        """What it sees: (N, widths[-1]), the mean over the picture of each channel of the trunk.

        Args:
            pictures: (N, side, side, channels) in [0, 1]; with four channels colours are
                premultiplied.
        """
        matrix, offset = entrance(self.config.channels)
        return ops.mean(self.trunk(ops.matmul(pictures, matrix) + offset), (1, 2))

    def call(self, pictures):
        """The logits (N, classes) of pictures."""
        return self.leave(self.features(pictures))


def entrance(channels):
    """How pixels enter the network: a matrix (channels, channels), and what is added to them.

    What convolutions see beyond an edge is 0. That is what paper becomes; or transparency, beside
    which colours become those on mid grey, less that grey.
    """
    matrix, offset = np.eye(channels, dtype=np.float32), -np.ones(channels, np.float32)
    if channels == 4:
        matrix[3, :3], offset[:] = -0.5, 0.0
    return matrix, offset
