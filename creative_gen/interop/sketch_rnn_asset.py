"""Makes an asset of a published sketch-rnn-js model."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import numpy as np
from safetensors.numpy import save

from creative_gen.interface.errors import InvalidRequest
from creative_gen.interop.sketch_rnn_js import SketchRNNModel, read_sketch_rnn_js
from creative_gen.kernels.stroke_decoder import StrokeDecoder
from creative_gen.media.simplify import CANVAS_SIDE
from creative_gen.media.sketch import stroke3_from_stroke5
from creative_gen.models.sketch_rnn.config import SketchRNNConfig
from creative_gen.models.sketch_rnn.drawings import extent
from creative_gen.store.asset import WEIGHTS, is_asset_name
from creative_gen.store.card import CARD, Card, DataSource, Training, card_toml

SAMPLES = 64
SAMPLE_TEMPERATURE = 0.5


def imported_files(path: Path, name: str | None, licence: str) -> tuple[str, dict[str, bytes]]:
    """The name and the files of the asset that a `.gen.json` or `.vae.json` makes.

    Raises:
        MediaError: the file is not such a model.
        InvalidRequest: the name cannot be one of an asset.
    """
    model = read_sketch_rnn_js(path)
    chosen = name or re.sub(r"[^a-z0-9]+", "-", model.name.lower()).strip("-")
    if not is_asset_name(chosen):
        raise InvalidRequest(
            f"'{chosen}' cannot be the name of an asset.",
            "Give --name with small letters, digits and hyphens.",
        )
    settings = settings_of(model)
    weights = save(_weights(model))
    card = Card(
        name=chosen,
        family="sketch_rnn",
        title=f"{model.name}, imported from sketch-rnn-js",
        description=f"The published Sketch-RNN model '{path.name}', read without change.",
        version="1",
        licence=licence,
        tasks=settings.tasks,
        data=(
            DataSource(
                name="Quick, Draw!",
                licence="CC BY 4.0",
                attribution="The Quick, Draw! Dataset, Google Inc.",
                used="By the model's publisher; not known to this project in detail.",
            ),
        ),
        training=Training(command="Trained elsewhere; imported with creative-gen assets import."),
        settings=settings.model_dump(mode="json"),
        files={WEIGHTS: hashlib.sha256(weights).hexdigest()},
    )
    text = f"The licence of these weights: {licence}.\n"
    files = {WEIGHTS: weights, CARD: card_toml(card).encode(), "LICENSE": text.encode()}
    return chosen, files


def settings_of(model: SketchRNNModel) -> SketchRNNConfig:
    """The network's settings, its scale factor for drawings whose larger side is 255.

    The published models count in the pixels of the screens that Quick, Draw! was played on. How
    many of those make a drawing is found by drawing some.
    """
    latent = model.weights["initial/kernel"].shape[0] if model.conditional else 0
    encoder = model.weights.get("encoder/forward/kernel_h", np.zeros((1, 4)))
    return SketchRNNConfig(
        latent_size=latent,
        encoder_units=len(encoder),
        decoder_units=len(model.weights["decoder/kernel_h"]),
        mixtures=(len(model.weights["output/bias"]) - 3) // 6,
        scale_factor=CANVAS_SIDE / _typical_extent(model),
        max_points=max(model.max_seq_len, 2),
        latent_dropout=0.0,
    )


def _typical_extent(model: SketchRNNModel) -> float:
    """The median larger side of drawings from the model, in its normalised units."""
    decoder = StrokeDecoder(model.weights)
    condition = np.zeros((SAMPLES, decoder.condition_size), np.float32)
    state = decoder.start(np.arange(SAMPLES), condition)
    stroke5, _ = decoder.sample(state, model.max_seq_len, SAMPLE_TEMPERATURE)
    drawings = [stroke3_from_stroke5(rows) for rows in stroke5]
    return float(np.median([extent(rows) for rows in drawings if len(rows)]))


def _weights(model: SketchRNNModel) -> dict[str, np.ndarray]:
    """The model's weights; a conditional one gets the row of "there is no z", which is zero."""
    weights = dict(model.weights)
    for name in ("decoder/kernel_condition", "initial/kernel"):
        if name in weights:
            weights[name] = np.pad(weights[name], ((0, 1), (0, 0)))
    return {name: np.ascontiguousarray(array, np.float32) for name, array in weights.items()}
