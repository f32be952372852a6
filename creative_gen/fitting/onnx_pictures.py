"""Writes the layers of networks of small pictures (`layers.convolutional`) as ONNX.

Keras flattens (H, W, C) and ONNX (C, H, W): the weights of dense layers beside a flattening are
put in that order here, so that nothing is turned around when the network plays.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from creative_gen.fitting.onnx_graph import Graph
from creative_gen.layers.convolutional import SLOPE

Array = NDArray[np.float32]

RMS_EPSILON = 1e-6
"""What keras.layers.RMSNormalization adds to the mean square."""


def contraction(graph: Graph, pictures: str, layer: Any) -> str:
    """A `Contraction`'s features (N, C, h, w)."""
    features = convolution(graph, pictures, layer.enter)
    features = _rectified(graph, features, layer.norms, 0)
    for level, (down, blocks) in enumerate(zip(layer.downs, layer.blocks, strict=True), 1):
        features = convolution(graph, features, down)
        for block in blocks:
            features = residual_block(graph, features, block)
        features = _rectified(graph, features, layer.norms, level)
    return features


def expansion(graph: Graph, features: str, layer: Any, output: str = "") -> str:
    """An `Expansion`'s planes (N, planes, H, W)."""
    for blocks, norm, up in zip(layer.blocks, layer.norms, layer.ups, strict=True):
        for block in blocks:
            features = residual_block(graph, features, block)
        features = graph.leaky_relu(rms_normalised(graph, features, norm), SLOPE)
        kernel, bias = np.asarray(up.kernel), np.asarray(up.bias)
        features = graph.transposed_convolution(features, kernel, bias)
    features = graph.leaky_relu(rms_normalised(graph, features, layer.last_norm), SLOPE)
    return convolution(graph, features, layer.leave, output)


def residual_block(graph: Graph, features: str, block: Any) -> str:
    """A `ResidualBlock`."""
    seen = features
    for index, conv in enumerate(block.convs):
        seen = convolution(graph, _rectified(graph, seen, block.norms, index), conv)
    return graph.add("Add", [features, seen])


def convolution(graph: Graph, pictures: str, layer: Any, output: str = "") -> str:
    """A Conv2D, padded to "same"."""
    kernel, bias = np.asarray(layer.kernel), np.asarray(layer.bias)
    return graph.convolution(pictures, kernel, bias, layer.strides[0], output)


def rms_normalised(graph: Graph, features: str, layer: Any) -> str:
    """An RMSNormalization over the channels."""
    square = graph.add("ReduceMean", [graph.add("Mul", [features, features])], axes=[1])
    epsilon = graph.constant(np.float32(RMS_EPSILON))
    root = graph.add("Sqrt", [graph.add("Add", [square, epsilon])])
    gain = graph.weight(np.asarray(layer.scale).reshape(1, -1, 1, 1))
    return graph.add("Mul", [graph.add("Div", [features, root]), gain])


def flattened(graph: Graph, features: str) -> str:
    """Features (N, C, h, w) as (N, C h w)."""
    return graph.add("Flatten", [features])


def dense_after(
    graph: Graph, seen: str, layer: Any, shape: tuple[int, int, int], output: str = ""
) -> str:
    """A dense layer whose first inputs are flattened features; others may follow them.

    Args:
        seen: (N, C h w + others).
        layer: keras.layers.Dense. Trained on what Keras flattened.
        shape: h, w, C.
    """
    kernel = np.asarray(layer.kernel)
    size = int(np.prod(shape))
    features = kernel[:size].reshape(*shape, -1).transpose(2, 0, 1, 3).reshape(size, -1)
    return graph.dense(
        seen, np.concatenate([features, kernel[size:]]), np.asarray(layer.bias), output
    )


def dense_before(graph: Graph, known: str, layer: Any, shape: tuple[int, int, int]) -> str:
    """A dense layer that gives features (N, C, h, w).

    Args:
        layer: keras.layers.Dense. Trained to give what Keras shapes as (N, h, w, C).
        shape: h, w, C.
    """
    kernel, bias = np.asarray(layer.kernel), np.asarray(layer.bias)
    height, width, channels = shape
    turned = kernel.reshape(-1, *shape).transpose(0, 3, 1, 2).reshape(kernel.shape)
    offsets = bias.reshape(shape).transpose(2, 0, 1).reshape(-1)
    values = graph.dense(known, turned, offsets)
    sizes = graph.constant(np.array([-1, channels, height, width], np.int64))
    return graph.add("Reshape", [values, sizes])


def from_minus_one(graph: Graph, pictures: str, sign: int) -> str:
    """Pictures in [0, 1] as `sign * (2 x - 1)`."""
    doubled = graph.add("Mul", [pictures, graph.constant(np.float32(2 * sign))])
    return graph.add("Sub", [doubled, graph.constant(np.float32(sign))])


def as_picture(graph: Graph, planes: str, channels: int) -> str:
    """The output "picture" of logits; see `layers.convolutional.as_picture`."""
    if channels != 4:
        return graph.add("Sigmoid", [planes], "picture")
    picture = graph.add("Sigmoid", [planes])
    colors, alpha = (
        graph.add("Slice", [picture, *(graph.constant(np.array([i])) for i in (first, last, 1))])
        for first, last in ((0, 3), (3, 4))
    )
    return graph.add("Concat", [graph.add("Mul", [colors, alpha]), alpha], "picture", axis=1)


def _rectified(graph: Graph, features: str, norms: Any, index: int) -> str:
    normalised = rms_normalised(graph, features, norms[index]) if norms else features
    return graph.leaky_relu(normalised, SLOPE)
