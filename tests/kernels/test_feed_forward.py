from __future__ import annotations

import numpy as np
import pytest

from creative_gen.interface.errors import InvalidRequest
from creative_gen.kernels.feed_forward import RUNTIME, FeedForward, InvalidNetwork
from tests.toy_pictures_assets import Graph, upscaler_network


@pytest.fixture(scope="module")
def picture() -> np.ndarray:
    return np.random.default_rng(3).random((1, 3, 61, 47), np.float32)


def convolved(plane: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    padded = np.pad(plane.astype(np.float64), 1)
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3))
    return np.einsum("hwij,ij->hw", windows, kernel.astype(np.float64))


def test_a_network_computes_what_its_file_says():
    random = np.random.default_rng(0)
    kernel = random.normal(0, 1, (1, 1, 3, 3)).astype(np.float32)
    plane = random.random((1, 1, 9, 7), np.float32)
    graph = Graph()
    graph.conv("x", kernel, "convolved")
    graph.add("Add", ["x", "y"], "sum")
    shape = ["n", 1, "h", "w"]
    model = graph.model({"x": shape, "y": shape}, {"sum": shape, "convolved": shape})
    network = FeedForward(model)
    assert (network.inputs, network.outputs) == (("x", "y"), ("sum", "convolved"))
    outputs = network.run({"y": 2 * plane, "x": plane})
    np.testing.assert_allclose(outputs["sum"], 3 * plane, rtol=1e-6)
    np.testing.assert_allclose(
        outputs["convolved"][0, 0], convolved(plane[0, 0], kernel[0, 0]), atol=1e-5
    )


@pytest.mark.parametrize("threads", [2, 3, 8])
def test_threads_do_not_change_bits(picture: np.ndarray, threads: int):
    model = upscaler_network(2)
    alone = FeedForward(model, threads=1).run({"picture": picture})
    several = FeedForward(model, threads=threads).run({"picture": picture})
    np.testing.assert_array_equal(alone["larger"], several["larger"])


@pytest.mark.parametrize("inputs", [{}, {"picture": 0, "more": 0}, {"photo": 0}])
def test_inputs_have_to_be_those_of_the_network(inputs: dict[str, int]):
    network = FeedForward(upscaler_network(2))
    with pytest.raises(ValueError, match="picture"):
        network.run({name: np.zeros((1, 3, 4, 4), np.float32) for name in inputs})


@pytest.mark.parametrize("content", [b"", b"not ONNX", upscaler_network(2)[:300]])
def test_a_broken_file_is_named_as_one(content: bytes):
    with pytest.raises(InvalidNetwork):
        FeedForward(content)


def test_openvino_plays_the_same_network(picture: np.ndarray):
    pytest.importorskip("openvino")
    model = upscaler_network(3)
    expected = FeedForward(model).run({"picture": picture})["larger"]
    network = FeedForward(model, threads=1, runtime="openvino")
    assert (network.inputs, network.outputs) == (("picture",), ("larger",))
    # Where the processor has bfloat16, with its eight bits.
    np.testing.assert_allclose(network.run({"picture": picture})["larger"], expected, atol=0.02)
    with pytest.raises(InvalidNetwork):
        FeedForward(b"not ONNX", runtime="openvino")


def test_the_environment_names_the_runtime(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv(RUNTIME, "abacus")
    with pytest.raises(InvalidRequest, match="abacus") as error:
        FeedForward(upscaler_network(2))
    assert "onnxruntime, openvino" in error.value.hint
    monkeypatch.setenv(RUNTIME, "onnxruntime")
    FeedForward(upscaler_network(2))
