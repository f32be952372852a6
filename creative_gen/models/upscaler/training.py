"""Trains an upscaler for a given time; a killed run goes on where it stopped."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from pathlib import Path

import keras

from creative_gen.fitting.checkpoint import keep_seed, load_weights, weights_of
from creative_gen.fitting.finished import FinishedRun
from creative_gen.fitting.session import (
    Budget,
    Session,
    TrainingProgress,
    run_configuration,
    train_as_asked,
)
from creative_gen.interface.families import TrainingRequest
from creative_gen.models.upscaler.goals import AdversarialTraining, FidelityTraining
from creative_gen.models.upscaler.pairs import Pairs
from creative_gen.models.upscaler.recipe import Recipe, read_recipe

VALIDATION_BATCHES = 24


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
        InvalidRequest: the folder holds a run of another network or seed, a folder has no
            pictures, or a setting is out of bounds.
        TrainingFailed: the loss is no longer a number.
    """
    keras.utils.set_random_seed(seed)
    goal = recipe.objective
    config = run_configuration(recipe.network, run)
    keep_seed(run, seed)
    training, validation = (
        Pairs(
            [data / source.folder / split for source in recipe.sources],
            recipe.sources,
            config.scales,
            goal.patch,
            seed,
        )
        for split in ("train", "valid")
    )
    kind = AdversarialTraining if goal.adversarial else FidelityTraining
    model = kind(config, goal)
    model.build()
    if recipe.start_from and not (run / "checkpoint.npz").exists():
        # Another run has no discriminator, or one that was made for it.
        begun = FinishedRun(run / recipe.start_from).best_weights
        load_weights(model, weights_of(model) | begun)
    optimizer = keras.optimizers.Adam(goal.learning_rate, global_clipnorm=goal.clip_norm)
    optimizer.build(model.trainable_variables)
    # XLA's convolutions take longer on a CPU than oneDNN's.
    model.compile(optimizer=optimizer, jit_compile=keras.backend.backend() == "jax")
    session = Session(model, run, Budget(minutes, steps), goal.learning_rate_at, report)
    # Another stream of patches after each start, so that a resumed run sees fresh ones.
    batches = training.batches(goal.patches, [seed, session.standing.step])
    fixed = list(islice(validation.batches(goal.patches, [seed]), VALIDATION_BATCHES))
    session.train(batches, fixed)
