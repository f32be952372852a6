"""The layers of networks of small pictures play as Keras has them."""

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from keras import ops  # noqa: E402

from creative_gen.fitting import onnx_pictures as onnx  # noqa: E402
from creative_gen.fitting.onnx_graph import Graph  # noqa: E402
from creative_gen.kernels.feed_forward import FeedForward  # noqa: E402
from creative_gen.layers.convolutional import (  # noqa: E402
    Contraction,
    Expansion,
    ResidualBlock,
    as_picture,
)

WIDTHS = (3, 4, 5)


def numbers(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def built(layer, *shape):
    """A layer whose weights are all random: also those that are 0 or 1 at first."""
    layer.build((None, *shape))
    for index, variable in enumerate(layer.trainable_variables):
        values = np.asarray(variable)
        variable.assign(values + 0.3 * numbers(*values.shape, seed=index))
    return layer


def same(graph, output, values, expected):
    """Whether a graph with the input "values", (N, C, H, W), gives what Keras does."""
    file = graph.file({output: [f"size{axis}" for axis in range(expected.ndim)]})
    found = FeedForward(file).run({"values": np.ascontiguousarray(np.moveaxis(values, -1, 1))})
    np.testing.assert_allclose(np.moveaxis(found[output], 1, -1), expected, atol=2e-5, rtol=1e-5)


def graph_of(*shape):
    graph = Graph()
    graph.input("values", ("n", *shape))
    return graph


@pytest.mark.parametrize("normalised", [True, False])
@pytest.mark.parametrize("blocks", [0, 2])
def test_contractions_are_those_of_keras(normalised, blocks):
    layer = built(Contraction(2, WIDTHS, blocks, normalised))
    pictures = numbers(2, 8, 12, 2)
    graph = graph_of(2, 8, 12)
    output = onnx.contraction(graph, "values", layer)
    expected = np.asarray(layer(pictures))
    assert expected.shape == (2, 2, 3, 5)
    same(graph, output, pictures, expected)


@pytest.mark.parametrize("blocks", [0, 2])
def test_expansions_are_those_of_keras(blocks):
    layer = built(Expansion(4, WIDTHS, blocks))
    features = numbers(2, 2, 3, 5)
    graph = graph_of(5, 2, 3)
    output = onnx.expansion(graph, "values", layer, "planes")
    assert output == "planes"
    expected = np.asarray(layer(features))
    assert expected.shape == (2, 8, 12, 4)
    same(graph, output, features, expected)


@pytest.mark.parametrize("size", [1.0, 1e-3])
def test_normalisation_is_that_of_keras(size):
    """Also of features so small that what is added to their mean square shows."""
    layer = built(keras.layers.RMSNormalization(), None, None, 6)
    features = size * numbers(2, 3, 4, 6)
    graph = graph_of(6, 3, 4)
    same(graph, onnx.rms_normalised(graph, "values", layer), features, np.asarray(layer(features)))


def test_residual_blocks_are_those_of_keras():
    layer = built(ResidualBlock(4))
    features = numbers(2, 5, 3, 4)
    graph = graph_of(4, 5, 3)
    same(graph, onnx.residual_block(graph, "values", layer), features, np.asarray(layer(features)))


def test_a_dense_layer_after_a_flattening_takes_others_beside_it():
    layer = built(keras.layers.Dense(7), 3 * 2 * 5 + 2)
    features, others = numbers(4, 3, 2, 5), numbers(4, 2, seed=1)
    expected = layer(ops.concatenate([ops.reshape(features, (4, -1)), others], 1))
    graph = graph_of(5, 3, 2)
    beside = graph.input("others", ("n", 2))
    seen = graph.add("Concat", [onnx.flattened(graph, "values"), beside], axis=1)
    onnx.dense_after(graph, seen, layer, (3, 2, 5), "made")
    given = {"values": np.moveaxis(features, 3, 1), "others": others}
    found = FeedForward(graph.file({"made": ("n", 7)})).run(given)["made"]
    np.testing.assert_allclose(found, np.asarray(expected), atol=1e-5)


def test_a_dense_layer_gives_features_in_their_places():
    layer = built(keras.layers.Dense(3 * 2 * 5), 4)
    known = numbers(6, 4)
    graph = graph_of(4)
    output = onnx.dense_before(graph, "values", layer, (3, 2, 5))
    expected = np.asarray(layer(known)).reshape(6, 3, 2, 5)
    file = graph.file({output: ("n", 5, 3, 2)})
    found = FeedForward(file).run({"values": known})[output]
    np.testing.assert_allclose(np.moveaxis(found, 1, 3), expected, atol=1e-5)


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_pictures_are_made_of_planes_as_in_keras(channels):
    planes = 3 * numbers(2, 4, 6, channels)
    graph = graph_of(channels, 4, 6)
    onnx.as_picture(graph, "values", channels)
    expected = np.asarray(as_picture(planes))
    assert expected.min() >= 0 and expected.max() <= 1
    same(graph, "picture", planes, expected)


@pytest.mark.parametrize("sign", [1, -1])
def test_pictures_are_seen_from_minus_one_to_one(sign):
    pictures = np.random.default_rng(0).random((2, 3, 4, 1), np.float32)
    graph = graph_of(1, 3, 4)
    output = onnx.from_minus_one(graph, "values", sign)
    same(graph, output, pictures, sign * (2 * pictures - 1))
