"""Names and shapes of a stroke decoder's weights, for each recurrent cell it may use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
from numpy.typing import NDArray

CellKind = Literal["lstm", "layer_norm", "hyper"]

# H units, O = 6M + 3 outputs, C condition, S state size, E hyper units, Z hyper embedding.
# "4H" is gates i, f, g, o side by side; a leading 4 stacks them in that order.
_COMMON: dict[str, tuple[str, ...]] = {
    "decoder/kernel_x": ("5", "4H"),
    "decoder/kernel_h": ("H", "4H"),
    "output/kernel": ("H", "O"),
    "output/bias": ("O",),
}
_CONDITION: dict[str, tuple[str, ...]] = {
    "decoder/kernel_condition": ("C", "4H"),
    "initial/kernel": ("C", "2S"),
    "initial/bias": ("2S",),
}
_NORMS: dict[str, tuple[str, ...]] = {
    "decoder/gate_gamma": ("4H",),
    "decoder/gate_beta": ("4H",),
    "decoder/cell_gamma": ("H",),
    "decoder/cell_beta": ("H",),
}
_HYPER: dict[str, tuple[str, ...]] = {
    "hyper/kernel_x": ("5", "4E"),
    "hyper/kernel_main": ("H", "4E"),
    "hyper/kernel_h": ("E", "4E"),
    "hyper/gate_gamma": ("4E",),
    "hyper/gate_beta": ("4E",),
    "hyper/cell_gamma": ("E",),
    "hyper/cell_beta": ("E",),
    "hyper/x_embedding_kernel": ("4", "E", "Z"),
    "hyper/x_embedding_bias": ("4", "Z"),
    "hyper/x_scale_kernel": ("4", "Z", "H"),
    "hyper/h_embedding_kernel": ("4", "E", "Z"),
    "hyper/h_embedding_bias": ("4", "Z"),
    "hyper/h_scale_kernel": ("4", "Z", "H"),
    "hyper/h_shift_embedding_kernel": ("4", "E", "Z"),
    "hyper/h_shift_kernel": ("4", "Z", "H"),
}
_CELLS: dict[CellKind, dict[str, tuple[str, ...]]] = {
    "lstm": {"decoder/bias": ("4H",)},
    "layer_norm": _NORMS,
    "hyper": {"decoder/bias": ("4H",)} | _NORMS | _HYPER,
}


def weight_shapes(cell: CellKind, conditional: bool) -> dict[str, tuple[str, ...]]:
    """Every weight a decoder needs, by name, with its shape in letters."""
    shapes = _COMMON | _CELLS[cell]
    if conditional:
        shapes |= _CONDITION
        if cell == "hyper":
            shapes["hyper/kernel_condition"] = ("C", "4E")
    return shapes


def check_weights(weights: Mapping[str, NDArray[np.float32]], cell: CellKind) -> None:
    """Check that every weight is there, fits the others and is finite.

    Raises:
        ValueError: with one sentence that names the first weight that does not.
    """
    sizes: dict[str, int] = {}
    shapes = weight_shapes(cell, "initial/kernel" in weights)
    for name in shapes:
        if name not in weights:
            raise ValueError(f"the decoder has no weight {name!r}")
    sizes["H"] = sizes["S"] = _length(weights, "decoder/kernel_h")
    if cell == "hyper":
        sizes["E"] = _length(weights, "hyper/kernel_h")
        sizes["S"] += sizes["E"]
        sizes["Z"] = _length(weights, "hyper/x_scale_kernel", 1)
    sizes["O"] = _length(weights, "output/bias")
    if "initial/kernel" in weights:
        sizes["C"] = _length(weights, "initial/kernel")
    for name, letters in shapes.items():
        expected = tuple(_size(letter, sizes) for letter in letters)
        if weights[name].shape != expected:
            raise ValueError(f"the weight {name!r} is {weights[name].shape}, not {expected}")
        if not np.isfinite(weights[name]).all():
            raise ValueError(f"the weight {name!r} has values that are not finite")
    if sizes["O"] < 9 or (sizes["O"] - 3) % 6:
        raise ValueError(f"{sizes['O']} outputs are not 6 for each mixture component and 3")


def _length(weights: Mapping[str, NDArray[np.float32]], name: str, axis: int = 0) -> int:
    """Length of an axis, at least 1, or 1 where a weight of a wrong shape has no such axis."""
    shape = weights[name].shape
    return max(shape[axis], 1) if axis < len(shape) else 1


def _size(letters: str, sizes: Mapping[str, int]) -> int:
    factor, letter = letters[:-1], letters[-1]
    return int(letters) if letters.isdigit() else int(factor or 1) * sizes[letter]
