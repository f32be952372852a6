"""Bounds of VAEs of digits: `python benchmarks/vae_bounds.py --data data/digits --minutes 10`.

Trains the project's VAE (`models/vae/recipes/digits.toml`), or takes a finished run of it, and
beside it the VAE of the Keras examples (https://keras.io/examples/generative/vae) for as many
epochs: two convolutions, a dense layer of 16, plain Adam, its latent space widened to the same
size. Both see the same training digits, binarised anew every time, and are measured on the same
validation digits, binarised once:

- ELBO, KL and active units on all of them;
- IWAE-5,000, the importance-weighted bound of 5,000 samples, on the first `--count`.

All are in nats a digit, as the papers give them: the negative of the bound, so less is better. The
other's less ours is paired, digit by digit, with its standard error. Papers train on 50,000 or
60,000 digits; this set has as many as the first line says.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import keras
import numpy as np
from keras import ops
from numpy.typing import NDArray

from creative_gen.fitting.checkpoint import load_weights
from creative_gen.fitting.finished import FinishedRun
from creative_gen.fitting.picture_batches import Augmentation, PictureBatches, read_splits
from creative_gen.kernels.feed_forward import FeedForward
from creative_gen.models.vae import __file__ as family_file
from creative_gen.models.vae.active_units import LatentUsage, latent_usage
from creative_gen.models.vae.bounds import Bounds, Decode, Encode, bounds
from creative_gen.models.vae.config import VAEConfig
from creative_gen.models.vae.export import decoder_file, encoder_file
from creative_gen.models.vae.goals import kl_from_prior
from creative_gen.models.vae.network import VAE
from creative_gen.models.vae.recipe import Recipe, read_recipe
from creative_gen.models.vae.training import train

RECIPE = Path(family_file).parent / "recipes" / "digits.toml"
SAMPLES = 5000
FEW = 64
"""Samples of the ELBO and of the smaller bound that is measured on all digits."""
BASELINE_BATCH = 128

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Player:
    """How a VAE is measured: pictures are (N, side, side, 1)."""

    encode: Encode
    decode: Decode


class BaselineVAE(keras.Model):
    """The VAE of the Keras examples, of pictures (N, 28, 28, 1)."""

    def __init__(self, latent: int) -> None:
        super().__init__()
        layers = keras.layers
        strided = {"strides": 2, "padding": "same", "activation": "relu"}
        self.encoder = keras.Sequential(
            [
                layers.Input((28, 28, 1)),
                layers.Conv2D(32, 3, **strided),
                layers.Conv2D(64, 3, **strided),
                layers.Flatten(),
                layers.Dense(16, activation="relu"),
                layers.Dense(2 * latent),
            ]
        )
        self.decoder = keras.Sequential(
            [
                layers.Input((latent,)),
                layers.Dense(7 * 7 * 64, activation="relu"),
                layers.Reshape((7, 7, 64)),
                layers.Conv2DTranspose(64, 3, **strided),
                layers.Conv2DTranspose(32, 3, **strided),
                layers.Conv2DTranspose(1, 3, padding="same"),
            ]
        )
        self.noise = keras.random.SeedGenerator(0)

    def call(self, pictures):
        mean, log_variance = ops.split(self.encoder(pictures), 2, axis=1)
        drawn = keras.random.normal(ops.shape(mean), seed=self.noise)
        logits = self.decoder(mean + ops.exp(0.5 * log_variance) * drawn)
        return {"logits": logits, "mean": mean, "log_variance": log_variance}

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        nll = ops.sum(ops.softplus(y_pred["logits"]) - x * y_pred["logits"], (1, 2, 3))
        return ops.mean(nll + kl_from_prior(y_pred["mean"], y_pred["log_variance"]))


def ours(config: VAEConfig, run: Path) -> Player:
    """What a run ended with, exported and played as assets are, but with float32 weights."""
    model = VAE(config)
    model.build()
    # Not the best on the validation digits, which are measured here.
    load_weights(model, FinishedRun(run).averaged_weights)
    encoder, decoder = (FeedForward(file(model, False)) for file in (encoder_file, decoder_file))

    def encode(pictures: Floats) -> tuple[Floats, Floats]:
        found = encoder.run({"picture": np.moveaxis(pictures, 3, 1)})
        return found["mean"], found["deviation"]

    def decode(latent: Floats) -> Floats:
        return np.moveaxis(decoder.run({"latent": latent})["picture"], 1, 3)

    return Player(encode, decode)


def baseline(pictures: PictureBatches, latent: int, epochs: float, seed: int) -> Player:
    """The baseline, trained."""
    keras.utils.set_random_seed(seed)
    model = BaselineVAE(latent)
    model.build((None, 28, 28, 1))
    model.compile(keras.optimizers.Adam(1e-3), jit_compile=keras.backend.backend() == "jax")
    seen = pictures.batches(BASELINE_BATCH, seed)
    for _ in range(round(epochs * len(pictures.set) / BASELINE_BATCH)):
        model.train_on_batch(next(seen)["picture"])

    def encode(pictures: Floats) -> tuple[Floats, Floats]:
        mean, log_variance = np.split(model.encoder.predict_on_batch(pictures), 2, axis=1)
        return mean, np.exp(0.5 * log_variance)

    def decode(latent: Floats) -> Floats:
        return 1 / (1 + np.exp(-model.decoder.predict_on_batch(latent)))

    return Player(encode, decode)


@dataclass(frozen=True)
class Figures:
    """What is measured of a VAE: `all_digits` with few samples, and some with many."""

    all_digits: Bounds
    some_digits: Bounds
    usage: LatentUsage
    seconds: float


def measured(player: Player, pictures: Floats, count: int) -> Figures:
    start = time.process_time()
    every = bounds(pictures, player.encode, player.decode, (1, FEW))
    some = bounds(pictures[:count], player.encode, player.decode, (SAMPLES,))
    usage = latent_usage(*player.encode(pictures))
    return Figures(every, some, usage, time.process_time() - start)


def mean_and_error(values: NDArray[np.float64]) -> str:
    return f"{values.mean():8.2f} +- {values.std(ddof=1) / np.sqrt(len(values)):.2f}"


def show(figures: dict[str, Figures]) -> None:
    first, second = figures.values()
    print(f"{'nats a digit':34}" + "".join(f"{name:>18}" for name in (*figures, "difference")))
    some, every = len(first.some_digits.elbo), len(first.all_digits.elbo)
    rows = {
        f"ELBO, {every} digits": lambda one: -one.all_digits.elbo,
        f"  of it KL, {every} digits": lambda one: one.all_digits.kl,
        f"IWAE-{FEW}, {every} digits": lambda one: -one.all_digits.importance_weighted[FEW],
        f"ELBO, the first {some} digits": lambda one: -one.some_digits.elbo,
        f"IWAE-{SAMPLES:,}, the first {some} digits": lambda one: (
            -one.some_digits.importance_weighted[SAMPLES]
        ),
    }
    for name, of in rows.items():
        values = [of(one) for one in (first, second)]
        columns = [mean_and_error(one) for one in (*values, values[1] - values[0])]
        print(f"{name:34}" + "".join(f"{text:>18}" for text in columns))
    for name, one in figures.items():
        print(
            f"{name}: {one.usage.active.sum()} of {len(one.usage.active)} units are active; "
            f"measured in {one.seconds:.0f} s"
        )


def trained_run(recipe: Recipe, arguments: argparse.Namespace) -> Path:
    """The folder of a run: the one that is given, or one that is trained now."""
    run = arguments.run or arguments.out
    if arguments.run is None:
        train(recipe, arguments.data.parent, run, arguments.minutes, arguments.seed)
    return Path(run)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=Path("data/digits"), metavar="FOLDER")
    parser.add_argument("--minutes", type=float, default=10.0, help="to train for")
    parser.add_argument("--run", type=Path, metavar="FOLDER", help="a finished run of the recipe")
    parser.add_argument("--out", type=Path, default=Path("runs/digits"), metavar="FOLDER")
    parser.add_argument("--recipe", type=Path, default=RECIPE, metavar="FILE")
    parser.add_argument("--count", type=int, default=100, help=f"digits with {SAMPLES} samples")
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    recipe = read_recipe(arguments.recipe)
    recipe = recipe.model_copy(update={"folder": Path(arguments.data.name)})
    training, validation = read_splits(arguments.data, 28, 1)
    print(
        f"{len(training) + len(validation):,} training digits: {len(training):,} train, "
        f"{len(validation):,} validation",
        flush=True,
    )
    run = trained_run(recipe, arguments)
    config = FinishedRun(run).config(VAEConfig)
    steps = json.loads((run / "log.jsonl").read_text().splitlines()[-1])["step"]
    epochs = steps * recipe.objective.batch / len(training)
    print(f"{epochs:.1f} epochs, {config.latent} latent units", flush=True)
    binarised = PictureBatches(validation, Augmentation(), binarise=True)
    pictures = next(binarised.once(len(validation)))["picture"]
    unchanged = PictureBatches(training, Augmentation(), binarise=True)
    start = time.process_time()
    other = baseline(unchanged, config.latent, epochs, arguments.seed)
    print(f"the baseline was trained in {time.process_time() - start:.0f} s", flush=True)
    players = {"ours": ours(config, run), "keras.io's": other}
    show({name: measured(one, pictures, arguments.count) for name, one in players.items()})


if __name__ == "__main__":
    main()
