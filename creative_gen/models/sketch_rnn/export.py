"""Turns a trained Sketch-RNN into the arrays that `creative_gen.kernels` plays, and back.

Their names and shapes are listed in `kernels.stroke_weights` and `kernels.stroke_encoder`. The
classifier's are "classifier/kernel" (Z, K) and "classifier/bias" (K).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from creative_gen.fitting.finished import ExportFailed
from creative_gen.interface.errors import InvalidAsset
from creative_gen.models.sketch_rnn.network import SketchRNN

PREFIXES = {
    "cell": "decoder/",
    "small": "hyper/",
    "output": "output/",
    "initial": "initial/",
    "forward": "encoder/forward/",
    "backward": "encoder/backward/",
    "mean": "latent/mean_",
    "log_variance": "latent/log_variance_",
    "classifier": "classifier/",
}
"""What the weights of each layer are called in an asset, by the layer's name in the network."""


def asset_weights(model: SketchRNN) -> dict[str, NDArray[np.float16]]:
    """All weights of a network, as the kernels name them.

    Args:
        model: SketchRNN. Built.

    Returns:
        Arrays by name, rounded to float16: half the size. The kernels compute in float32.

    Raises:
        ExportFailed: the encoder's cell cannot be played, or a weight is beyond float16.
    """
    return {name: _rounded(name, variable) for name, variable in _variables(model).items()}


def load_asset_weights(model: SketchRNN, weights: Mapping[str, NDArray[np.floating]]) -> None:
    """Set a built network's weights to those of an asset.

    Raises:
        ExportFailed: there is no asset of such a network.
        InvalidAsset: a weight is missing or of another shape.
    """
    for name, variable in _variables(model).items():
        if name not in weights or np.shape(weights[name]) != tuple(variable.shape):
            message = f"The asset has no weight '{name}' of the shape {tuple(variable.shape)}."
            raise InvalidAsset(message, "Use the asset's own settings.")
        variable.assign(np.asarray(weights[name], np.float32))


def _variables(model):
    """The network's variables by their names in an asset."""
    config = model.config
    if config.conditional and config.encoder_cell != "lstm":
        raise ExportFailed(
            f"An asset's encoder cannot have '{config.encoder_cell}' cells.",
            "Train with encoder_cell = 'lstm'; the decoder may have any cell.",
        )
    named = {}
    for variable in model.trainable_variables:
        layer, name = variable.path.split("/")[-2:]
        named[PREFIXES[layer] + name] = variable
    return named


def _rounded(name, variable):
    values = np.asarray(variable)
    if not (np.abs(values) <= np.finfo(np.float16).max).all():
        message = f"The weight '{name}' has values that are not finite in float16."
        raise ExportFailed(message, "Export an earlier checkpoint, or train at a lower rate.")
    return values.astype(np.float16)
