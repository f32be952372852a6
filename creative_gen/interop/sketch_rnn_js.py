"""Models published for sketch-rnn-js (`.gen.json`, `.vae.json`, also gzipped), read into weights.

A file is a JSON list of three: a header, the shapes of the arrays, and the arrays as base64 of
little-endian int16, each value times 10 / 32767. Decoder arrays come in the order output kernel,
output bias, LSTM kernel_x, kernel_h, bias; gates in the order i, g, f, o; 1.0 is added to the
forget gate at run time. Outputs and pen states (down, up, end) are in creative_gen's own order.
A `.vae.json` has twelve arrays more in front: forward and backward encoder LSTMs, mu, log sigma^2
and the layer from z to the first state, cell state first.
"""

from __future__ import annotations

import base64
import binascii
import gzip
import io
import json
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from creative_gen.media.errors import MediaError
from creative_gen.media.source import read_bytes

MAX_FILE_BYTES = 64 * 2**20
MAX_ARRAYS = 32
MAX_VALUE = 10.0
DECODER_MODES = (2, "gen")
DECODER_ARRAYS = 5
VAE_ARRAYS = 17
LATENT_NAMES = (
    "latent/mean_kernel",
    "latent/mean_bias",
    "latent/log_variance_kernel",
    "latent/log_variance_bias",
)
HINT = "Export the model again with sketch-rnn-js's own script, or fetch the published file."

Weights = dict[str, NDArray[np.float32]]


@dataclass(frozen=True)
class SketchRNNModel:
    """A Sketch-RNN model read from another project's file.

    Attributes:
        name: the category it draws, such as "bicycle".
        scale_factor: canvas units of one normalised unit.
        max_seq_len: most points of a training drawing.
        weights: float32 arrays under creative_gen's names, for StrokeDecoder and encode().
        header: the file's header as it stands.
    """

    name: str
    scale_factor: float
    max_seq_len: int
    weights: Weights
    header: dict[str, object]

    @property
    def conditional(self) -> bool:
        """Whether the model has an encoder and reads a latent vector."""
        return "initial/kernel" in self.weights


def read_sketch_rnn_js(source: bytes | str | Path) -> SketchRNNModel:
    """Read a published model.

    Args:
        source: the file's bytes or its path; gzip is recognised by its first bytes.

    Raises:
        MediaError: the file is too large, not such a model, or its arrays do not fit together.
    """
    header, shapes, blobs = _parts(_read(source))
    arrays = [_array(shape, blob) for shape, blob in zip(shapes, blobs, strict=True)]
    unconditional = header.get("mode") in DECODER_MODES
    expected = DECODER_ARRAYS if unconditional else VAE_ARRAYS
    if len(arrays) != expected:
        raise MediaError(f"The model has {len(arrays)} arrays where {expected} belong.", HINT)
    weights = _decoder(arrays[-DECODER_ARRAYS:])
    if not unconditional:
        weights = _encoder(arrays[:12]) | _split_condition(weights)
    _check_shapes(weights)
    return SketchRNNModel(
        name=str(header.get("name", "")),
        scale_factor=_number(header, "scale_factor"),
        max_seq_len=int(_number(header, "max_seq_len")),
        weights=weights,
        header=header,
    )


def _read(source: bytes | str | Path) -> bytes:
    data = read_bytes(source, MAX_FILE_BYTES)
    if data[:2] != b"\x1f\x8b":
        return data
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            data = file.read(MAX_FILE_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise MediaError(
            "The model file is damaged: its gzip data does not unpack.", HINT
        ) from error
    return read_bytes(data, MAX_FILE_BYTES)


def _parts(data: bytes) -> tuple[dict[str, object], list[list[int]], list[str]]:
    try:
        content = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise MediaError("The model file is not JSON.", HINT) from error
    match content:
        case [dict() as header, [*shapes], [*blobs]] if 0 < len(shapes) == len(blobs) <= MAX_ARRAYS:
            return header, shapes, blobs
    raise MediaError("The model file is not a list of a header, shapes and arrays.", HINT)


def _array(shape: object, blob: object) -> NDArray[np.float32]:
    if not _is_shape(shape) or not isinstance(blob, str):
        raise MediaError("The model file has an array without a shape or without data.", HINT)
    try:
        values = np.frombuffer(base64.b64decode(blob, validate=True), "<i2")
    except (binascii.Error, ValueError) as error:
        raise MediaError(
            "The model file has an array that is not base64 of int16.", HINT
        ) from error
    assert isinstance(shape, list)
    if len(values) != int(np.prod(shape, dtype=np.int64)):
        raise MediaError(f"The model file has {len(values)} values for the shape {shape}.", HINT)
    return (values.reshape(shape) * (MAX_VALUE / 32767.0)).astype(np.float32)


def _is_shape(shape: object) -> bool:
    return (
        isinstance(shape, list)
        and 1 <= len(shape) <= 2
        and all(type(size) is int and 0 < size < 2**20 for size in shape)
    )


def _decoder(arrays: list[NDArray[np.float32]]) -> Weights:
    output_kernel, output_bias, kernel_x, kernel_h, bias = arrays
    return {
        "decoder/kernel_x": _gates(kernel_x),
        "decoder/kernel_h": _gates(kernel_h),
        "decoder/bias": _gate_bias(bias),
        "output/kernel": output_kernel,
        "output/bias": output_bias,
    }


def _split_condition(decoder: Weights) -> Weights:
    """Part the LSTM's input kernel into the pen's five rows and the latent vector's."""
    kernel = decoder.pop("decoder/kernel_x")
    return decoder | {"decoder/kernel_x": kernel[:5], "decoder/kernel_condition": kernel[5:]}


def _encoder(arrays: list[NDArray[np.float32]]) -> Weights:
    weights: Weights = {}
    for direction, (kernel_x, kernel_h, bias) in zip(
        ("forward", "backward"), (arrays[0:3], arrays[3:6]), strict=True
    ):
        weights[f"encoder/{direction}/kernel_x"] = _gates(kernel_x)
        weights[f"encoder/{direction}/kernel_h"] = _gates(kernel_h)
        weights[f"encoder/{direction}/bias"] = _gate_bias(bias)
    weights |= dict(zip(LATENT_NAMES, arrays[6:10], strict=True))
    # The file's first state is [c, h]; ours is [h, c].
    for name, array in zip(("initial/kernel", "initial/bias"), arrays[10:12], strict=True):
        c, h = _split(array, 2)
        weights[name] = np.concatenate([h, c], axis=-1)
    return weights


def _gates(array: NDArray[np.float32]) -> NDArray[np.float32]:
    """Reorder gates i, g, f, o to i, f, g, o."""
    i, g, f, o = _split(array, 4)
    return np.concatenate([i, f, g, o], axis=-1)


def _gate_bias(array: NDArray[np.float32]) -> NDArray[np.float32]:
    i, g, f, o = _split(array, 4)
    return np.concatenate([i, f + np.float32(1.0), g, o], axis=-1)


def _split(array: NDArray[np.float32], parts: int) -> list[NDArray[np.float32]]:
    if array.shape[-1] % parts:
        raise MediaError(f"The model has an array of width {array.shape[-1]}.", HINT)
    return np.split(array, parts, axis=-1)


def _check_shapes(weights: Weights) -> None:
    for name, shape in _expected_shapes(weights).items():
        if weights[name].shape != shape:
            found = weights[name].shape
            raise MediaError(f"The model's {name} is {found} where {shape} fits.", HINT)


def _expected_shapes(weights: Weights) -> dict[str, tuple[int, ...]]:
    units, outputs = len(weights["decoder/kernel_h"]), len(weights["output/bias"])
    # M mixtures make 6M + 3 outputs; anything else is expected as the next such number.
    outputs += -(outputs - 3) % 6
    shapes: dict[str, tuple[int, ...]] = {
        "decoder/kernel_x": (5, 4 * units),
        "decoder/kernel_h": (units, 4 * units),
        "decoder/bias": (4 * units,),
        "output/kernel": (units, outputs),
        "output/bias": (outputs,),
    }
    if "initial/kernel" in weights:
        shapes |= _expected_vae_shapes(weights, units)
    return shapes


def _expected_vae_shapes(weights: Weights, units: int) -> dict[str, tuple[int, ...]]:
    size, latent = len(weights["encoder/forward/kernel_h"]), len(weights["latent/mean_bias"])
    shapes: dict[str, tuple[int, ...]] = {
        "decoder/kernel_condition": (latent, 4 * units),
        "initial/kernel": (latent, 2 * units),
        "initial/bias": (2 * units,),
    }
    for direction in ("forward", "backward"):
        shapes[f"encoder/{direction}/kernel_x"] = (5, 4 * size)
        shapes[f"encoder/{direction}/kernel_h"] = (size, 4 * size)
        shapes[f"encoder/{direction}/bias"] = (4 * size,)
    for name in ("mean", "log_variance"):
        shapes[f"latent/{name}_kernel"] = (2 * size, latent)
        shapes[f"latent/{name}_bias"] = (latent,)
    return shapes


def _number(header: dict[str, object], key: str) -> float:
    value = header.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 1e6:
        raise MediaError(f"The model's header has no usable {key}.", HINT)
    return float(value)
