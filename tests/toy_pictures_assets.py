"""Picture networks made in code, as the ONNX files of assets: small, quick, and not trained."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from creative_gen.media.bicubic import contributions
from creative_gen.models.colorizer.config import ColorizerConfig
from creative_gen.models.colorizer.palettes import line_palette, tone_palette
from creative_gen.models.colorizer.player import FILE
from creative_gen.models.upscaler.config import UpscalerConfig
from creative_gen.store.card import CARD, Card, Training, card_toml

UPSCALER = UpscalerConfig(kind="photo", channels=4, depth=1)
COLORIZER = ColorizerConfig(
    size=64, widths=(4, 4, 4, 4), blocks=(0, 0, 0, 0), tone_spacing=40.0, line_spacing=50.0
)
UNHINTED = (60.0, 22.0, -11.0)
"""The L*, a* and b* that the toy colorizer says where it was given no hint."""

Floats = NDArray[np.float32]


class Graph:
    """An ONNX graph that grows by a node at a time."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []

    def constant(self, name: str, array: NDArray[Any]) -> str:
        self.constants.append(numpy_helper.from_array(array, name))
        return name

    def add(self, operation: str, inputs: list[str], output: str = "", **attributes: Any) -> str:
        output = output or f"{operation}{len(self.nodes)}"
        self.nodes.append(helper.make_node(operation, inputs, [output], **attributes))
        return output

    def conv(self, source: str, kernel: Floats, output: str = "") -> str:
        """A convolution (out, in, side, side) that pads with zeros."""
        name = self.constant(f"kernel{len(self.nodes)}", kernel.astype(np.float32))
        return self.add("Conv", [source, name], output, pads=[kernel.shape[2] // 2] * 4)

    def model(self, inputs: dict[str, list[Any]], outputs: dict[str, list[Any]]) -> bytes:
        """The file, of inputs and outputs with their shapes."""
        values = [
            [helper.make_tensor_value_info(name, TensorProto.FLOAT, shape) for name, shape in each]
            for each in (inputs.items(), outputs.items())
        ]
        graph = helper.make_graph(self.nodes, "toy", *values, self.constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
        onnx.checker.check_model(model)
        return bytes(model.SerializeToString())


def upscaler_network(scale: int, seed: int = 0, detail: float = 0.02) -> bytes:
    """Bicubic enlargement and a little random detail, of two pixels around; flat stays flat."""
    random = np.random.default_rng(seed)
    kernels = random.normal(0, 0.3, (UPSCALER.channels, 3, 3, 3))
    kernels -= kernels.mean(axis=(2, 3), keepdims=True)
    graph = Graph()
    bicubic = graph.conv("picture", bicubic_planes(scale))
    features = graph.conv("picture", kernels)
    bent = graph.add("LeakyRelu", [features], alpha=0.1)
    residual = graph.conv(bent, random.normal(0, detail, (3 * scale**2, UPSCALER.channels, 3, 3)))
    total = graph.add("Add", [bicubic, residual])
    graph.add("DepthToSpace", [total], "larger", blocksize=scale, mode="CRD")
    return graph.model({"picture": ["n", 3, "h", "w"]}, {"larger": ["n", 3, "sh", "sw"]})


def bicubic_planes(scale: int) -> Floats:
    """A convolution (3 * scale * scale, 3, 5, 5) whose shuffled pixels enlarge bicubically."""
    # What the pixels of the middle one of nine take, which no mirrored edge is near.
    indices, weights = contributions(9, 9 * scale, scale)
    taps = np.zeros((scale, 9))
    middle = slice(4 * scale, 5 * scale)
    np.add.at(taps, (np.arange(scale)[:, None], indices[middle]), weights[middle])
    taps = taps[:, 2:7]
    planes = np.einsum("iy,jx,cd->cijdyx", taps, taps, np.eye(3))
    return planes.reshape(3 * scale**2, 3, 5, 5).astype(np.float32)


def write_upscaler(
    root: Path, name: str = "toy-photos", config: UpscalerConfig = UPSCALER, **card: Any
) -> Path:
    """Write an upscaler into a folder of assets, and return its own folder."""
    files = {f"x{scale}.onnx": upscaler_network(scale) for scale in config.scales}
    fields = {
        "family": "upscaler",
        "tasks": ["image.upscale"],
        "settings": config.model_dump(mode="json"),
        "categories": [{"name": config.kind}],
    }
    return write_asset(root / name, files, **fields | card)


def colorizer_network(config: ColorizerConfig = COLORIZER, seed: int = 0) -> bytes:
    """Says what hints spread to, and `UNHINTED` elsewhere; likelihoods depend on the lightness."""
    random = np.random.default_rng(seed)
    graph = Graph()
    halved = graph.add("AveragePool", ["hints"], kernel_shape=[2, 2], strides=[2, 2])
    split = graph.constant("split", np.array([4, 3, 1], np.int64))
    parts = ["strokes", "spread", "sureness"]
    graph.nodes.append(helper.make_node("Split", [halved, split], parts, axis=1))
    scaled = np.array(UNHINTED, np.float32) / [50, 110, 110] - [1, 0, 0]
    base = graph.constant("base", scaled.astype(np.float32).reshape(1, 3, 1, 1))
    one = graph.constant("one", np.array(1, np.float32))
    free = graph.add("Mul", [graph.add("Sub", [one, "sureness"]), base])
    graph.add("Add", ["spread", free], "color")
    light = graph.add("AveragePool", ["lightness"], kernel_shape=[4, 4], strides=[4, 4])
    sizes = {
        "tone_logits": len(tone_palette(config.tone_spacing)),
        "line_logits": len(line_palette(config.line_spacing)),
    }
    flags = graph.add("ReduceSum", ["lines"], keepdims=0)
    for name, size in sizes.items():
        logits = graph.conv(light, random.normal(0, 2, (size, 1, 1, 1)))
        # Adding nothing times the flags uses this input.
        nothing = graph.constant(f"nothing_{name}", np.array(0, np.float32))
        graph.add("Add", [logits, graph.add("Mul", [flags, nothing])], name)
    sides = ["n", "c", "h", "w"]
    inputs = {"lightness": ["n", 1, "h", "w"], "hints": ["n", 8, "h", "w"], "lines": ["n", 1]}
    return graph.model(inputs, {"color": ["n", 3, "h2", "w2"]} | dict.fromkeys(sizes, sides))


def write_colorizer(
    root: Path, name: str = "toy-colors", config: ColorizerConfig = COLORIZER, **card: Any
) -> Path:
    """Write a colorizer into a folder of assets, and return its own folder."""
    fields = {
        "family": "colorizer",
        "tasks": ["image.colorize"],
        "settings": config.model_dump(mode="json"),
    }
    return write_asset(root / name, {FILE: colorizer_network(config)}, **fields | card)


def write_asset(folder: Path, files: dict[str, bytes], **card: Any) -> Path:
    """Write files and a card that lists them."""
    folder.mkdir(parents=True)
    for name, content in files.items():
        (folder / name).write_bytes(content)
    fields: dict[str, Any] = {
        "name": folder.name,
        "title": "A toy",
        "description": "Not trained.",
        "version": "1",
        "licence": "CC0-1.0",
        "data": [{"name": "None", "licence": "CC0-1.0", "attribution": "Nobody"}],
        "training": Training(command="none"),
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
    }
    (folder / CARD).write_text(card_toml(Card.model_validate(fields | card)), "utf-8")
    return folder
