"""Turns a trained generator into an ONNX file; the discriminator stays behind."""

from __future__ import annotations

import numpy as np

from creative_gen.fitting.onnx_graph import Graph
from creative_gen.fitting.onnx_pictures import as_picture, dense_before
from creative_gen.models.gan.network import GAN


def asset_networks(model: GAN) -> dict[str, bytes]:
    """The file `decoder.onnx` of a built network: "latent" (N, Z) to "picture" (N, C, H, W).

    Raises:
        ExportFailed: a weight is not a number.
    """
    graph, config, player = Graph(), model.config, model.generator
    features = graph.input("latent", ("n", config.latent))
    for layer in player.hidden:
        values = graph.dense(features, np.asarray(layer.kernel), np.asarray(layer.bias))
        features = graph.add("Relu", [values])
    shape = (config.side, config.side, config.channels)
    as_picture(graph, dense_before(graph, features, player.leave, shape), config.channels)
    picture = ("n", config.channels, config.side, config.side)
    return {"decoder.onnx": graph.file({"picture": picture})}
