"""Trains a WaveNet for a given time; a killed run goes on where it stopped."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import keras

from creative_gen.fitting.checkpoint import keep_seed
from creative_gen.fitting.session import (
    Budget,
    Session,
    TrainingProgress,
    run_configuration,
    train_as_asked,
)
from creative_gen.interface.errors import InvalidRequest
from creative_gen.interface.families import TrainingRequest
from creative_gen.models.wavenet.dataset import Clips, Rows
from creative_gen.models.wavenet.envelope_training import fitted_envelopes
from creative_gen.models.wavenet.envelopes import Envelopes
from creative_gen.models.wavenet.network import WaveNet
from creative_gen.models.wavenet.recipe import Recipe, pitch_ranges, read_recipe, sources_of

VALIDATION_CROPS = 64


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
        InvalidRequest: the folder holds a run of another network, seed, or kinds or sources of
            clips, or a setting is out of bounds.
        MediaError: the clips cannot be read.
        TrainingFailed: the loss is no longer a number.
    """
    keras.utils.set_random_seed(seed)
    training, validation = recipe.load(data, "train"), recipe.load(data, "valid")
    names, kinds = sources_of(training) if recipe.tell_sources else ((), ())
    measured = {
        "kinds": training.kinds,
        "pitches": pitch_ranges(training),
        "variants": kinds,
    }
    config = run_configuration(recipe.network, run, measured)
    if not training.kinds == validation.kinds == config.kinds or kinds != config.variants:
        raise InvalidRequest(
            f"The clips in '{data / recipe.clips}' have other kinds or sources than the run in "
            f"'{run}'.",
            "Give the data that the run began with, or another folder for the run.",
        )
    keep_seed(run, seed)
    goal = recipe.objective
    clips = Clips(training, config, names)
    envelopes = Envelopes(config, fitted_envelopes(clips, run, seed))
    model = WaveNet(config)
    model.build()
    optimizer = keras.optimizers.Adam(goal.learning_rate, global_clipnorm=goal.clip_norm)
    optimizer.build(model.trainable_variables)
    # XLA runs a step in half the time; PyTorch has none.
    model.compile(optimizer=optimizer, jit_compile=keras.backend.backend() != "torch")
    session = Session(model, run, Budget(minutes, steps), goal.learning_rate_at, report)
    # Another stream of crops after each start, so that a resumed run hears fresh ones.
    batches = Rows(clips, envelopes).training(goal, [seed, session.standing.step])
    heard = Rows(Clips(validation, config), envelopes)
    session.train(batches, heard.validation(goal, VALIDATION_CROPS))
