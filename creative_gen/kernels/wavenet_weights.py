"""Names and shapes of a WaveNet's weights, and how they are widened for the kernels."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Head = Literal["mu_law", "logistics"]
Weights = dict[str, NDArray[np.float32]]

LEVELS = 256
WIDTH = 32

# L layers, R residual channels, S skip channels, H head units, O outputs, I inputs;
# "2R" is filter and gate side by side, or the past above the present.
SHAPES: dict[str, tuple[str, ...]] = {
    "input/kernel": ("I", "R"),
    "input/bias": ("R",),
    "layers/kernel": ("L", "2R", "2R"),
    "layers/residual": ("L", "R", "R"),
    "layers/residual_bias": ("L", "R"),
    "layers/skip": ("L", "R", "S"),
    "skip/bias": ("S",),
    "head/kernel": ("S", "H"),
    "head/bias": ("H",),
    "output/kernel": ("H", "O"),
    "output/bias": ("O",),
}


def checked_weights(
    weights: Mapping[str, NDArray[np.floating]], dilations: tuple[int, ...], head: Head
) -> Weights:
    """The weights that the kernels use, in float32; other names are left out.

    Raises:
        ValueError: with one sentence that names the first weight that is missing, of a wrong shape
            or not finite, or that says what is wrong with the dilations or the head.
    """
    if not dilations or any(dilation < 1 for dilation in dilations):
        raise ValueError("a WaveNet needs one dilation a layer, each at least 1")
    for name in SHAPES:
        if name not in weights:
            raise ValueError(f"the network has no weight {name!r}")
    arrays = {name: np.ascontiguousarray(weights[name], np.float32) for name in SHAPES}
    sizes = {"L": len(dilations)}
    for name, letters in SHAPES.items():
        for axis, letter in enumerate(letters):
            sizes.setdefault(letter, _length(arrays[name], axis))
        expected = tuple(_size(letter, sizes) for letter in letters)
        if arrays[name].shape != expected or 0 in expected:
            raise ValueError(f"the weight {name!r} is {arrays[name].shape}, not {expected}")
        if not np.isfinite(arrays[name]).all():
            raise ValueError(f"the weight {name!r} has values that are not finite")
    outputs = sizes["O"]
    if head == "mu_law" and outputs != LEVELS:
        raise ValueError(f"a head of {LEVELS} levels does not have {outputs} outputs")
    if head == "logistics" and outputs % 3:
        raise ValueError(f"{outputs} outputs are not 3 for each logistic")
    if sizes["I"] < 2:
        raise ValueError("the inputs are two samples and the phases, not 1")
    return arrays


def widened(weights: Weights) -> Weights:
    """The same network with R, S, H and O as multiples of 32: the further weights are zeros."""
    wide = {}
    for name, letters in SHAPES.items():
        array = weights[name]
        for axis, letter in enumerate(letters):
            parts = np.split(array, 2, axis) if letter == "2R" else [array]
            if letter not in "IL":
                parts = [_extended(part, axis) for part in parts]
            array = np.concatenate(parts, axis)
        wide[name] = np.ascontiguousarray(array)
    return wide


def _size(letters: str, sizes: Mapping[str, int]) -> int:
    return 2 * sizes[letters[1]] if letters[0] == "2" else sizes[letters]


def _length(array: NDArray[np.float32], axis: int) -> int:
    """Length of an axis, or 1 where an array of a wrong shape has no such axis."""
    return array.shape[axis] if axis < array.ndim else 1


def _extended(array: NDArray[np.float32], axis: int) -> NDArray[np.float32]:
    widths = [(0, 0)] * array.ndim
    widths[axis] = (0, -array.shape[axis] % WIDTH)
    return np.pad(array, widths)
