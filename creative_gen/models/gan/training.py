"""Trains a GAN for a given time; a killed run goes on where it stopped."""

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
from creative_gen.models.gan.goals import Game, TurnsAdam
from creative_gen.models.gan.recipe import Recipe, read_recipe


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
    config = run_configuration(network, run)
    keep_seed(run, seed)
    session = Session(
        new_game(config, goal), run, Budget(minutes, steps), goal.learning_rate_at, report
    )
    # Another stream of pictures after each start, so that a resumed run sees fresh ones.
    seen = PictureBatches(training, recipe.augmentation, recipe.by_class)
    kept = PictureBatches(validation, Augmentation())
    session.train(
        seen.batches(goal.batch, [seed, session.standing.step]), list(kept.once(goal.batch))
    )


def new_game(config, goal):
    """A `Game` of a GANConfig and an Objective, built and compiled."""
    game = Game(config, goal)
    game.build()
    optimizer = TurnsAdam(
        "generator", goal.discriminator_steps, goal.learning_rate, beta_1=goal.momentum
    )
    optimizer.build(game.trainable_variables)
    game.compile(optimizer=optimizer, jit_compile=keras.backend.backend() == "jax")
    return game
