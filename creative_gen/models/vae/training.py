"""Trains a VAE for a given time; a killed run goes on where it stopped."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import keras

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
    config = run_configuration(network, run, {"classes": classes})
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
    # Another stream of pictures after each start, so that a resumed run sees fresh ones.
    seen = PictureBatches(training, recipe.augmentation, recipe.by_class, goal.binarise)
    kept = PictureBatches(
        validation.first(VALIDATION_PICTURES), Augmentation(), False, goal.binarise
    )
    session.train(
        seen.batches(goal.batch, [seed, session.standing.step]), list(kept.once(goal.batch))
    )
