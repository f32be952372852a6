"""Trains a Sketch-RNN for a given time; a killed run goes on where it stopped."""

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
from creative_gen.interface.families import TrainingRequest
from creative_gen.models.sketch_rnn.dataset import training_batches, validation_batches
from creative_gen.models.sketch_rnn.network import SketchRNN
from creative_gen.models.sketch_rnn.objective import Objective
from creative_gen.models.sketch_rnn.recipe import Recipe, read_recipe


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

    Writes to the folder `run`: `config.json`, `checkpoint.npz` (everything that is needed to go
    on), `best.npz` (the weights of the lowest validation loss) and `log.jsonl`, a line a
    validation.

    Args:
        recipe: Recipe. The network, the objective and the sources.
        data: Path. The folder that the sources' paths are relative to.
        run: Path. The folder of this run; made when missing.
        minutes: float. How long to train; the learning rate falls over that time.
        seed: int. Seeds weights, batches and noise.
        report: callable. Takes a `TrainingProgress` every 50 steps and every validation.
        steps: int. Stop after that many steps if they come first. Defaults to no limit.

    Raises:
        InvalidRequest: the folder holds a run of another network, or a setting is out of bounds.
        MediaError: there are no drawings, or they cannot be read.
        TrainingFailed: the loss is no longer a number.
    """
    keras.utils.set_random_seed(seed)
    training, validation = recipe.load(data, "train"), recipe.load(data, "valid")
    measured = {"scale_factor": training.offsets_std()}
    config = run_configuration(recipe.network, run, measured)
    keep_seed(run, seed)
    goal = recipe.objective
    model = SketchRNN(config, goal)
    model.build()
    optimizer = make_optimizer(goal)
    optimizer.build(model.trainable_variables)
    model.compile(optimizer=optimizer)
    session = start_session(model, run, Budget(minutes, steps), report)
    # Another stream of batches after each start, so that a resumed run sees fresh ones.
    batches = training_batches(training, config, goal, [seed, session.standing.step])
    session.train(batches, list(validation_batches(validation, config, goal.batch_size)))


def start_session(
    model: SketchRNN, run: Path, budget: Budget, report: Callable[[TrainingProgress], None]
) -> Session:
    """A session that takes up the run's checkpoint, and the annealing with it."""
    session = Session(model, run, budget, model.objective.learning_rate_at, report)
    model.steps_seen.assign(session.standing.step)
    return session


def make_optimizer(goal: Objective) -> keras.optimizers.Optimizer:
    """Adam that clips gradients as the objective says."""
    return keras.optimizers.Adam(
        goal.learning_rate,
        global_clipnorm=goal.clip_norm or None,
        clipvalue=goal.clip_value or None,
    )
