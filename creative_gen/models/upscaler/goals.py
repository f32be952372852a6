"""What upscalers are trained to do: be near the truth, and look like it."""

from __future__ import annotations

import keras
from keras import ops

from creative_gen.layers.adversarial import frozen, relativistic_losses, smoothness_penalty
from creative_gen.models.upscaler.network import Upscaler

SLOPE = 0.2

TO_YCBCR = (
    (0.299, -0.168736, 0.5),
    (0.587, -0.331264, -0.418688),
    (0.114, 0.5, -0.081312),
)
"""RGB to luma and the two colour differences (ITU-R BT.601), columns by output."""


class FidelityTraining(Upscaler):
    """Trains for the mean absolute error in luma and, less, in the colour differences."""

    def __init__(self, config, objective, **kwargs):
        super().__init__(config, **kwargs)
        self.objective = objective
        self.decibels = {name: keras.metrics.Mean(name=f"psnr_{name}") for name in self.heads}

    @property
    def metrics(self):
        return [*super().metrics, *self.decibels.values()]

    def call(self, batch):
        return super().call(batch["small"])

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        loss = 0.0
        for name, made in y_pred.items():
            inner = self.objective.margin * int(name[1:])
            errors = (made - x["large"][name])[:, inner : -inner or None, inner : -inner or None]
            errors = ops.matmul(errors, ops.convert_to_tensor(TO_YCBCR))
            luma, chroma = errors[..., 0], errors[..., 1:]
            loss += ops.mean(ops.abs(luma))
            loss += self.objective.chroma * ops.mean(ops.sum(ops.abs(chroma), -1))
            # In 16 to 235 levels, as super-resolution is measured.
            mean_squares = ops.mean(ops.square(luma * 219 / 255), (1, 2))
            decibels = -10 * ops.log10(ops.maximum(mean_squares, 1e-9))
            self.decibels[name].update_state(decibels)
        return loss / len(y_pred)


class AdversarialTraining(FidelityTraining):
    """Trains for fidelity and, a little, against a discriminator of patches.

    The validation loss is that of fidelity alone.
    """

    def __init__(self, config, objective, **kwargs):
        super().__init__(config, objective, **kwargs)
        self.discriminator = PatchDiscriminator(
            objective.discriminator_channels, name="discriminator"
        )
        self.noise = keras.random.SeedGenerator(0)
        names = ("generator_nats", "discriminator_nats")
        self.players = {name: keras.metrics.Mean(name=name) for name in names}

    @property
    def metrics(self):
        return [*super().metrics, *self.players.values()]

    def build(self, _shape=None):
        super().build()
        self.discriminator.build()

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        loss = super().compute_loss(x, y, y_pred, sample_weight, training)
        if not training:
            return loss
        share = 1 / len(y_pred)
        for name, made in y_pred.items():
            against, for_it = self.played(x["large"][name], made)
            loss += share * (self.objective.adversarial * against + for_it)
        return loss

    def played(self, real, made):
        """The losses of the generator and, penalties included, of the discriminator."""
        judge, still = self.discriminator, ops.stop_gradient(made)
        real_logits, made_logits = judge(real), judge(still)
        ours, _ = relativistic_losses(real_logits, made_logits)
        _, theirs = relativistic_losses(ops.stop_gradient(real_logits), frozen(judge)(made))
        self.players["discriminator_nats"].update_state(ours)
        self.players["generator_nats"].update_state(theirs)
        for pictures, logits in ((real, real_logits), (still, made_logits)):
            penalty = smoothness_penalty(judge, pictures, logits, self.noise)
            ours += 0.5 * self.objective.smoothness * penalty
        return theirs, ours


class PatchDiscriminator(keras.layers.Layer):
    """Pictures (N, H, W, 3) to logits (N, H/8, W/8, 1), each of a patch (Isola et al., 2017)."""

    def __init__(self, channels, **kwargs):
        super().__init__(**kwargs)
        self.widths = [channels, 2 * channels, 4 * channels]
        self.levels = [
            keras.layers.Conv2D(width, 4, 2, padding="same", name=f"level{level}")
            for level, width in enumerate(self.widths)
        ]
        self.leave = keras.layers.Conv2D(1, 3, padding="same", name="leave")

    def build(self, _shape=None):
        widths = [3, *self.widths]
        for layer, width in zip((*self.levels, self.leave), widths, strict=True):
            layer.build((None, None, None, width))
        self.built = True

    def call(self, pictures):
        features = pictures - 0.5
        for layer in self.levels:
            features = ops.leaky_relu(layer(features), SLOPE)
        return self.leave(features)
