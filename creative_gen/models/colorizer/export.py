"""Turns a trained colorizer into an ONNX file."""

from __future__ import annotations

import numpy as np

from creative_gen.fitting.onnx_graph import Graph
from creative_gen.models.colorizer.network import EPSILON, SLOPE, SPREAD, Colorizer


def network_file(model: Colorizer) -> bytes:
    """The network with float16 weights; see `Colorizer.call` for its inputs and outputs.

    Pictures are (N, channels, height, width) in it; the classes' logits are named "tone_logits"
    and "line_logits".

    Raises:
        ExportFailed: a weight is not a number.
    """
    graph = Graph(half=True)
    lightness = graph.input("lightness", ("n", 1, "height", "width"))
    hints = graph.input("hints", ("n", 2 * SPREAD, "height", "width"))
    lines = graph.input("lines", ("n", 1))
    flags = graph.add("Unsqueeze", [lines, graph.constant(np.array([2, 3]))])
    shape = graph.add("Shape", [lightness])
    features = graph.add("Concat", [lightness, hints, graph.add("Expand", [flags, shape])], axis=1)
    levels: list[str] = []
    for enter, blocks in zip(model.down, model.down_blocks, strict=True):
        features = _activated(graph, features) if levels else features
        features = _convolution(graph, enter, features)
        for block in blocks:
            features = _residual(graph, block, features)
        levels.append(features)
    mean = graph.add("GlobalAveragePool", [features])
    kernel = np.asarray(model.whole.dense.kernel)[None, None]
    told = graph.convolution(mean, kernel, np.asarray(model.whole.dense.bias))
    features = graph.add("Add", [features, told])
    decoded: list[str] = []
    for level in reversed(range(len(levels))):
        if decoded:
            features = graph.add("Concat", [levels[level], graph.enlarged(features, 2)], axis=1)
        features = _convolution(graph, model.up[level], features)
        features = _residual(graph, model.up_blocks[level], features)
        decoded.append(features)
    half, quarter = (_activated(graph, decoded[i]) for i in (-1, -2))
    starts, ends = (graph.constant(np.array([one])) for one in (SPREAD, 2 * SPREAD))
    spread = graph.add("Slice", [hints, starts, ends, graph.constant(np.array([1]))])
    pooled = graph.add("AveragePool", [spread], kernel_shape=[2, 2], strides=[2, 2])
    _convolution(graph, model.color, graph.add("Concat", [half, pooled], axis=1), "color")
    _convolution(graph, model.tones, quarter, "tone_logits")
    _convolution(graph, model.lines, quarter, "line_logits")
    return graph.file(
        {
            "color": ("n", 3, "half_height", "half_width"),
            "tone_logits": ("n", model.tones.filters, "quarter_height", "quarter_width"),
            "line_logits": ("n", model.lines.filters, "quarter_height", "quarter_width"),
        }
    )


def _convolution(graph, layer, pictures, output=""):
    kernel, bias = np.asarray(layer.kernel), np.asarray(layer.bias)
    return graph.convolution(pictures, kernel, bias, layer.strides[0], output)


def _activated(graph, pictures):
    squares = graph.add("Mul", [pictures, pictures])
    mean = graph.add("ReduceMean", [squares], axes=[1])
    raised = graph.add("Add", [mean, graph.constant(np.float32(EPSILON))])
    normalized = graph.add("Div", [pictures, graph.add("Sqrt", [raised])])
    return graph.leaky_relu(normalized, SLOPE)


def _residual(graph, block, pictures):
    inner = _convolution(graph, block.first, _activated(graph, pictures))
    change = _convolution(graph, block.second, graph.leaky_relu(inner, SLOPE))
    return graph.add("Add", [pictures, change])
