"""Sketch-RNN in Keras 3 (D. Ha and D. Eck, "A Neural Representation of Sketch Drawings", 2017).

A bidirectional encoder gives a latent vector z, and an autoregressive decoder predicts each next
point as a mixture of bivariate normals and a pen state. This is the reference that a shipped
asset is held to; the asset is played by `creative_gen.kernels`.
"""

from __future__ import annotations

import math

import keras
from keras import ops

from creative_gen.layers.cells import CELLS
from creative_gen.layers.stroke_mixture import stroke_negative_log_likelihood
from creative_gen.models.sketch_rnn.config import SketchRNNConfig


class Encoder(keras.layers.Layer):
    """Drawings to the mean and log variance of q(z | drawing) (section 3.2).

    Inputs: points (B, T, 5) normalised stroke-5, and lengths (B,), the real points of each.
    """

    def __init__(self, config: SketchRNNConfig, **kwargs):
        super().__init__(**kwargs)
        cell, units = CELLS[config.encoder_cell], config.encoder_units
        options = cell.options(config.hyper_units, config.hyper_embedding)
        options["recurrent_dropout"] = config.recurrent_dropout
        self.forward = cell(units, name="forward", **options)
        self.backward = cell(units, name="backward", **options)
        self.mean = keras.layers.Dense(
            config.latent_size, kernel_initializer="glorot_normal", name="mean"
        )
        self.log_variance = keras.layers.Dense(
            config.latent_size, kernel_initializer="glorot_normal", name="log_variance"
        )

    def build(self, points_shape, lengths_shape=None):
        batch, steps, features = points_shape
        for direction in (self.forward, self.backward):
            direction.build((steps, batch, features))
        width = self.forward.units + self.backward.units
        self.mean.build((batch, width))
        self.log_variance.build((batch, width))

    def call(self, points, lengths, training=False):
        """Mean and log variance, each (B, Z). Padding after a drawing's length changes nothing."""
        last = ops.maximum(lengths - 1, 0)
        final = [
            final_output(self.forward, points, last, training),
            final_output(self.backward, reverse(points, lengths), last, training),
        ]
        h = ops.concatenate(final, axis=-1)
        return self.mean(h), self.log_variance(h)


class Decoder(keras.layers.Layer):
    """The next point's distribution after each point (section 3.2).

    Inputs: points (B, T, 5) that begin with the start token, and the condition (B, C) or None.
    """

    def __init__(self, config: SketchRNNConfig, **kwargs):
        super().__init__(**kwargs)
        cell = CELLS[config.decoder_cell]
        options = cell.options(config.hyper_units, config.hyper_embedding)
        self.cell = cell(
            config.decoder_units,
            condition_size=config.condition_size,
            recurrent_dropout=config.recurrent_dropout,
            name="cell",
            **options,
        )
        self.initial = keras.layers.Dense(
            2 * self.cell.state_size, "tanh", kernel_initializer="glorot_normal", name="initial"
        )
        self.output_layer = keras.layers.Dense(6 * config.mixtures + 3, name="output")
        self.input_dropout = keras.layers.Dropout(config.input_dropout)
        self.output_dropout = keras.layers.Dropout(config.output_dropout)
        self.condition_size = config.condition_size

    def build(self, points_shape, condition_shape=None):
        batch, steps, features = points_shape
        self.cell.build((steps, batch, features))
        if self.condition_size:
            self.initial.build((batch, self.condition_size))
        self.output_layer.build((steps, batch, self.cell.units))

    def call(self, points, condition=None, training=False):
        """Raw outputs (B, T, 6M + 3); see `layers.stroke_mixture` for their layout."""
        state = None
        if self.condition_size:
            state = tuple(ops.split(self.initial(condition), 2, axis=-1))
        inputs = self.input_dropout(ops.swapaxes(points, 0, 1), training=training)
        h, _ = self.cell(inputs, condition=condition, initial_state=state, training=training)
        outputs = self.output_layer(self.output_dropout(h, training=training))
        return ops.swapaxes(outputs, 0, 1)


class SketchRNN(keras.Model):
    """The whole model. It trains on a dictionary of a batch of drawings:

    - "points" (B, T + 1, 5): normalised stroke-5 with the start token first;
    - "target" (B, T + 1, 5): the points one step later, the end point after the last;
    - "lengths" (B,): real points N of each drawing, without start and end;
    - "seen" (B,): how many of them the encoder is shown when it only has to classify;
    - "category" (B,): index into the configuration's categories.

    Args:
        config: SketchRNNConfig. The network's settings.
        objective: Objective. Weights of the loss terms; only training needs it.
    """

    def __init__(self, config: SketchRNNConfig, objective=None, **kwargs):
        super().__init__(**kwargs)
        self.config = config
        self.objective = objective
        self.decoder = Decoder(config, name="decoder")
        self.seed_generator = keras.random.SeedGenerator()
        if config.conditional:
            self.encoder = Encoder(config, name="encoder")
            if config.categories:
                self.classifier = keras.layers.Dense(len(config.categories), name="classifier")
        # KL annealing counts steps.
        self.steps_seen = self.add_weight((), "zeros", trainable=False, name="steps_seen")
        self.means = {name: keras.metrics.Mean(name=name) for name in metric_names(config)}

    def build(self, input_shape: object = None) -> None:
        points, config = (None, None, 5), self.config
        self.decoder.build(points, (None, config.condition_size))
        if config.conditional:
            self.encoder.build(points, (None,))
            if config.categories:
                self.classifier.build((None, config.latent_size))
        self.built = True

    def condition(self, z, without_z, category):
        """The decoder's constant input (B, C): z (zeros without), the flag, the class one-hot.

        Args:
            z: tensor (B, Z), or None for an unconditional model.
            without_z: tensor (B,) of 0 and 1: 1 where z is to be left out.
            category: tensor (B,) of class indices.
        """
        parts = []
        if self.config.conditional:
            without_z = ops.expand_dims(ops.cast(without_z, z.dtype), -1)
            parts += [z * (1 - without_z), without_z]
        if self.config.categories:
            parts.append(ops.one_hot(category, len(self.config.categories), dtype="float32"))
        return ops.concatenate(parts, axis=-1) if parts else None

    def call(self, batch, training=False):
        """A dictionary: "output" (B, T + 1, 6M + 3), "without_z" (B,), and for a conditional
        model "mean" and "log_variance" (B, Z) and "class_logits" (B, categories)."""
        config, result = self.config, {}
        size = ops.shape(batch["points"])[0]
        z, without_z = None, ops.ones((size,))
        if config.conditional:
            chance = keras.random.uniform((size,), seed=self.seed_generator)
            without_z = ops.cast(chance < config.latent_dropout, "float32")
            shown = ops.where(without_z > 0, batch["seen"], batch["lengths"])
            mean, log_variance = self.encoder(batch["points"][:, 1:], shown, training=training)
            noise = keras.random.normal(ops.shape(mean), seed=self.seed_generator)
            z = mean + ops.exp(log_variance / 2) * noise
            result |= {"mean": mean, "log_variance": log_variance}
            if config.categories:
                result["class_logits"] = self.classifier(mean)
        condition = self.condition(z, without_z, batch["category"])
        result["output"] = self.decoder(batch["points"], condition, training=training)
        return result | {"without_z": without_z}

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        """L_R + w_KL * annealing * max(L_KL, KL_min) + the classifier's cross-entropy."""
        config, goal = self.config, self.objective
        lengths = ops.cast(x["lengths"], "float32")
        nll = self._drawing_nll(y_pred["output"], x["target"], lengths)
        loss = ops.mean(nll) / config.max_points
        with_z = 1 - y_pred["without_z"]
        per_point = nll / lengths + 2 * math.log(config.scale_factor)
        self._record("nats_per_point_without_z", per_point, 1 - with_z)
        if config.conditional:
            kl = latent_kl(y_pred["mean"], y_pred["log_variance"])
            kl = ops.sum(kl * with_z) / ops.maximum(ops.sum(with_z), 1) / config.latent_size
            self._record("nats_per_point", per_point, with_z)
            self._record("reconstruction", nll / config.max_points, with_z)
            self._record("kl", kl, ops.sum(with_z))
            # The whole weight in validation, so that its losses can be compared over a run.
            annealing = goal.annealing(self.steps_seen) if training else 1.0
            loss = loss + goal.kl_weight * annealing * ops.maximum(kl, goal.kl_floor)
        if "class_logits" in y_pred:
            loss = loss + goal.class_weight * self._classify(x, y_pred, with_z)
        if training:
            self.steps_seen.assign_add(1)
        return loss

    def _drawing_nll(self, output, target, lengths):
        """-log p of each drawing: offsets of its N points, pen states of N and the end (B,)."""
        offset, pen = stroke_negative_log_likelihood(output, target)
        step = ops.arange(ops.shape(target)[1], dtype="float32")
        is_point = ops.cast(step < ops.expand_dims(lengths, -1), "float32")
        is_pen = ops.cast(step < ops.expand_dims(lengths, -1) + 1, "float32")
        return ops.sum(offset * is_point + pen * is_pen, axis=-1)

    def _classify(self, x, y_pred, with_z):
        right = ops.cast(ops.argmax(y_pred["class_logits"], axis=-1) == x["category"], "float32")
        self._record("accuracy", right, with_z)
        self._record("prefix_accuracy", right, 1 - with_z)
        cross_entropy = keras.losses.sparse_categorical_crossentropy(
            x["category"], y_pred["class_logits"], from_logits=True
        )
        return ops.mean(cross_entropy)

    def _record(self, name, values, weights):
        self.means[name].update_state(values, sample_weight=weights)


def metric_names(config):
    """What training and validation measure beside the loss.

    `nats_per_point` is -log p of a drawing over its points, in canvas units, given z and class, and
    `..._without_z` given the class alone; `reconstruction` and `kl` are L_R and L_KL; `accuracy`
    is the classifier's on whole drawings and `prefix_accuracy` on their beginnings.
    """
    names = ["nats_per_point_without_z"]
    if config.conditional:
        names += ["nats_per_point", "reconstruction", "kl"]
        names += ["accuracy", "prefix_accuracy"] if config.categories else []
    return names


def latent_kl(mean, log_variance):
    """KL(q(z | drawing) || N(0, I)) in nats, (B,) (equation 10 times N_z)."""
    return -0.5 * ops.sum(1 + log_variance - ops.square(mean) - ops.exp(log_variance), axis=-1)


def final_output(cell, points, last, training):
    """A cell's output (B, H) at step `last` (B,) of points (B, T, 5)."""
    outputs, _ = cell(ops.swapaxes(points, 0, 1), training=training)
    index = ops.reshape(last, (1, -1, 1)) * ops.ones_like(outputs[:1], dtype="int32")
    return ops.take_along_axis(outputs, index, axis=0)[0]


def reverse(points, lengths):
    """Turn each drawing's real points (B, T, 5) around; the padding stays at the end."""
    t = ops.expand_dims(ops.arange(ops.shape(points)[1], dtype="int32"), 0)
    lengths = ops.expand_dims(lengths, -1)
    index = ops.where(t < lengths, lengths - 1 - t, t)
    return ops.take_along_axis(points, ops.expand_dims(index, -1), axis=1)
