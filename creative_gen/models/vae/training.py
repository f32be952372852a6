"""Trains a VAE for a given time; a killed run goes on where it stopped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from creative_gen.fitting.checkpoint import keep_seed
from creative_gen.fitting.picture_batches import Augmentation, PictureBatches, read_splits
from creative_gen.fitting.session import (
    Budget,
    Session,
    TrainingProgress,
    run_configuration,
    train_as_asked,
)
from creative_gen.interface.errors import InvalidRequest
from creative_gen.interface.families import TrainingRequest
from creative_gen.media.picture_set import PictureSet
from creative_gen.models.vae.goals import VAETraining
from creative_gen.models.vae.recipe import Recipe, read_recipe

VALIDATION_PICTURES = 2000


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
    conditional = recipe.conditional and len(training.classes) > 1
    classes = training.classes if conditional else ()
    config = run_configuration(network.model_copy(update={"classes": classes}), run)
    keep_seed(run, seed)
    model = VAETraining(config, goal)
    model.build()
    optimizer = keras.optimizers.Adam(
        goal.learning_rate,
        global_clipnorm=goal.clip_norm,
        use_ema=goal.average > 0,
        ema_momentum=goal.average,
    )
    optimizer.build(model.trainable_variables)
    # XLA's convolutions take longer on a CPU than oneDNN's.
    model.compile(optimizer=optimizer, jit_compile=keras.backend.backend() == "jax")
    session = Session(model, run, Budget(minutes, steps), goal.learning_rate_at, report)
    model.warm_up.seen.assign(session.standing.step)
    # Another stream of pictures after each start, so that a resumed run sees fresh ones.
    names = [one.attribute for one in recipe.directions]
    told = told_rows(training, training, names)
    twins = known_attribute(training, recipe.twins) if recipe.twins else None
    seen = PictureBatches(
        training, recipe.augmentation, recipe.by_class, goal.binarise, told, twins
    )
    few = validation.some(VALIDATION_PICTURES)
    told = told_rows(few, training, names)
    kept = PictureBatches(few, Augmentation(), False, goal.binarise, told)
    session.train(
        seen.batches(goal.batch, [seed, session.standing.step]), list(kept.once(goal.batch))
    )


def told_rows(
    pictures: PictureSet, training: PictureSet, names: Sequence[str]
) -> NDArray[np.float32] | None:
    """Attributes (N, A) of pictures, in standard deviations of those of the training pictures.

    Raises:
        InvalidRequest: the pictures have no such attribute, or all have the same.
    """
    rows = []
    for name in names:
        known = known_attribute(training, name)
        deviation = np.nanstd(known)
        if not deviation > 0:
            raise InvalidRequest(
                f"The attribute '{name}' is the same for all pictures.",
                "Take it out of the recipe's [[directions]], or add pictures that differ in it.",
            )
        rows.append((known_attribute(pictures, name) - np.nanmean(known)) / deviation)
    return np.stack(rows, axis=1).astype(np.float32) if rows else None


def known_attribute(pictures: PictureSet, name: str) -> NDArray[np.float32]:
    """An attribute of a set's pictures.

    Raises:
        InvalidRequest: they have none of that name.
    """
    if name not in pictures.attributes:
        raise InvalidRequest(
            f"The pictures have no attribute '{name}'.",
            f"They have {', '.join(pictures.attributes) or 'none'}.",
        )
    return pictures.attributes[name]
