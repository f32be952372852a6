"""Trains M2 on examples of which few have labels."""

from __future__ import annotations

import keras
import numpy as np

from creative_gen.fitting.picture_batches import Augmentation
from creative_gen.models.vae.m2.goals import M2Training


def train_m2(
    config, objective, examples, labels, rows, steps, seed=0, augmentation=None, report=None
):
    """A trained `M2Training`, with the moving average of its weights.

    Args:
        config: M2Config.
        objective: M2Objective.
        examples: float32 (N, *shape). All of them; the labelled ones are among the unlabelled.
        labels: integers (N,). Only those of `rows` are looked at.
        rows: integers. The labelled examples.
        steps: int.
        seed: int. Of the weights, the draws and the changes.
        augmentation: Augmentation. How pictures are changed every time they are seen; by default
            they are not.
        report: callable. Takes the step and the metrics, every 100 steps.
    """
    keras.utils.set_random_seed(seed)
    model = M2Training(config, objective, len(rows) / len(examples))
    model.build()
    optimizer = keras.optimizers.Adam(
        objective.learning_rate, use_ema=True, ema_momentum=objective.average
    )
    optimizer.build(model.trainable_variables)
    model.compile(optimizer=optimizer, jit_compile=keras.backend.backend() == "jax")
    seen = batches(config, objective, examples, labels, rows, seed, augmentation or Augmentation())
    for step in range(steps):
        optimizer.learning_rate = objective.learning_rate_at(step, step / steps)
        metrics = model.train_on_batch(next(seen), return_dict=True)
        if report and (step + 1) % 100 == 0:
            report(step + 1, {name: float(value) for name, value in metrics.items()})
    optimizer.finalize_variable_values(model.trainable_variables)
    return model


def batches(config, objective, examples, labels, rows, seed, augmentation):
    """Endlessly many batches, drawn with replacement."""
    rng = np.random.default_rng(seed)
    one_hot = np.eye(config.classes, dtype=np.float32)
    while True:
        known = rng.choice(rows, objective.known)
        unknown = rng.integers(len(examples), size=objective.unknown)
        changed = examples[np.concatenate([known, unknown])]
        if len(config.shape) == 3:
            changed = augmentation.changed(changed, rng)
        yield {
            "known": changed[: len(known)],
            "unknown": changed[len(known) :],
            "label": one_hot[labels[known]],
        }


def class_probabilities(model, examples, at_once=500):
    """q(y | x) as float32 (N, K)."""
    parts = [examples[start : start + at_once] for start in range(0, len(examples), at_once)]
    logits = np.concatenate([np.asarray(model.classifier(part)) for part in parts])
    shares = np.exp(logits - logits.max(1, keepdims=True))
    return shares / shares.sum(1, keepdims=True)
