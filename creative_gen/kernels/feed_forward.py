"""Networks that look once, as ONNX files: arrays in, arrays out, with no Keras.

ONNX Runtime plays them. OpenVINO does where it is asked for: CREATIVE_GEN_RUNTIME=openvino.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Literal, Protocol, get_args

import numpy as np
from numpy.typing import NDArray

from creative_gen.interface.errors import InvalidRequest, MissingExtra

Runtime = Literal["onnxruntime", "openvino"]
RUNTIME = "CREATIVE_GEN_RUNTIME"
"""The environment variable that names the runtime."""

Floats = NDArray[np.float32]


class InvalidNetwork(ValueError):
    """A file that is not a network that can be played."""


class FeedForward:
    """A network from an ONNX file.

    With ONNX Runtime the same inputs give the same bits on any number of threads.

    Args:
        model: bytes. The file's content; it must not refer to other files.
        threads: int. How many may work on one call. Defaults to the cores of this process.
        runtime: "onnxruntime" or "openvino". Defaults to what CREATIVE_GEN_RUNTIME says, and else
            to ONNX Runtime. OpenVINO works in bfloat16 on processors that have it, so its results
            differ in the third digit; it needs the extra `openvino`.

    Raises:
        InvalidNetwork: the file is not ONNX, or has operations that the runtime does not know.
        InvalidRequest: there is no such runtime.
        MissingExtra: the runtime is not installed.
    """

    def __init__(
        self, model: bytes, threads: int | None = None, runtime: Runtime | None = None
    ) -> None:
        chosen = runtime or os.environ.get(RUNTIME) or "onnxruntime"
        if chosen not in get_args(Runtime):
            raise InvalidRequest(
                f"There is no runtime {chosen!r}.",
                f"Set {RUNTIME} to one of {', '.join(get_args(Runtime))}.",
            )
        session = _ONNXRuntime if chosen == "onnxruntime" else _OpenVINO
        self._session: _Session = session(model, threads or cores())
        self.inputs = self._session.inputs
        """Names of the inputs, in the file's order."""
        self.outputs = self._session.outputs
        """Names of the outputs, in the file's order."""

    def run(self, inputs: Mapping[str, Floats]) -> dict[str, Floats]:
        """The outputs by name.

        Args:
            inputs: float32 arrays by name, of the shapes that the network takes.

        Raises:
            ValueError: an input is missing, or too many.
        """
        if set(inputs) != set(self.inputs):
            raise ValueError(f"inputs are {sorted(inputs)}, and not {sorted(self.inputs)}")
        arrays = {name: np.ascontiguousarray(inputs[name], np.float32) for name in self.inputs}
        return dict(zip(self.outputs, self._session.run(arrays), strict=True))


def cores() -> int:
    """How many cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class _Session(Protocol):
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]

    def run(self, arrays: dict[str, Floats]) -> list[Floats]: ...


class _ONNXRuntime:
    def __init__(self, model: bytes, threads: int) -> None:
        # Here, because an asset can be looked at without it.
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.log_severity_level = 3
        # Threads that wait would spin, and take the cores from other programs.
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        # Memory that a large call took is given back, and not kept for the next.
        options.enable_cpu_mem_arena = False
        try:
            self._session = onnxruntime.InferenceSession(
                model, options, providers=["CPUExecutionProvider"]
            )
        except Exception as error:  # Its errors have no base class of their own.
            raise InvalidNetwork(_first_line(error)) from error
        self.inputs = tuple(value.name for value in self._session.get_inputs())
        self.outputs = tuple(value.name for value in self._session.get_outputs())

    def run(self, arrays: dict[str, Floats]) -> list[Floats]:
        outputs: list[Floats] = self._session.run(list(self.outputs), arrays)
        return outputs


class _OpenVINO:
    def __init__(self, model: bytes, threads: int) -> None:
        try:
            import openvino
        except ModuleNotFoundError as error:
            raise MissingExtra(
                f"OpenVINO is not installed, and {RUNTIME} asks for it.",
                "Run: pip install 'creative_gen[openvino]'",
            ) from error

        core = openvino.Core()
        native = "BF16" in core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
        options = {
            "INFERENCE_NUM_THREADS": threads,
            # Where the processor has no bfloat16 it is imitated, at a fifth of the speed.
            "INFERENCE_PRECISION_HINT": "bf16" if native else "f32",
        }
        try:
            self._compiled = core.compile_model(core.read_model(model), "CPU", options)
        except RuntimeError as error:
            raise InvalidNetwork(_first_line(error)) from error
        self.inputs = tuple(port.get_any_name() for port in self._compiled.inputs)
        self.outputs = tuple(port.get_any_name() for port in self._compiled.outputs)

    def run(self, arrays: dict[str, Floats]) -> list[Floats]:
        results = self._compiled(arrays)
        return [np.array(results[port]) for port in self._compiled.outputs]


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[-1]
