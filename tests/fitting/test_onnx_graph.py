"""Each operation of a graph is that of Keras, to the last bits."""

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from creative_gen.fitting.finished import ExportFailed  # noqa: E402
from creative_gen.fitting.onnx_graph import Graph  # noqa: E402
from creative_gen.kernels.feed_forward import FeedForward  # noqa: E402


def numbers(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def played(graph, output, inputs):
    """What a graph gives for inputs by name; all its sizes may change."""
    sizes = [f"size{index}" for index in range(output.pop("axes", 4))]
    (name,) = output
    return FeedForward(graph.file({name: sizes})).run(inputs)[name]


def built(layer, *shape):
    layer.build((None, *shape))
    for index, variable in enumerate(layer.trainable_variables):
        variable.assign(numbers(*variable.shape, seed=index))
    return layer


@pytest.mark.parametrize("kernel", [2, 3, 4, 5])
@pytest.mark.parametrize(("height", "width"), [(3, 3), (4, 7), (1, 2)])
def test_transposed_convolutions_are_those_of_keras(kernel, height, width):
    layer = built(keras.layers.Conv2DTranspose(5, kernel, 2, padding="same"), None, None, 3)
    pictures = numbers(2, 3, height, width)
    expected = np.asarray(layer(np.moveaxis(pictures, 1, 3)))
    graph = Graph()
    graph.input("picture", ("n", 3, "height", "width"))
    weights = np.asarray(layer.kernel), np.asarray(layer.bias)
    graph.transposed_convolution("picture", *weights, "larger")
    found = played(graph, {"larger": None}, {"picture": pictures})
    assert found.shape == (2, 5, 2 * height, 2 * width)
    np.testing.assert_allclose(np.moveaxis(found, 1, 3), expected, atol=1e-5)


@pytest.mark.parametrize(("kernel", "strides"), [(3, 1), (3, 2), (4, 2), (5, 2)])
@pytest.mark.parametrize("side", [7, 8])
def test_convolutions_are_those_of_keras(kernel, strides, side):
    layer = built(keras.layers.Conv2D(4, kernel, strides, padding="same"), None, None, 3)
    pictures = numbers(2, 3, side, side)
    expected = np.asarray(layer(np.moveaxis(pictures, 1, 3)))
    graph = Graph()
    graph.input("picture", ("n", 3, "height", "width"))
    graph.convolution(
        "picture", np.asarray(layer.kernel), np.asarray(layer.bias), strides, "features"
    )
    found = played(graph, {"features": None}, {"picture": pictures})
    np.testing.assert_allclose(np.moveaxis(found, 1, 3), expected, atol=1e-5)


@pytest.mark.parametrize("biased", [True, False])
def test_dense_layers_are_matrices(biased):
    kernel, bias, values = numbers(5, 3), numbers(3, seed=1), numbers(4, 5, seed=2)
    graph = Graph()
    graph.input("values", ("n", 5))
    graph.dense("values", kernel, bias if biased else None, "made")
    found = played(graph, {"made": None, "axes": 2}, {"values": values})
    np.testing.assert_allclose(found, values @ kernel + biased * bias, atol=1e-5)


def test_values_are_split_into_named_parts():
    graph = Graph()
    graph.input("values", ("n", 5))
    sizes = graph.constant(np.array([2, 3], np.int64))
    assert graph.split("values", sizes, ("first", "rest"), axis=1) == ("first", "rest")
    values = numbers(3, 5)
    found = FeedForward(graph.file({"first": ("n", 2), "rest": ("n", 3)})).run({"values": values})
    np.testing.assert_array_equal(found["first"], values[:, :2])
    np.testing.assert_array_equal(found["rest"], values[:, 2:])


def test_half_keeps_weights_in_half_the_space_and_plays_floats():
    kernel, values = numbers(64, 64), numbers(2, 64, seed=1)
    files = []
    for half in (False, True):
        graph = Graph(half)
        graph.input("values", ("n", 64))
        graph.dense("values", kernel, None, "made")
        files.append(graph.file({"made": ("n", 64)}))
    assert len(files[1]) < 0.55 * len(files[0])
    found = FeedForward(files[1]).run({"values": values})["made"]
    expected = values @ kernel.astype(np.float16).astype(np.float32)
    np.testing.assert_allclose(found, expected, rtol=1e-4, atol=1e-4)


@pytest.mark.parametrize(("value", "half"), [(np.nan, False), (np.inf, False), (1e6, True)])
@pytest.mark.filterwarnings("ignore:overflow encountered in cast")
def test_weights_that_are_no_numbers_are_refused(value, half):
    kernel = numbers(5, 3)
    kernel[2, 1] = value
    graph = Graph(half)
    graph.input("values", ("n", 5))
    with pytest.raises(ExportFailed, match="not a number"):
        graph.dense("values", kernel, None, "made")
