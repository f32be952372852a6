"""WaveNet assets with random weights: small, quick, and not trained; their sounds die away soon."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save

from creative_gen.models.wavenet.conditioning import ONSET_SECONDS, PITCH_CENTRES, feature_count
from creative_gen.models.wavenet.config import WaveNetConfig
from creative_gen.models.wavenet.envelopes import envelope_shapes
from creative_gen.store.asset import WEIGHTS
from creative_gen.store.card import CARD, Card, DataSource, Training, card_toml

SIZES: dict[str, Any] = {
    "stacks": 1,
    "layers": 4,
    "residual_channels": 6,
    "skip_channels": 8,
    "head_units": 7,
    "condition_units": 5,
}

TOY_NOTES = WaveNetConfig(
    kinds=("marimba", "bass", "flute"),
    pitches=((48.0, 84.0), (28.0, 52.0), (60.0, 84.0)),
    mixtures=2,
    partials=4,
    phases=2,
    **SIZES,
)
"""It plays pitches: logistics around partials."""

TOY_DRUMS = WaveNetConfig(
    kinds=("kick", "snare"),
    pitches=((-1.0, -1.0), (-1.0, -1.0)),
    head="mu_law",
    pre_emphasis=0.85,
    partials=0,
    phases=0,
    filter_order=4,
    variants=(0, 0, 1),
    **SIZES,
)
"""It makes hits like its sources: mu-law levels of the pre-emphasised errors of a prediction."""

Weights = dict[str, NDArray[np.float32]]


def toy_sound_weights(config: WaveNetConfig, seed: int = 0) -> Weights:
    """Random weights, of sounds that fall by 50 dB in half a second."""
    random = np.random.default_rng(seed)
    weights = {
        name: random.normal(0.0, 0.5 / np.sqrt(shape[-2] if len(shape) > 1 else 1), shape)
        for name, shape in _shapes(config).items()
    }
    # So that the kinds sound different.
    weights["told/kernel"][: len(config.kinds)] *= 8.0
    weights["layers/condition"] *= 3.0
    weights["output/kernel"] *= 0.5 if config.head == "logistics" else 3.0
    if config.head == "logistics":
        weights["output/bias"] = np.repeat([0.0, 0.0, -2.5], config.mixtures)
    weights |= _dying("gain", config, 1, random)
    if config.partials:
        weights |= _dying("partials", config, config.partials, random)
    if config.filter_order:
        weights |= _resonance(config, random)
    return {name: array.astype(np.float32) for name, array in weights.items()}


def write_toy_sounds(
    root: Path,
    name: str = "toy-notes",
    config: WaveNetConfig = TOY_NOTES,
    weights: Weights | None = None,
    **card: Any,
) -> Path:
    """Write an asset into a folder of assets, and return its own folder."""
    folder = root / name
    folder.mkdir(parents=True)
    content = save(toy_sound_weights(config) if weights is None else weights)
    (folder / WEIGHTS).write_bytes(content)
    fields: dict[str, Any] = {
        "name": name,
        "family": "wavenet",
        "title": "A toy",
        "description": "Random weights.",
        "version": "1",
        "licence": "CC0-1.0",
        "tasks": list(config.tasks),
        "data": [DataSource(name="None", licence="CC0-1.0", attribution="Nobody")],
        "training": Training(command="none"),
        "settings": config.model_dump(mode="json"),
        "categories": [{"name": kind} for kind in config.kinds],
        "files": {WEIGHTS: hashlib.sha256(content).hexdigest()},
    }
    (folder / CARD).write_text(card_toml(Card.model_validate(fields | card)), "utf-8")
    return folder


def _shapes(config: WaveNetConfig) -> dict[str, tuple[int, ...]]:
    layers, channels = len(config.dilations), config.residual_channels
    told, units, skip = feature_count(config), config.condition_units, config.skip_channels
    return {
        "told/kernel": (told, units),
        "told/bias": (units,),
        "condition/kernel": (units, units),
        "condition/bias": (units,),
        "input/kernel": (2 + 2 * config.phases, channels),
        "input/bias": (channels,),
        "layers/kernel": (layers, 2 * channels, 2 * channels),
        "layers/bias": (layers, 2 * channels),
        "layers/condition": (layers, units, 2 * channels),
        "layers/residual": (layers, channels, channels),
        "layers/residual_bias": (layers, channels),
        "layers/skip": (layers, channels, skip),
        "skip/bias": (skip,),
        "head/kernel": (skip, config.head_units),
        "head/bias": (config.head_units,),
        "output/kernel": (config.head_units, config.outputs),
        "output/bias": (config.outputs,),
    }


def _dying(name: str, config: WaveNetConfig, count: int, random: np.random.Generator) -> Weights:
    """An envelope of exp(6 exp(-t / 0.1) - 9), a little different for each feature."""
    shapes = envelope_shapes(name, feature_count(config), count)
    weights = {key: random.normal(0.0, 0.01, shape) for key, shape in shapes.items()}
    since_start = len(config.kinds) + 2 + len(PITCH_CENTRES)
    slot = since_start + int(np.flatnonzero(np.isclose(ONSET_SECONDS, 0.1))[0])
    weights[f"{name}/first/kernel"][slot, 0] = 1.0
    weights[f"{name}/second/kernel"][0, 0] = 1.0
    weights[f"{name}/values/kernel"][0] = 6.0
    weights[f"{name}/values/bias"][:] = -9.0
    return weights


def _resonance(config: WaveNetConfig, random: np.random.Generator) -> Weights:
    """A filter of two steep reflections, a little different for each feature."""
    shapes = envelope_shapes("filter", feature_count(config), config.filter_order)
    weights = {key: random.normal(0.0, 0.1, shape) for key, shape in shapes.items()}
    weights["filter/values/bias"][:2] = 1.0, -0.5
    return weights
