"""The upscaler in Keras: a plain trunk of re-parameterised convolutions, and a head a scale."""

from __future__ import annotations

import keras
import numpy as np
from keras import ops

from creative_gen.layers.rep_conv import RepConv2D
from creative_gen.media.bicubic import contributions
from creative_gen.models.upscaler.config import UpscalerConfig


class Upscaler(keras.Model):
    """Enlarges pictures by all its scales at once.

    What it makes is the bicubic enlargement plus a residual, as pixels that a shuffle puts in
    place (Shi et al., 2016). The trunk works on the small picture.

    Args:
        config: UpscalerConfig.
    """

    def __init__(self, config: UpscalerConfig, **kwargs):
        super().__init__(**kwargs)
        self.config = config
        self.enter = RepConv2D(config.channels, name="enter")
        self.trunk = [RepConv2D(config.channels, name=f"trunk{i}") for i in range(config.depth)]
        self.heads = {
            f"x{scale}": keras.layers.Conv2D(
                3 * scale**2, 3, padding="same", kernel_initializer="zeros", name=f"x{scale}"
            )
            for scale in config.scales
        }

    def build(self, _shape: object = None) -> None:
        """Make the weights."""
        width = (None, None, None, self.config.channels)
        self.enter.build((None, None, None, 3))
        for layer in (*self.trunk, *self.heads.values()):
            layer.build(width)
        self.built = True

    def features(self, small):
        """What the heads see: (N, H, W, channels) of pictures (N, H, W, 3) in [0, 1]."""
        features = self.enter(small - 0.5)
        for layer in self.trunk:
            features = layer(ops.leaky_relu(features, self.config.slope))
        return ops.leaky_relu(features, self.config.slope)

    def enlarged(self, scale, small, features):
        """Pictures (N, scale H, scale W, 3), not clipped."""
        bicubic = ops.conv(small, bicubic_kernel(scale), padding="same")
        return shuffled(bicubic + self.heads[f"x{scale}"](features), scale)

    def call(self, small):
        """Enlarge a batch for each scale; the trunk sees all of them as one.

        Args:
            small: dict of (N, H, W, 3) by "x2" ..., all of one height and width.

        Returns:
            dict of (N, scale H, scale W, 3) by the same names.
        """
        names = [name for name in self.heads if name in small]
        features = self.features(ops.concatenate([small[name] for name in names]))
        enlarged, start = {}, 0
        for name in names:
            end = start + small[name].shape[0]
            enlarged[name] = self.enlarged(int(name[1:]), small[name], features[start:end])
            start = end
        return enlarged


def shuffled(pixels, scale):
    """Put channels (N, H, W, scale * scale * C) in their places: (N, scale H, scale W, C)."""
    n, height, width, channels = ops.shape(pixels)
    blocks = ops.reshape(pixels, (n, height, width, scale, scale, channels // scale**2))
    rows = ops.transpose(blocks, (0, 1, 3, 2, 4, 5))
    return ops.reshape(rows, (n, height * scale, width * scale, channels // scale**2))


def bicubic_kernel(scale):
    """The convolution (5, 5, 3, 3 * scale * scale) whose shuffled pixels enlarge bicubically."""
    # The new pixels of the middle one of five, which no edge reaches.
    indices, weights = contributions(5, 5 * scale, scale)
    taps = np.zeros((5, scale))
    for new in range(scale):
        np.add.at(taps[:, new], indices[2 * scale + new], weights[2 * scale + new])
    planes = np.einsum("yi,xj,cd->yxcijd", taps, taps, np.eye(3))
    return planes.reshape(5, 5, 3, 3 * scale**2).astype(np.float32)
