"""A classifier made in code and drawings for it: small, quick, and not trained."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from creative_gen.measures.picture_features import CLASSIFIER
from creative_gen.media.picture_set import PictureSet
from creative_gen.models.classifier.config import ClassifierConfig
from tests.toy_pictures_assets import Graph, write_asset

SIDE = 12
CLASSES = ("bar", "pillar", "frame")
TOY = ClassifierConfig(
    side=SIDE, channels=1, classes=CLASSES, widths=(4, 6), framing="ink", margin=1
)
SHARPNESS = 12.0
"""How much the toy's logits differ for what its templates differ in."""


def shapes(count: int, seed: int = 0, channels: int = 1, side: int = SIDE) -> PictureSet:
    """Bars, pillars and frames, as many of each, of random place, size and darkness.

    The paper is grainy. Of four channels, colours are random and what is around the shape is clear.
    """
    random = np.random.default_rng(seed)
    labels = (np.arange(count) % len(CLASSES)).astype(np.int16)
    ink = np.stack([_shape(CLASSES[label], side, random) for label in labels])
    pictures = 1 - ink[..., None]
    if channels == 4:
        colors = random.random((count, 1, 1, 3)) * np.ones_like(pictures)
        pictures = np.concatenate([colors, ink[..., None]], axis=3)
    pictures = np.rint(255 * pictures)
    return PictureSet(pictures.astype(np.uint8), labels, CLASSES)


def _shape(name: str, side: int, random: np.random.Generator) -> NDArray[np.float64]:
    ink = np.zeros((side, side))
    first, last = random.integers(1, 3), side - random.integers(1, 3)
    place, darkness = random.integers(side // 3, side - side // 3), random.uniform(0.6, 1)
    if name == "bar":
        ink[place : place + 2, first:last] = darkness
    elif name == "pillar":
        ink[first:last, place : place + 2] = darkness
    else:
        ink[first:last, first:last] = darkness
        ink[first + 1 : last - 1, first + 1 : last - 1] = 0
    return np.clip(ink + random.normal(0, 0.02, ink.shape), 0, 1)


def classifier_network(config: ClassifierConfig = TOY, seed: int = 0) -> bytes:
    """Logits are likeness to the mean picture of each class; features are random projections."""
    known = shapes(90, seed, side=config.side)
    ink = 1 - known.pictures.reshape(90, -1) / 255
    means = np.stack([ink[known.labels == label].mean(axis=0) for label in range(len(CLASSES))])
    templates = SHARPNESS * (means / np.linalg.norm(means, axis=1, keepdims=True)).T
    pixels, features = len(templates), config.widths[-1]
    projection = np.random.default_rng(seed).normal(0, pixels**-0.5, (pixels, features))
    graph = Graph()
    one = graph.constant("one", np.array(1, np.float32))
    flat = graph.add("Flatten", [graph.add("Sub", [one, "picture"])])
    for name, matrix in (("logits", templates), ("features", projection)):
        weights = graph.constant(f"to_{name}", matrix.astype(np.float32))
        graph.add("MatMul", [flat, weights], name)
    outputs = {"logits": ["n", len(CLASSES)], "features": ["n", features]}
    return graph.model({"picture": ["n", 1, config.side, config.side]}, outputs)


def write_classifier(
    root: Path, name: str = "toy-shapes", config: ClassifierConfig = TOY, **card: Any
) -> Path:
    """Write a classifier into a folder of assets, and return its own folder."""
    fields = {
        "family": "classifier",
        "tasks": ["image.classify"],
        "settings": config.model_dump(mode="json"),
        "categories": [{"name": category} for category in config.classes],
    }
    return write_asset(root / name, {CLASSIFIER: classifier_network(config)}, **fields | card)
