"""What classifiers are trained to do: be right, and not too sure of it."""

from __future__ import annotations

import keras
from keras import ops

from creative_gen.models.classifier.network import Classifier


class ClassifierTraining(Classifier):
    """Trains for the cross-entropy of smoothed labels.

    Its batches are dicts of "picture" (N, side, side, channels) and "label" (N, classes).

    Args:
        config: ClassifierConfig.
        objective: Objective.
        weights: (classes,). How much a picture of each class counts.
    """

    def __init__(self, config, objective, weights, **kwargs):
        super().__init__(config, **kwargs)
        self.objective = objective
        self.class_weights = weights
        self.dropout = keras.layers.Dropout(objective.dropout, seed=0)
        self.accuracy = keras.metrics.Mean(name="accuracy")

    @property
    def metrics(self):
        return [*super().metrics, self.accuracy]

    def call(self, batch, training=False):
        return self.leave(self.dropout(self.features(batch["picture"]), training=training))

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        label = x["label"]
        self.accuracy.update_state(keras.metrics.categorical_accuracy(label, y_pred))
        nats = keras.losses.categorical_crossentropy(
            label, y_pred, from_logits=True, label_smoothing=self.objective.label_smoothing
        )
        return ops.mean(nats * ops.matmul(label, ops.convert_to_tensor(self.class_weights)))
