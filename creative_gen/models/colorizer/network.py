"""The colorizer in Keras: a U-Net from lightness and hints to colours and their likelihoods."""

from __future__ import annotations

import keras
from keras import ops

from creative_gen.models.colorizer.config import ColorizerConfig
from creative_gen.models.colorizer.palettes import line_palette, tone_palette

SLOPE = 0.1
EPSILON = 1e-4
SPREAD = 4
"""Channels of the hints as they are given, and as they are spread."""
INPUTS = 1 + 2 * SPREAD + 1
"""Lightness, both sorts of hints, and whether it is a line drawing."""


class Residual(keras.layers.Layer):
    """Two 3 x 3 convolutions beside the identity, which is all they are at the beginning."""

    def __init__(self, channels, **kwargs):
        super().__init__(**kwargs)
        self.first = convolution(channels, 3, name="first")
        self.second = convolution(channels, 3, name="second", kernel_initializer="zeros")

    def build(self, shape):
        self.first.build(shape)
        self.second.build(shape)

    def call(self, pictures):
        inner = self.first(activated(pictures))
        return pictures + self.second(ops.leaky_relu(inner, SLOPE))


class WholePicture(keras.layers.Layer):
    """Tells every place what is in the picture as a whole: its mean, through a dense layer."""

    def __init__(self, channels, **kwargs):
        super().__init__(**kwargs)
        self.dense = keras.layers.Dense(channels, name="dense", kernel_initializer="zeros")

    def build(self, shape):
        self.dense.build((shape[0], shape[-1]))

    def call(self, pictures):
        return pictures + self.dense(ops.mean(pictures, (1, 2)))[:, None, None]


def convolution(channels, side, strides=1, name=None, kernel_initializer="he_normal"):
    """A convolution that keeps the size, or halves it."""
    return keras.layers.Conv2D(
        channels,
        side,
        strides,
        padding="same",
        name=name,
        kernel_initializer=kernel_initializer,
    )


class Colorizer(keras.Model):
    """Says the colour of every other pixel, and how likely each of a palette is of every fourth.

    Args:
        config: ColorizerConfig.
    """

    def __init__(self, config: ColorizerConfig, **kwargs):
        super().__init__(**kwargs)
        self.config = config
        widths = config.widths
        self.down = [
            convolution(width, 3, 2, name=f"down{level}") for level, width in enumerate(widths)
        ]
        self.down_blocks = [
            [Residual(width, name=f"down{level}_block{i}") for i in range(blocks)]
            for level, (width, blocks) in enumerate(zip(widths, config.blocks, strict=True))
        ]
        self.whole = WholePicture(widths[-1], name="whole")
        self.up = [convolution(width, 1, name=f"up{level}") for level, width in enumerate(widths)]
        self.up_blocks = [
            Residual(width, name=f"up{level}_block") for level, width in enumerate(widths)
        ]
        self.color = convolution(3, 3, name="color", kernel_initializer="zeros")
        self.tones = convolution(len(tone_palette(config.tone_spacing)), 1, name="tones")
        self.lines = convolution(len(line_palette(config.line_spacing)), 1, name="lines")

    def build(self, _shape: object = None) -> None:
        """Make the weights."""
        widths = self.config.widths
        for level, width in enumerate(widths):
            before = INPUTS if level == 0 else widths[level - 1]
            below = 0 if level == len(widths) - 1 else widths[level + 1]
            self.down[level].build((None, None, None, before))
            self.up[level].build((None, None, None, width + below))
            for block in (*self.down_blocks[level], self.up_blocks[level]):
                block.build((None, None, None, width))
        self.whole.build((None, None, None, widths[-1]))
        self.color.build((None, None, None, widths[0] + SPREAD))
        self.tones.build((None, None, None, widths[1]))
        self.lines.build((None, None, None, widths[1]))
        self.built = True

    def call(self, batch):
        """The colours of a batch of pictures.

        Args:
            batch: dict of "lightness" (N, H, W, 1), "hints" (N, H, W, 8), the hints and what
                they are spread to, and "lines" (N, 1); see `player` for what is in them.

        Returns:
            dict of "color" (N, H/2, W/2, 3), "tones" (N, H/4, W/4, K) and "lines" (N, H/4, W/4, L),
            the latter two logits over the palettes.
        """
        lightness = batch["lightness"]
        lines = ops.broadcast_to(batch["lines"][:, :, None, None], ops.shape(lightness))
        features = ops.concatenate([lightness, batch["hints"], lines], -1)
        levels = []
        for enter, blocks in zip(self.down, self.down_blocks, strict=True):
            features = enter(activated(features) if levels else features)
            for block in blocks:
                features = block(features)
            levels.append(features)
        features = self.whole(features)
        decoded = []
        for level in reversed(range(len(levels))):
            if decoded:
                features = ops.concatenate([levels[level], enlarged(features)], -1)
            features = self.up_blocks[level](self.up[level](features))
            decoded.append(features)
        spread = ops.average_pool(batch["hints"][..., -SPREAD:], (2, 2), (2, 2))
        half, quarter = (activated(decoded[i]) for i in (-1, -2))
        return {
            # The spread hints are what the colour is near, and are not normalised away here.
            "color": self.color(ops.concatenate([half, spread], -1)),
            "tones": self.tones(quarter),
            "lines": self.lines(quarter),
        }


def activated(pictures):
    """Leaky rectifiers of features that are normalised at each pixel (Karras et al., 2018, 4.2).

    Without the normalisation, training at a useful rate diverges.
    """
    squares = ops.mean(ops.square(pictures), -1, keepdims=True)
    return ops.leaky_relu(pictures * ops.rsqrt(squares + EPSILON), SLOPE)


def enlarged(pictures):
    """Twice as high and wide, each pixel four times."""
    return ops.repeat(ops.repeat(pictures, 2, 1), 2, 2)
