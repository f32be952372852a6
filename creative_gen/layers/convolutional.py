"""What networks of small pictures are made of: a trunk that contracts them, and one that expands.

Both are mirrors of each other: a level a width, each half as high and wide as the one before, and
residual blocks (He et al., 2016, "Identity mappings") below the first.
"""

from __future__ import annotations

import keras
from keras import ops

SLOPE = 0.2
"""Of the leaky rectifier (Radford et al., 2016, section 3)."""


def activated(features):
    """The rectifier of all these networks."""
    return ops.leaky_relu(features, SLOPE)


class ResidualBlock(keras.layers.Layer):
    """Adds to features (N, H, W, width) what two convolutions see in them; nothing at first.

    Args:
        width: int.
        normalised: bool. Whether what they see is divided by its root mean square at each pixel.
    """

    def __init__(self, width, normalised=True, **kwargs):
        super().__init__(**kwargs)
        self.width = width
        self.norms = [keras.layers.RMSNormalization(name=f"norm{i}") for i in (1, 2)]
        self.norms = self.norms if normalised else []
        conv = keras.layers.Conv2D
        self.convs = [
            conv(width, 3, padding="same", kernel_initializer="he_normal", name="conv1"),
            conv(width, 3, padding="same", kernel_initializer="zeros", name="conv2"),
        ]

    def build(self, _shape=None):
        for layer in (*self.norms, *self.convs):
            layer.build((None, None, None, self.width))
        self.built = True

    def call(self, features):
        seen = features
        for index, conv in enumerate(self.convs):
            seen = conv(activated(self.norms[index](seen) if self.norms else seen))
        return features + seen


class Contraction(keras.layers.Layer):
    """Pictures (N, H, W, C) to features (N, H / 2^n, W / 2^n, widths[-1]), n = len(widths) - 1.

    The features are activated.

    Args:
        channels: int. C.
        widths: of the levels, the first at the pictures' own size.
        blocks: int. Residual blocks a level, below the first.
        normalised: bool. Of the blocks.
    """

    def __init__(self, channels, widths, blocks, normalised=True, **kwargs):
        super().__init__(**kwargs)
        self.channels, self.widths = channels, tuple(widths)
        conv = keras.layers.Conv2D
        self.enter = conv(
            widths[0], 3, padding="same", kernel_initializer="he_normal", name="enter"
        )
        self.downs = [
            conv(width, 4, 2, padding="same", kernel_initializer="he_normal", name=f"down{level}")
            for level, width in enumerate(widths[1:], 1)
        ]
        self.blocks = [
            [ResidualBlock(width, normalised, name=f"block{level}_{i}") for i in range(blocks)]
            for level, width in enumerate(widths[1:], 1)
        ]
        norm = keras.layers.RMSNormalization
        self.norms = [norm(name=f"norm{level}") for level in range(len(widths))]
        self.norms = self.norms if normalised else []

    def build(self, _shape=None):
        self.enter.build((None, None, None, self.channels))
        for level, (down, blocks) in enumerate(zip(self.downs, self.blocks, strict=True)):
            down.build((None, None, None, self.widths[level]))
            for block in blocks:
                block.build()
        for norm, width in zip(self.norms, self.widths, strict=False):
            norm.build((None, None, None, width))
        self.built = True

    def call(self, pictures):
        features = self.rectified(0, self.enter(pictures))
        for level, (down, blocks) in enumerate(zip(self.downs, self.blocks, strict=True), 1):
            features = down(features)
            for block in blocks:
                features = block(features)
            features = self.rectified(level, features)
        return features

    def rectified(self, level, features):
        """What a level hands on: its features, normalised if they are, and activated."""
        return activated(self.norms[level](features) if self.norms else features)


class Expansion(keras.layers.Layer):
    """Features (N, base, base, widths[-1]) to planes (N, base * 2^n, base * 2^n, planes).

    Args:
        planes: int. Channels of what is given; no activation follows.
        widths, blocks: as those of `Contraction`, whose mirror it is.
    """

    def __init__(self, planes, widths, blocks, **kwargs):
        super().__init__(**kwargs)
        self.widths = tuple(widths)
        levels = range(len(widths) - 1, 0, -1)
        self.blocks = [
            [ResidualBlock(widths[level], name=f"block{level}_{i}") for i in range(blocks)]
            for level in levels
        ]
        self.norms = [keras.layers.RMSNormalization(name=f"norm{level}") for level in levels]
        self.ups = [
            keras.layers.Conv2DTranspose(widths[level - 1], 4, 2, padding="same", name=f"up{level}")
            for level in levels
        ]
        self.last_norm = keras.layers.RMSNormalization(name="norm0")
        self.leave = keras.layers.Conv2D(planes, 3, padding="same", name="leave")

    def build(self, _shape=None):
        falling = self.widths[:0:-1]
        for width, blocks, norm, up in zip(falling, self.blocks, self.norms, self.ups, strict=True):
            for layer in (*blocks, norm, up):
                layer.build((None, None, None, width))
        for layer in (self.last_norm, self.leave):
            layer.build((None, None, None, self.widths[0]))
        self.built = True

    def call(self, features):
        for blocks, norm, up in zip(self.blocks, self.norms, self.ups, strict=True):
            for block in blocks:
                features = block(features)
            features = up(activated(norm(features)))
        return self.leave(activated(self.last_norm(features)))


def as_picture(planes):
    """Logits (N, H, W, C) as a picture in [0, 1]; of 4 channels the colour is premultiplied."""
    picture = ops.sigmoid(planes)
    if picture.shape[-1] != 4:
        return picture
    alpha = picture[..., 3:]
    return ops.concatenate([picture[..., :3] * alpha, alpha], -1)
