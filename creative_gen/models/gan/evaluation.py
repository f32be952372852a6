"""Measures a GAN as its paper does, and whether it copies what it was trained on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from creative_gen.fitting.picture_batches import as_floats, read_splits
from creative_gen.interface.families import AssetFiles
from creative_gen.interface.jobs import Progress
from creative_gen.latent.player import LatentPlayer
from creative_gen.measures.nearest import blocks_of_distances
from creative_gen.media.picture_set import PictureSet
from creative_gen.models.gan.parzen import best_deviation, log_likelihoods

MADE = 10_000
"""Pictures that are made, as many as the paper's windows have."""
AT_ONCE = 500
MOST_VALID = 2000
"""Held-back pictures that are looked at, at most."""

Doubles = NDArray[np.float64]


def evaluate(asset: AssetFiles, data: Path) -> Iterator[Progress | dict[str, Any]]:
    """The log-likelihood of held-back pictures by Parzen windows, and the nearest training ones.

    The width of the windows is chosen on half of the held-back pictures, and the likelihood is that
    of the other half.

    Args:
        asset: AssetFiles. What to measure.
        data: Path. A folder with `train.npz` and `valid.npz`.

    Yields:
        `Progress`, and at last the figures. In "mean": `log_likelihood` in nats a picture, its
        standard error `error`, and `deviation`, the width of the windows; `real_log_likelihood`,
        with training pictures in place of made ones (at most as many); and `nearest`, the median
        distance of a made picture to the nearest training picture, in units of that of a held-back
        one: far below 1 it copies.

    Raises:
        InvalidAsset: the asset cannot be played.
        MediaError: a set cannot be read, or its pictures are of another size.
    """
    player = LatentPlayer(asset)
    settings = player.settings
    training, held_back = read_splits(data, settings.side, settings.channels)
    known, seen = rows(training, MADE), rows(held_back, MOST_VALID)
    rng, labels, parts = np.random.default_rng(0), player.labels([None] * AT_ONCE), []
    for start in range(0, MADE, AT_ONCE):
        yield Progress(start / MADE / 2)
        latent = rng.normal(size=(AT_ONCE, settings.latent)).astype(np.float32)
        picture = player.decode(latent, labels)
        parts.append(np.moveaxis(picture, 1, 3).reshape(AT_ONCE, -1))
    made = np.concatenate(parts).astype(np.float64)
    yield Progress(0.5)
    from_made, from_real = distances(seen, made), distances(seen, known)
    yield Progress(0.8)
    nearest = np.median(distances(made[: len(seen)], known).min(1))
    likelihood, error, deviation = window_figures(from_made, made.shape[1])
    yield {
        "asset": asset.name,
        "mean": {
            "log_likelihood": round(likelihood, 1),
            "error": round(error, 1),
            "deviation": round(deviation, 3),
            "real_log_likelihood": round(window_figures(from_real, made.shape[1])[0], 1),
            "nearest": round(float(nearest / np.median(from_real.min(1))), 3),
        },
        "categories": {},
        "offered": {},
    }


def rows(pictures: PictureSet, most: int) -> Doubles:
    """Some of the pictures, always the same, as rows of numbers in [0, 1]."""
    chosen = np.random.default_rng(0).permutation(len(pictures))[:most]
    return as_floats(pictures.pictures[chosen]).reshape(len(chosen), -1).astype(np.float64)


def distances(first: Doubles, second: Doubles) -> Doubles:
    """Euclidean distances (N, M) of rows."""
    return np.concatenate([block for _, block in blocks_of_distances(first, second)])


def window_figures(distances: Doubles, values: int) -> tuple[float, float, float]:
    """The mean log-likelihood of every other picture, its standard error, and the width.

    The width is chosen on those between.
    """
    deviation = best_deviation(distances[1::2], values)
    nats = log_likelihoods(distances[::2], deviation, values)
    return float(nats.mean()), float(nats.std() / np.sqrt(len(nats))), deviation
