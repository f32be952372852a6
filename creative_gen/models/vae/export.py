"""Turns a trained VAE into ONNX files: its decoder, its encoder and its classifier."""

from __future__ import annotations

import numpy as np

from creative_gen.fitting import onnx_pictures as onnx
from creative_gen.fitting.onnx_graph import Graph
from creative_gen.models.vae.network import VAE

HALF = True
"""Whether weights are kept as float16."""


def asset_networks(model: VAE, half: bool = HALF) -> dict[str, bytes]:
    """The files of a built network, as `latent.player` plays them.

    Raises:
        ExportFailed: a weight is not a number.
    """
    files = {"decoder.onnx": decoder_file(model, half), "encoder.onnx": encoder_file(model, half)}
    if model.classifier is not None:
        files["classifier.onnx"] = classifier_file(model, half)
    return files


def decoder_file(model: VAE, half: bool = HALF) -> bytes:
    """From "latent" (N, Z), and "label" (N, K) where there are classes, to "picture"."""
    graph, config, decoder = Graph(half), model.config, model.decoder
    known = graph.input("latent", ("n", config.latent))
    if config.classes:
        label = graph.input("label", ("n", len(config.classes)))
        known = graph.add("Concat", [known, label], axis=1)
    shape = (config.base, config.base, config.widths[-1])
    features = onnx.dense_before(graph, known, decoder.enter, shape)
    planes = onnx.expansion(graph, features, decoder.trunk)
    onnx.as_picture(graph, planes, config.channels)
    return graph.file({"picture": ("n", config.channels, config.side, config.side)})


def encoder_file(model: VAE, half: bool = HALF) -> bytes:
    """From "picture" (N, C, H, W), and "label", to "mean" and "deviation" (N, Z)."""
    graph, config, encoder = Graph(half), model.config, model.encoder
    picture = graph.input("picture", ("n", config.channels, config.side, config.side))
    features = onnx.contraction(graph, onnx.from_minus_one(graph, picture, -1), encoder.trunk)
    seen = onnx.flattened(graph, features)
    if config.classes:
        label = graph.input("label", ("n", len(config.classes)))
        seen = graph.add("Concat", [seen, label], axis=1)
    shape = (config.base, config.base, config.widths[-1])
    both = onnx.dense_after(graph, seen, encoder.leave, shape)
    sizes = graph.constant(np.array([config.latent, config.latent], np.int64))
    log_variance = graph.split(both, sizes, ("mean", "log_variance"), axis=1)[1]
    halved = graph.add("Mul", [log_variance, graph.constant(np.float32(0.5))])
    graph.add("Exp", [halved], "deviation")
    return graph.file(dict.fromkeys(("mean", "deviation"), ("n", config.latent)))


def classifier_file(model: VAE, half: bool = HALF) -> bytes:
    """From "picture" to "logits" (N, K)."""
    graph, config = Graph(half), model.config
    picture = graph.input("picture", ("n", config.channels, config.side, config.side))
    trunk, leave = model.classifier.trunk, model.classifier.leave
    features = onnx.contraction(graph, onnx.from_minus_one(graph, picture, -1), trunk)
    mean = graph.add("ReduceMean", [features], axes=[2, 3], keepdims=0)
    graph.dense(mean, np.asarray(leave.kernel), np.asarray(leave.bias), "logits")
    return graph.file({"logits": ("n", len(config.classes))})
