"""Writes networks of pictures as ONNX files, which play without Keras.

Keras itself can export to ONNX, but only from its TensorFlow backend and with transposes around
every convolution; here the file holds what a network is once it is trained, and nothing else.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from creative_gen.fitting.finished import ExportFailed

OPSET = 17
IR_VERSION = 8

Array = NDArray[np.float32]


class Graph:
    """A network under construction: every method adds an operation and names what it gives.

    Pictures are (N, channels, height, width), as ONNX has them; kernels are given as Keras has
    them.

    Args:
        half: bool. Whether weights are kept as float16, which halves the file; they are played as
            float32 all the same. Defaults to False.
    """

    def __init__(self, half: bool = False) -> None:
        self.half = half
        self.nodes: list[onnx.NodeProto] = []
        self.constants: list[onnx.TensorProto] = []
        self.inputs: list[onnx.ValueInfoProto] = []

    def input(self, name: str, shape: Sequence[int | str]) -> str:
        """An input, float32; sizes that may change have names."""
        self.inputs.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, shape))
        return name

    def constant(self, values: NDArray[np.generic]) -> str:
        """An array that is kept as it is."""
        name = f"constant{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(values), name))
        return name

    def weight(self, values: Array) -> str:
        """An array that was learnt.

        Raises:
            ExportFailed: it has values that are not numbers, or too large for float16.
        """
        kept = np.asarray(values).astype(np.float16 if self.half else np.float32)
        if not np.isfinite(kept).all():
            raise ExportFailed("A weight is not a number, or too large.", "Train again.")
        name = self.constant(kept)
        return self.add("Cast", [name], to=TensorProto.FLOAT) if self.half else name

    def add(
        self, operation: str, inputs: Sequence[str], output: str = "", **attributes: object
    ) -> str:
        """Any operation with one output."""
        name = output or f"value{len(self.nodes)}"
        self.nodes.append(helper.make_node(operation, list(inputs), [name], **attributes))
        return name

    def split(self, values: str, sizes: str, outputs: Sequence[str], axis: int) -> Sequence[str]:
        """Parts of values along an axis, named as `outputs`; their sizes are a constant."""
        self.nodes.append(helper.make_node("Split", [values, sizes], list(outputs), axis=axis))
        return outputs

    def convolution(
        self,
        pictures: str,
        kernel: Array,
        bias: Array | None,
        strides: int = 1,
        output: str = "",
    ) -> str:
        """A convolution that zero-pads as Keras's `padding="same"` does.

        Args:
            kernel: (height, width, inputs, outputs).
            bias: (outputs,), or None.
        """
        inputs = [pictures, self.weight(np.transpose(kernel, (3, 2, 0, 1)))]
        if bias is not None:
            inputs.append(self.weight(bias))
        return self.add(
            "Conv",
            inputs,
            output,
            auto_pad="SAME_UPPER",
            kernel_shape=kernel.shape[:2],
            strides=(strides, strides),
        )

    def dense(self, values: str, kernel: Array, bias: Array | None, output: str = "") -> str:
        """A dense layer on values (N, inputs).

        Args:
            kernel: (inputs, outputs).
            bias: (outputs,), or None.
        """
        inputs = [values, self.weight(kernel)]
        if bias is not None:
            inputs.append(self.weight(bias))
        return self.add("Gemm", inputs, output)

    def transposed_convolution(
        self, pictures: str, kernel: Array, bias: Array | None, output: str = ""
    ) -> str:
        """A transposed convolution of stride 2, padded as Keras's `padding="same"` is.

        Args:
            kernel: (height, width, outputs, inputs), as Keras has it.
            bias: (outputs,), or None.
        """
        inputs = [pictures, self.weight(np.transpose(kernel, (3, 2, 0, 1)))]
        if bias is not None:
            inputs.append(self.weight(bias))
        # What Keras cuts off so that the result is twice as large; an odd one at the end.
        begin, end = (kernel.shape[0] - 2) // 2, (kernel.shape[0] - 1) // 2
        return self.add(
            "ConvTranspose",
            inputs,
            output,
            kernel_shape=kernel.shape[:2],
            strides=(2, 2),
            pads=(begin, begin, end, end),
        )

    def leaky_relu(self, values: str, slope: float) -> str:
        """Negative values times `slope`."""
        return self.add("LeakyRelu", [values], alpha=slope)

    def shuffle(self, pictures: str, scale: int, output: str = "") -> str:
        """Channels (row, column, channel) of a block of pixels into their places."""
        return self.add("DepthToSpace", [pictures], output, blocksize=scale, mode="DCR")

    def enlarged(self, pictures: str, scale: int) -> str:
        """Each pixel `scale` times in both directions."""
        sizes = self.constant(np.array([1, 1, scale, scale], np.float32))
        return self.add(
            "Resize",
            [pictures, "", sizes],
            mode="nearest",
            coordinate_transformation_mode="asymmetric",
            nearest_mode="floor",
        )

    def file(self, outputs: Mapping[str, Sequence[int | str]]) -> bytes:
        """The ONNX file.

        Args:
            outputs: the shapes of what the network gives, by name.
        """
        given = [
            helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
            for name, shape in outputs.items()
        ]
        graph = helper.make_graph(self.nodes, "network", self.inputs, given, self.constants)
        opset = helper.make_opsetid("", OPSET)
        model = helper.make_model(graph, opset_imports=[opset], ir_version=IR_VERSION)
        onnx.checker.check_model(model, full_check=True)
        return bytes(model.SerializeToString())
