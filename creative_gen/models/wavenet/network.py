"""WaveNet in Keras 3: the reference that exported assets are held to.

van den Oord et al., "WaveNet: A Generative Model for Raw Audio" (2016), with every convolution
written as a product of matrices on (batch, samples, channels): XLA makes those twice as fast on a
processor as its own dilated convolution.
"""

from __future__ import annotations

import math

import keras
import numpy as np
from keras import ops

from creative_gen.layers.logistics import logistics_negative_log_likelihood
from creative_gen.media.mu_law import MU
from creative_gen.models.wavenet.conditioning import feature_count
from creative_gen.models.wavenet.config import LEVELS, WaveNetConfig


class GatedLayer(keras.layers.Layer):
    """A causal convolution of two taps, its gate, and what goes on and out of it (section 2.3-2.4).

    Args:
        dilation: int. How many samples back the earlier tap is.
        residual_channels, skip_channels: int. R and S.
        frame: int. Samples that share a condition.
    """

    def __init__(self, dilation, residual_channels, skip_channels, frame, **options):
        super().__init__(**options)
        self.dilation, self.frame = dilation, frame
        self.residual_channels, self.skip_channels = residual_channels, skip_channels

    def build(self, input_shape, condition_shape):
        channels, skips = self.residual_channels, self.skip_channels
        self.kernel = self.add_weight((2 * channels, 2 * channels), name="kernel")
        self.bias = self.add_weight((2 * channels,), "zeros", name="bias")
        self.condition = self.add_weight((condition_shape[-1], 2 * channels), name="condition")
        self.residual = self.add_weight((channels, channels), name="residual")
        self.residual_bias = self.add_weight((channels,), "zeros", name="residual_bias")
        self.skip = self.add_weight((channels, skips), name="skip")
        self.built = True

    def call(self, inputs, condition):
        """Inputs (B, T, R) and condition (B, T / frame, C) to the next inputs and skips (B, T, S).

        Before the first sample there are zeros.
        """
        channels = self.residual_channels
        past = ops.pad(inputs, ((0, 0), (self.dilation, 0), (0, 0)))[:, : inputs.shape[1]]
        sums = ops.matmul(ops.concatenate([past, inputs], axis=-1), self.kernel)
        told = ops.matmul(condition, self.condition) + self.bias
        framed = (-1, told.shape[1], self.frame, 2 * channels)
        sums = ops.reshape(sums, framed) + ops.expand_dims(told, 2)
        gated = ops.tanh(sums[..., :channels]) * ops.sigmoid(sums[..., channels:])
        gated = ops.reshape(gated, (-1, inputs.shape[1], channels))
        # One product for both, because they read the same numbers.
        both = ops.matmul(gated, ops.concatenate([self.residual, self.skip], axis=-1))
        both = both + ops.pad(self.residual_bias, (0, self.skip_channels))
        return inputs + both[..., :channels], both[..., channels:]


def _small_start(config):
    """How the output layer of logistics starts: around zero, of several widths."""
    if config.head == "mu_law":
        return {}
    bias = np.zeros(config.outputs, np.float32)
    bias[2 * config.mixtures :] = np.linspace(-6.0, -2.0, config.mixtures)
    small = keras.initializers.RandomNormal(stddev=0.01, seed=0)
    return {"kernel_initializer": small, "bias_initializer": _constant(bias)}


def _constant(value):
    return keras.initializers.Constant(value)


class WaveNet(keras.Model):
    """WaveNet with global and local conditioning (section 2.5).

    Its input is a dictionary, see `dataset.Rows.empty`; its output (B, T, O) are logits of mu-law
    levels, or the mixture logits, means and log scales of logistics.

    Args:
        config: WaveNetConfig.
    """

    def __init__(self, config: WaveNetConfig):
        super().__init__(name="wavenet")
        self.config = config
        dense = keras.layers.Dense
        self.told = [
            dense(config.condition_units, "tanh", name="told"),
            dense(config.condition_units, "tanh", name="condition"),
        ]
        self.enter = dense(config.residual_channels, name="enter")
        sizes = (config.residual_channels, config.skip_channels, config.frame)
        self.gated = [
            GatedLayer(dilation, *sizes, name=f"layer_{index}")
            for index, dilation in enumerate(config.dilations)
        ]
        self.skip_bias = self.add_weight((config.skip_channels,), "zeros", name="skip_bias")
        self.head = dense(config.head_units, "relu", name="head")
        self.leave = dense(config.outputs, name="output", **_small_start(config))
        self.noise = keras.random.SeedGenerator(0)
        self.bits = keras.metrics.Mean(name="bits_per_sample")

    def build(self, input_shape: object = None) -> None:
        config = self.config
        self.told[0].build((None, None, feature_count(config)))
        self.told[1].build((None, None, config.condition_units))
        self.enter.build((None, None, 2 + 2 * config.phases))
        for layer in self.gated:
            layer.build((None, None, config.residual_channels), (None, config.condition_units))
        self.head.build((None, None, config.skip_channels))
        self.leave.build((None, None, config.head_units))
        self.built = True

    @property
    def metrics(self):
        return [*super().metrics, self.bits]

    def call(self, batch, training=False):
        past = self.heard(batch["residual"] * ops.expand_dims(batch["level"], -1))
        if training:
            past = past + self.blur(past, batch["noise"])
        steps = [_delayed(past, 1), _delayed(past, 2), batch["phases"]]
        condition = batch["features"]
        for layer in self.told:
            condition = layer(condition)
        hidden = self.enter(ops.concatenate(steps, axis=-1))
        total = self.skip_bias
        for layer in self.gated:
            hidden, skip = layer(hidden, condition)
            total = total + skip
        return self.leave(self.head(ops.relu(total)))

    def heard(self, samples):
        """What the network hears of samples (B, T): companded, and of levels their middle."""
        if self.config.head == "mu_law":
            heard = (2 * ops.cast(self.levels(samples), "float32") + 1) / LEVELS - 1
        else:
            heard = compand(samples)
        return ops.expand_dims(heard, -1)

    def levels(self, samples):
        """The mu-law levels of samples (B, T) after pre-emphasis, int32."""
        before = ops.pad(samples, ((0, 0), (1, 0)))[:, :-1]
        emphasised = samples - self.config.pre_emphasis * before
        steps = ops.floor((compand(emphasised) + 1) * (LEVELS // 2))
        return ops.cast(ops.clip(steps, 0, LEVELS - 1), "int32")

    def blur(self, past, noise):
        """Noise (B, T, 1), as loud relative to the past as `noise` (B,) says."""
        size = noise * ops.sqrt(ops.mean(ops.square(past), axis=(1, 2)))
        normal = keras.random.normal(ops.shape(past), seed=self.noise)
        return normal * ops.reshape(size, (-1, 1, 1))

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        """The mean negative log-likelihood in nats: of levels, or of 16-bit samples."""
        if self.config.head == "mu_law":
            losses = keras.losses.sparse_categorical_crossentropy(
                self.levels(x["residual"]), y_pred, from_logits=True
            )
        else:
            losses = logistics_negative_log_likelihood(y_pred, x["residual"], x["half_step"])
        count = ops.sum(x["weights"])
        loss = ops.sum(losses * x["weights"]) / ops.maximum(count, 1.0)
        self.bits.update_state(loss / math.log(2.0), sample_weight=count)
        return loss


def compand(samples):
    """Mu-law companding of a tensor, see `media.mu_law.compand`."""
    return ops.sign(samples) * ops.log1p(MU * ops.abs(samples)) / math.log1p(MU)


def _delayed(values, steps):
    """Values (B, T, 1) some steps later, zeros before."""
    return ops.pad(values, ((0, 0), (steps, 0), (0, 0)))[:, :-steps]
