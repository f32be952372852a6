"""Turns a trained DCGAN into ONNX files: its generator as the decoder, and its encoder."""

from __future__ import annotations

from creative_gen.fitting import onnx_pictures as onnx
from creative_gen.fitting.onnx_graph import Graph
from creative_gen.models.dcgan.config import DCGANConfig
from creative_gen.models.dcgan.network import Encoder, Generator

HALF = True
"""Whether weights are kept as float16."""


def decoder_file(config: DCGANConfig, generator: Generator, half: bool = HALF) -> bytes:
    """From "latent" (N, Z), and "label" (N, K) where there are classes, to "picture".

    Raises:
        ExportFailed: a weight is not a number.
    """
    graph = Graph(half)
    known = graph.input("latent", ("n", config.latent))
    if config.classes:
        label = graph.input("label", ("n", len(config.classes)))
        known = graph.add("Concat", [known, label], axis=1)
    shape = (config.base, config.base, config.widths[-1])
    features = onnx.dense_before(graph, known, generator.enter, shape)
    planes = onnx.expansion(graph, features, generator.trunk)
    onnx.as_picture(graph, planes, config.channels)
    return graph.file({"picture": ("n", config.channels, config.side, config.side)})


def encoder_file(config: DCGANConfig, encoder: Encoder, half: bool = HALF) -> bytes:
    """From "picture", "made", "latent", and "label", to "mean" (N, Z): a better latent vector."""
    graph = Graph(half)
    pictures = ("n", config.channels, config.side, config.side)
    seen = [graph.input(name, pictures) for name in ("picture", "made")]
    latent = graph.input("latent", ("n", config.latent))
    signed = [onnx.from_minus_one(graph, values, -1) for values in seen]
    both = graph.add("Concat", signed, axis=1)
    known = [onnx.flattened(graph, onnx.contraction(graph, both, encoder.trunk)), latent]
    if config.classes:
        known.append(graph.input("label", ("n", len(config.classes))))
    widths = config.encoder_widths
    base = config.side >> (len(widths) - 1)
    joined = graph.add("Concat", known, axis=1)
    step = onnx.dense_after(graph, joined, encoder.leave, (base, base, widths[-1]))
    graph.add("Add", [latent, step], "mean")
    return graph.file({"mean": ("n", config.latent)})
