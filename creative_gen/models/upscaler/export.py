"""Turns a trained upscaler into an ONNX file for each scale."""

from __future__ import annotations

import numpy as np

from creative_gen.fitting.onnx_graph import Graph
from creative_gen.models.upscaler.network import Upscaler, bicubic_kernel


def asset_networks(model: Upscaler) -> dict[str, bytes]:
    """The files `x2.onnx` and so on, of a built network with its branches added up.

    Each takes "picture" (N, 3, H, W) and gives "larger" (N, 3, scale H, scale W).

    Raises:
        ExportFailed: a weight is not a number.
    """
    return {f"x{scale}.onnx": network_file(model, scale) for scale in model.config.scales}


def network_file(model: Upscaler, scale: int) -> bytes:
    """The network of one scale; see `Upscaler.enlarged`."""
    graph = Graph()
    picture = graph.input("picture", ("n", 3, "height", "width"))
    features = graph.add("Sub", [picture, graph.constant(np.float32(0.5))])
    for layer in (model.enter, *model.trunk):
        kernel = np.asarray(layer.merged_kernel())
        features = graph.convolution(features, kernel, np.asarray(layer.bias))
        features = graph.leaky_relu(features, model.config.slope)
    head = model.heads[f"x{scale}"]
    residual = graph.convolution(features, np.asarray(head.kernel), np.asarray(head.bias))
    bicubic = graph.convolution(picture, bicubic_kernel(scale), None)
    graph.shuffle(graph.add("Add", [residual, bicubic]), scale, output="larger")
    return graph.file({"larger": ("n", 3, "larger_height", "larger_width")})
