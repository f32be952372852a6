"""Assets with random weights, made when a test needs one: small, quick, and not trained."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save

from creative_gen.media.sketch import Sketch
from creative_gen.models.sketch_rnn.config import SketchRNNConfig
from creative_gen.store.asset import WEIGHTS
from creative_gen.store.card import CARD, Card, DataSource, Training, card_toml

CATEGORIES = ("cat", "face", "alarm clock")
TASKS = ("complete", "reconstruct", "interpolate", "generate", "classify")

TOY = SketchRNNConfig(
    categories=CATEGORIES,
    latent_size=4,
    encoder_units=8,
    decoder_units=16,
    mixtures=3,
    scale_factor=30.0,
    max_points=40,
)

Weights = dict[str, NDArray[np.float32]]


def toy_weights(config: SketchRNNConfig = TOY, seed: int = 0) -> Weights:
    """Random weights whose drawings last some tens of points."""
    random = np.random.default_rng(seed)
    shapes: dict[str, tuple[int, ...]] = {
        "decoder/kernel_x": (5, 4 * config.decoder_units),
        "decoder/kernel_h": (config.decoder_units, 4 * config.decoder_units),
        "decoder/bias": (4 * config.decoder_units,),
        "output/kernel": (config.decoder_units, 6 * config.mixtures + 3),
        "output/bias": (6 * config.mixtures + 3,),
    }
    if config.condition_size:
        shapes["decoder/kernel_condition"] = (config.condition_size, 4 * config.decoder_units)
        shapes["initial/kernel"] = (config.condition_size, 2 * config.decoder_units)
        shapes["initial/bias"] = (2 * config.decoder_units,)
    if config.conditional:
        shapes |= _encoder_shapes(config)
    weights = {
        name: random.normal(0.0, 0.4, shape).astype(np.float32) for name, shape in shapes.items()
    }
    weights["output/bias"][2] -= 3.0
    return weights


def write_toy_asset(
    root: Path,
    name: str = "toy",
    config: SketchRNNConfig = TOY,
    weights: Weights | None = None,
    tasks: tuple[str, ...] = TASKS,
    **card: Any,
) -> Path:
    """Write an asset into a folder of assets, and return its own folder."""
    folder = root / name
    folder.mkdir(parents=True)
    content = save(toy_weights(config) if weights is None else weights)
    (folder / WEIGHTS).write_bytes(content)
    fields: dict[str, Any] = {
        "name": name,
        "family": "sketch_rnn",
        "title": "A toy",
        "description": "Random weights.",
        "version": "1",
        "licence": "CC0-1.0",
        "tasks": [f"sketch.{task}" for task in tasks],
        "data": [DataSource(name="None", licence="CC0-1.0", attribution="Nobody")],
        "training": Training(command="none"),
        "settings": config.model_dump(mode="json"),
        "categories": [{"name": category} for category in config.categories],
        "files": {WEIGHTS: hashlib.sha256(content).hexdigest()},
    }
    (folder / CARD).write_text(card_toml(Card.model_validate(fields | card)), "utf-8")
    return folder


def write_unconditional_asset(root: Path, name: str = "bicycle") -> Path:
    """Write an asset like those of sketch-rnn-js: it draws one thing, which its name tells."""
    config = TOY.model_copy(update={"categories": (), "latent_size": 0})
    return write_toy_asset(root, name, config, tasks=("complete", "generate"))


def half_a_drawing() -> Sketch:
    """Two strokes in a frame of 200 x 160."""
    angles = np.linspace(0, 5, 12)
    arc = np.stack([100 + 50 * np.cos(angles), 80 + 50 * np.sin(angles)], axis=1)
    return Sketch((arc.astype(np.float32), np.array([[60, 30], [70, 10], [85, 28]])), (200, 160))


HALF_A_DRAWING_SVG = b"""<?xml version="1.0"?>
<!-- Drawn by hand. -->
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 160">
  <path d="M150 80A50 50 0 1 0 114 128" fill="none" stroke="#224466" stroke-width="3"/>
  <polyline points="60,30 70,10 85,28" fill="none" stroke="#224466" stroke-width="3"/>
</svg>
"""


def _encoder_shapes(config: SketchRNNConfig) -> dict[str, tuple[int, ...]]:
    units, latent = config.encoder_units, config.latent_size
    shapes: dict[str, tuple[int, ...]] = {}
    for direction in ("forward", "backward"):
        shapes[f"encoder/{direction}/kernel_x"] = (5, 4 * units)
        shapes[f"encoder/{direction}/kernel_h"] = (units, 4 * units)
        shapes[f"encoder/{direction}/bias"] = (4 * units,)
    for part in ("mean", "log_variance"):
        shapes[f"latent/{part}_kernel"] = (2 * units, latent)
        shapes[f"latent/{part}_bias"] = (latent,)
    if config.categories:
        shapes["classifier/kernel"] = (latent, len(config.categories))
        shapes["classifier/bias"] = (len(config.categories),)
    return shapes
