"""Trains a DCGAN for a given time, and then its encoder; a killed run goes on where it stopped."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import keras
import numpy as np

from creative_gen.fitting.checkpoint import keep_seed, load_weights, weights_of
from creative_gen.fitting.finished import FinishedRun
from creative_gen.fitting.picture_batches import Augmentation, PictureBatches, read_splits
from creative_gen.fitting.session import (
    Budget,
    Session,
    TrainingProgress,
    run_configuration,
    train_as_asked,
)
from creative_gen.interface.families import TrainingRequest
from creative_gen.models.dcgan.config import DCGANConfig
from creative_gen.models.dcgan.goals import EncoderTraining, Game, Start
from creative_gen.models.dcgan.objective import Objective
from creative_gen.models.dcgan.recipe import Recipe, read_recipe

VALIDATION_PICTURES = 512

SETTLING = 500
"""Batches from which batch normalisation measures."""

START, ENCODER = "start", "encoder"
"""In a run's folder: the run of the generator's beginning, and that of the encoder."""


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

    The generator's beginning and the encoder have their shares of both. Writes to the folder
    `run`, and theirs to `run/start` and `run/encoder`, what `fitting.session.Session` says.

    Raises:
        InvalidRequest: the folder holds a run of another network or seed.
        MediaError: the set of pictures cannot be read, or is not of the network's size.
        TrainingFailed: the loss is no longer a number.
    """
    keras.utils.set_random_seed(seed)
    goal, network = recipe.objective, recipe.network
    training, validation = read_splits(data / recipe.folder, network.side, network.channels)
    classes = training.classes if len(training.classes) > 1 else ()
    config = run_configuration(network.model_copy(update={"classes": classes}), run)
    keep_seed(run, seed)
    seen = PictureBatches(training, recipe.augmentation, recipe.by_class)
    kept = PictureBatches(validation.some(VALIDATION_PICTURES), Augmentation())
    held_back = list(kept.once(goal.batch))

    def follow(
        model: keras.Model, folder: Path, share: float, rate: Callable[[int, float], float]
    ) -> None:
        if not model.built:
            model.build()
        compiled(model, goal)
        run_configuration(config, folder)
        budget = Budget(share * minutes, max(round(share * steps), 1) if steps else None)
        session = Session(model, folder, budget, rate, report)
        # Another stream of pictures after each start, so that a resumed run sees fresh ones.
        session.train(seen.batches(goal.batch, [seed, session.standing.step]), held_back)

    game = Game(config, goal)
    game.build()
    if goal.start_share and not (run / "checkpoint.npz").exists():
        follow(Start(config, goal), run / START, goal.start_share, goal.start_learning_rate_at)
        begun = FinishedRun(run / START).best_weights
        known = weights_of(game)
        load_weights(game, known | {name: begun[name] for name in known.keys() & begun.keys()})
    follow(game, run, goal.game_share, goal.learning_rate_at)
    if goal.encoder_share:
        encoder = EncoderTraining(config, goal, trained_generator(config, goal, run))
        follow(encoder, run / ENCODER, goal.encoder_share, goal.encoder_learning_rate_at)


def compiled(model: keras.Model, goal: Objective) -> None:
    """Give a built model an optimizer, that of the objective where it is a game."""
    betas = goal.betas if isinstance(model, Game) else (0.9, 0.999)
    optimizer = keras.optimizers.Adam(
        goal.learning_rate,
        *betas,
        use_ema=goal.average > 0,
        ema_momentum=goal.average,
    )
    optimizer.build(model.trainable_variables)
    # XLA's convolutions take longer on a CPU than oneDNN's.
    model.compile(optimizer=optimizer, jit_compile=keras.backend.backend() == "jax")


def trained_generator(config: DCGANConfig, goal: Objective, run: Path) -> keras.Model:
    """The generator that a run has come to: the moving average of its weights, if it keeps one."""
    finished, game = FinishedRun(run), Game(config, goal)
    game.build()
    load_weights(game, finished.averaged_weights if goal.average else finished.last_weights)
    if config.style == "paper":
        settle(game, goal.batch)
    return game.generator


def settle(game: Game, size: int) -> None:
    """Let batch normalisation measure anew what it divides by (Brock et al., 2019, appendix E).

    It becomes the mean over the batches: a moving average would keep a little of the 1 that it
    begins with, which is much beside a variance of a hundredth.
    """
    batch = np.random.default_rng(0).integers(len(game.config.classes) or 1, size=(SETTLING, size))
    for seen, labels in enumerate(np.eye(len(game.config.classes) or 1, dtype=np.float32)[batch]):
        for norm in game.generator.norms:
            norm.momentum = seen / (seen + 1)
        latent = keras.random.normal((size, game.config.latent), seed=game.noise)
        game.generator(latent, labels, training=True)
