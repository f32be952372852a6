"""Turns a trained classifier into an ONNX file."""

from __future__ import annotations

import numpy as np

from creative_gen.fitting.onnx_graph import Graph
from creative_gen.fitting.onnx_pictures import contraction
from creative_gen.models.classifier.network import Classifier, entrance


def network_file(model: Classifier, half: bool = True) -> bytes:
    """The network; by default its weights are kept as float16.

    It takes "picture" (N, channels, side, side) in [0, 1], premultiplied, and gives "logits" (N,
    classes) and "features" (N, widths[-1]).

    Raises:
        ExportFailed: a weight is not a number.
    """
    config, graph = model.config, Graph(half)
    picture = graph.input("picture", ("n", config.channels, config.side, config.side))
    matrix, offset = entrance(config.channels)
    entered = graph.convolution(picture, matrix[None, None], offset)
    seen = contraction(graph, entered, model.trunk)
    features = graph.add("ReduceMean", [seen], "features", axes=[2, 3], keepdims=0)
    leave = model.leave
    graph.dense(features, np.asarray(leave.kernel), np.asarray(leave.bias), "logits")
    shapes = {"logits": len(config.classes), "features": config.widths[-1]}
    return graph.file({name: ("n", size) for name, size in shapes.items()})
