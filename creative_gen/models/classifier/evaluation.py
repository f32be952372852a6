"""Measures how often a classifier is right, class by class."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from creative_gen.interface.errors import InvalidMedia
from creative_gen.interface.families import AssetFiles
from creative_gen.interface.jobs import Progress
from creative_gen.measures.picture_features import PictureFeatures
from creative_gen.media.picture_set import PictureSet, read_picture_set
from creative_gen.models.classifier.player import config_of

OFFERED = 0.5
"""A class is offered when so many of its pictures are named rightly."""
CONFUSIONS = 5
_AT_ONCE = 1024

Floats = NDArray[np.float64]


def evaluate(asset: AssetFiles, data: Path) -> Iterator[Progress | dict[str, Any]]:
    """How often the likeliest class is the true one.

    Args:
        asset: AssetFiles. What to measure.
        data: Path. A set of pictures, or a folder with one named `valid.npz`.

    Yields:
        `Progress`, and at last the figures. "mean" has `accuracy`, `balanced`, the mean of the
        classes' recalls, and `nats`, the cross-entropy. "categories" has for each class `pictures`,
        `precision` and `recall`; "confused" are the commonest mistakes, as shares of all pictures.

    Raises:
        InvalidMedia: the pictures are not such as the classifier takes.
        MediaError: the set cannot be read.
    """
    config = config_of(asset)
    pictures = read_picture_set(data / "valid.npz" if data.is_dir() else data)
    side = (config.side, config.side, config.channels)
    if pictures.pictures.shape[1:] != side or pictures.classes != config.classes:
        raise InvalidMedia(
            f"The pictures of '{data}' have another size or other classes than '{asset.name}'.",
            f"Give a set of {config.side} x {config.side} pixels with {config.channels} channels "
            f"and the classes {', '.join(config.classes)}.",
        )
    network = PictureFeatures(asset)
    logits = []
    for start in range(0, len(pictures), _AT_ONCE):
        yield Progress(start / len(pictures))
        logits.append(network.look(pictures.pictures[start : start + _AT_ONCE]).logits)
    yield {"asset": asset.name, "pictures": len(pictures)} | _figures(
        pictures, np.concatenate(logits)
    )


def _figures(pictures: PictureSet, logits: Floats) -> dict[str, Any]:
    labels, classes = pictures.labels, pictures.classes
    confusion = confusion_matrix(labels, logits.argmax(axis=1), len(classes))
    right, true, named = np.diag(confusion), confusion.sum(axis=1), confusion.sum(axis=0)
    recall, precision = right / np.maximum(true, 1), right / np.maximum(named, 1)
    largest = logits.max(axis=1, keepdims=True)
    log_sums = np.log(np.exp(logits - largest).sum(axis=1)) + largest[:, 0]
    nats = log_sums - logits[np.arange(len(labels)), labels]
    mean = {
        "accuracy": right.sum() / len(labels),
        "balanced": recall[true > 0].mean(),
        "nats": nats.mean(),
    }
    rows = {
        name: {
            "pictures": int(true[index]),
            "precision": round(float(precision[index]), 4),
            "recall": round(float(recall[index]), 4),
        }
        for index, name in enumerate(classes)
    }
    return {
        "mean": {name: round(float(value), 4) for name, value in mean.items()},
        "categories": rows,
        "offered": {name: row["recall"] >= OFFERED for name, row in rows.items()},
        "confused": _commonest_mistakes(confusion, classes),
    }


def confusion_matrix(
    labels: NDArray[np.int16], named: NDArray[np.int64], classes: int
) -> NDArray[np.int64]:
    """How many pictures of each class (rows) were named as each (columns)."""
    counts = np.bincount(labels.astype(np.int64) * classes + named, minlength=classes**2)
    return counts.reshape(classes, classes)


def _commonest_mistakes(confusion: NDArray[np.int64], classes: tuple[str, ...]) -> dict[str, float]:
    mistakes = confusion - np.diag(np.diag(confusion))
    order = np.argsort(-mistakes, axis=None, kind="stable")[:CONFUSIONS]
    pairs = [(place // len(classes), place % len(classes)) for place in order]
    return {
        f"{classes[true]} as {classes[named]}": round(
            float(mistakes[true, named] / confusion.sum()), 4
        )
        for true, named in pairs
        if mistakes[true, named]
    }
