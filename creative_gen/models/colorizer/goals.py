"""What colorizers are trained to do: be near the true colours, and know how likely each is."""

from __future__ import annotations

import keras
from keras import ops

from creative_gen.models.colorizer.network import Colorizer


class ColorizerTraining(Colorizer):
    """Trains for the absolute error of colours, and the likelihood of the palettes' classes.

    Its batches are dicts of what `Colorizer.call` takes, and of "color" (N, H/2, W/2, 3), scaled
    as the network gives it, "share" (N, H/2, W/2, 1), how much of each cell counts, "classes"
    (N, H/4, W/4), indices into the palette of the picture's kind, and "class_share" (N, H/4, W/4).

    Args:
        config: ColorizerConfig.
        objective: Objective.
        weights: of the classes of tones (K,) and of lines (L,).
    """

    def __init__(self, config, objective, weights, **kwargs):
        super().__init__(config, **kwargs)
        self.objective = objective
        self.class_weights = dict(zip(("tones", "lines"), weights, strict=True))
        names = ("tone_error", "line_error", "tone_nats", "line_nats")
        self.means = {name: keras.metrics.Mean(name=name) for name in names}

    @property
    def metrics(self):
        return [*super().metrics, *self.means.values()]

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        lines = x["lines"][:, :, None, None]
        loss = 0.0
        for kind, rows, channels in (("tone", 1.0 - lines, 1), ("line", lines, 0)):
            errors = ops.abs(y_pred["color"] - x["color"])[..., channels:]
            share = ops.broadcast_to(x["share"] * rows, ops.shape(errors))
            error = weighted_mean(errors, share)
            nats = self.nats(f"{kind}s", x, y_pred, rows[..., 0])
            present = ops.max(rows)
            self.means[f"{kind}_error"].update_state(error, present)
            self.means[f"{kind}_nats"].update_state(nats, present)
            loss += error + self.objective.likelihood * nats
        return loss

    def nats(self, kind, batch, made, rows):
        """The weighted mean cross-entropy of a palette, over the pictures of its kind."""
        logits = made[kind]
        weights = ops.convert_to_tensor(self.class_weights[kind])
        # The classes of the other kind of picture may be beyond this palette.
        classes = ops.where(rows > 0, batch["classes"], 0)
        nats = keras.losses.sparse_categorical_crossentropy(classes, logits, from_logits=True)
        return weighted_mean(nats, ops.take(weights, classes) * batch["class_share"] * rows)


def weighted_mean(values, weights):
    """The mean by weights; 0 where all are 0."""
    return ops.sum(values * weights) / ops.maximum(ops.sum(weights), 1e-6)
