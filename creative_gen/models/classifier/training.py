"""Trains a classifier for a given time; a killed run goes on where it stopped."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np

from creative_gen.fitting.checkpoint import keep_seed
from creative_gen.fitting.picture_batches import Augmentation, PictureBatches, read_splits
from creative_gen.fitting.session import (
    Budget,
    Session,
    TrainingProgress,
    run_configuration,
    train_as_asked,
)
from creative_gen.interface.families import TrainingRequest
from creative_gen.models.classifier.goals import ClassifierTraining
from creative_gen.models.classifier.recipe import Recipe, read_recipe

VALIDATION_BATCH = 256


def train_recipe(request: TrainingRequest) -> None:
    """Do what `creative-gen train` asks for."""
    train_as_asked(request, train, read_recipe(request.recipe))


def train(
    recipe: Recipe,
    data: Path,
    run: Path,
    minutes: float,
    seed: int = 0,
    report: Callable[[TrainingProgress], None] = print,
    steps: int | None = None,
) -> None:
    """Train until `minutes` or `steps` of training have passed in all, over every start of a run.

    Writes to the folder `run` what `fitting.session.Session` says.

    Raises:
        InvalidRequest: the folder holds a run of another network or seed.
        MediaError: the set of pictures cannot be read, or is not of the network's size.
        TrainingFailed: the loss is no longer a number.
    """
    keras.utils.set_random_seed(seed)
    goal, network = recipe.objective, recipe.network
    training, validation = read_splits(data / recipe.folder, network.side, network.channels)
    config = run_configuration(network.model_copy(update={"classes": training.classes}), run)
    keep_seed(run, seed)
    model = ClassifierTraining(config, goal, class_weights(training, goal.balance))
    model.build()
    optimizer = keras.optimizers.AdamW(
        goal.learning_rate, weight_decay=goal.weight_decay, global_clipnorm=goal.clip_norm
    )
    optimizer.build(model.trainable_variables)
    # XLA's convolutions take longer on a CPU than oneDNN's.
    model.compile(optimizer=optimizer, jit_compile=keras.backend.backend() == "jax")
    session = Session(model, run, Budget(minutes, steps), goal.learning_rate_at, report)
    # Another stream of pictures after each start, so that a resumed run sees fresh ones.
    seen = PictureBatches(training, recipe.augmentation)
    kept = PictureBatches(validation, Augmentation())
    session.train(
        seen.batches(goal.batch, [seed, session.standing.step]), list(kept.once(VALIDATION_BATCH))
    )


def class_weights(pictures, balance):
    """How much a picture of each class counts (classes,): 1 on average over the pictures.

    Args:
        pictures: PictureSet.
        balance: 0 weighs all pictures alike, 1 all classes.
    """
    counts = np.bincount(pictures.labels, minlength=len(pictures.classes))
    weights = np.maximum(counts, 1).astype(np.float64) ** -balance
    return (weights * len(pictures) / (counts @ weights)).astype(np.float32)
