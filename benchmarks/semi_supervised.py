"""Digits with 100 labels: `python benchmarks/semi_supervised.py --data data/digits --run FOLDER`.

Ten training digits of each class are labelled, and the others are not; errors are of the validation
digits, which nothing is trained on. Each seed chooses other labels and other initial
weights. The methods of Kingma et al. (2014), and what they come to together:

- pixels: a support vector machine that sees the pixels of the labelled digits;
- M1: the same on the posterior means of a VAE, trained on all training digits without labels;
- M1, spread: labels spread over the posterior means of all training digits (Zhou et al., 2004);
- M2: q(y | x) is a convolutional network, and digits are turned and moved a little when seen;
- M1+M2: M2 of the posterior means;
- M1, spread + M2: M2 of the pictures, as above, whose labelled digits are the given ones and those
  of which spreading is surest; what it says is averaged with what spreading says.

The VAE is a finished run of `models/vae/recipes/digits.toml`; without `--run` it is trained now.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
from numpy.typing import NDArray

from creative_gen.fitting.checkpoint import load_weights
from creative_gen.fitting.finished import FinishedRun
from creative_gen.fitting.picture_batches import Augmentation, as_floats, read_splits
from creative_gen.media.picture_set import PictureSet
from creative_gen.models.vae import __file__ as family_file
from creative_gen.models.vae.config import VAEConfig
from creative_gen.models.vae.finished_run import encoded
from creative_gen.models.vae.m1 import LabelSpreading, labelled_rows, support_vectors
from creative_gen.models.vae.m2.config import M2Config, M2Objective
from creative_gen.models.vae.m2.training import class_probabilities, train_m2
from creative_gen.models.vae.network import VAE
from creative_gen.models.vae.recipe import read_recipe
from creative_gen.models.vae.training import train

RECIPE = Path(family_file).parent / "recipes" / "digits.toml"
CLASSES, EACH = 10, 10
SURE = 0.8
"""The share of the digits, surest first, that what spreading says of them labels."""
PICTURES = M2Config(hidden=200, widths=(8, 32, 64))
PICTURE_GOAL = M2Objective(known=32, unknown=96, learning_rate=2e-3)
PICTURE_STEPS = 1000
CHANGES = Augmentation(turn=10, zoom=0.1, shift=1.5)
FEATURE_GOAL = M2Objective(known=100, unknown=100, alpha=10.0)
FEATURE_STEPS = 2000

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]
Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Digits:
    """Pictures (N, 28, 28, 1), their labels (N,) and the VAE's posterior means of them (N, Z)."""

    pictures: Floats
    labels: NDArray[np.int16]
    features: Floats


def digits(model: VAE, pictures: PictureSet) -> Digits:
    means = encoded(model, pictures).mean
    return Digits(as_floats(pictures.pictures), pictures.labels, means)


def by_pixels(training: Digits, others: Digits, rows: Rows) -> NDArray[np.int16]:
    """The labels that a machine of pixels gives to others."""
    flat, wanted = (one.pictures.reshape(len(one.pictures), -1) for one in (training, others))
    return support_vectors(flat[rows], training.labels[rows]).predict(wanted)


def by_features(training: Digits, others: Digits, rows: Rows) -> NDArray[np.int16]:
    """The labels that M1 gives to others."""
    machine = support_vectors(training.features[rows], training.labels[rows])
    return machine.predict(others.features)


def by_m2(training: Digits, others: Digits, labels: Rows, rows: Rows, seed: int) -> Floats:
    """What M2 of pictures says of others, (N, classes)."""
    model = train_m2(
        PICTURES, PICTURE_GOAL, training.pictures, labels, rows, PICTURE_STEPS, seed, CHANGES
    )
    return class_probabilities(model, others.pictures)


def by_m2_of_features(training: Digits, others: Digits, rows: Rows, seed: int) -> Floats:
    """What M2 of M1's features says of others, (N, classes)."""
    size = training.features.shape[1]
    config = M2Config(shape=(size,), latent=size, hidden=200, likelihood="gaussian", widths=())
    model = train_m2(
        config, FEATURE_GOAL, training.features, training.labels, rows, FEATURE_STEPS, seed
    )
    return class_probabilities(model, others.features)


def surest(spread: Doubles, labels: Rows, rows: Rows) -> tuple[Rows, Rows]:
    """Labels (N,) as spreading gives them, but for the known ones; and the rows to learn from."""
    found = spread.argmax(1)
    found[rows] = labels[rows]
    certain = spread.max(1)
    certain[rows] = 1
    return found, np.argsort(-certain, kind="stable")[: round(SURE * len(certain))]


def errors(training: Digits, others: Digits, seed: int) -> Iterator[tuple[str, float]]:
    """The share of others that each method names wrongly."""
    rows = labelled_rows(training.labels, EACH, seed)

    def error(found: NDArray[np.int16]) -> float:
        return float((found != others.labels).mean())

    yield "pixels", error(by_pixels(training, others, rows))
    yield "M1", error(by_features(training, others, rows))
    spreading = LabelSpreading()
    spread = spreading.spread(training.features, training.labels, rows, CLASSES)
    said = spreading.predict(others.features, training.features, spread)
    yield "M1, spread", error(said.argmax(1))
    yield "M1+M2", error(by_m2_of_features(training, others, rows, seed).argmax(1))
    yield "M2", error(by_m2(training, others, training.labels, rows, seed).argmax(1))
    labels, chosen = surest(spread, training.labels, rows)
    together = by_m2(training, others, labels, chosen, seed)
    yield "M1, spread + M2", error((together + said).argmax(1))


def show(found: dict[str, list[float]]) -> None:
    print("\nmethod             mean error   standard deviation")
    for name, values in found.items():
        deviation = np.std(values, ddof=1) if len(values) > 1 else float("nan")
        print(f"{name:17}  {np.mean(values):10.2%}   {deviation:18.2%}")


def trained(arguments: argparse.Namespace) -> VAE:
    """The VAE of a run, and the run first if there is none."""
    run = arguments.run or arguments.out
    if arguments.run is None:
        recipe = read_recipe(RECIPE).model_copy(update={"folder": Path(arguments.data.name)})
        train(recipe, arguments.data.parent, run, arguments.minutes)
    finished = FinishedRun(run)
    model = VAE(finished.config(VAEConfig))
    model.build()
    load_weights(model, finished.averaged_weights)
    return model


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=Path("data/digits"), metavar="FOLDER")
    parser.add_argument("--run", type=Path, metavar="FOLDER", help="a finished run of the recipe")
    parser.add_argument("--out", type=Path, default=Path("runs/digits"), metavar="FOLDER")
    parser.add_argument("--minutes", type=float, default=10.0, help="to train the VAE for")
    parser.add_argument("--seeds", type=int, default=5)
    arguments = parser.parse_args()
    model = trained(arguments)
    training, others = (digits(model, one) for one in read_splits(arguments.data, 28, 1))
    print(
        f"{len(training.labels) + len(others.labels):,} training digits: "
        f"{CLASSES * EACH} of {len(training.labels):,} labelled, {len(others.labels):,} validation",
        flush=True,
    )
    found: dict[str, list[float]] = {}
    for seed in range(arguments.seeds):
        start = time.process_time()
        for name, value in errors(training, others, seed):
            found.setdefault(name, []).append(value)
            print(f"seed {seed}  {name:17}  {value:6.1%}", flush=True)
        print(f"seed {seed}  took {time.process_time() - start:.0f} s", flush=True)
    show(found)


if __name__ == "__main__":
    main()
