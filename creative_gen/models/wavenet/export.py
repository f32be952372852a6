"""Turns a trained WaveNet into the arrays that `creative_gen.kernels` plays."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from creative_gen.fitting.finished import ExportFailed
from creative_gen.models.wavenet.network import WaveNet

Float = NDArray[np.float32]


def asset_weights(
    model: WaveNet, envelopes: Mapping[str, NDArray[np.float32]]
) -> dict[str, NDArray[np.float32]]:
    """All weights of a built network, as `kernels.wavenet_weights` names them.

    Those of the conditioning are "told/kernel" (F, C), "told/bias" (C), "condition/kernel" (C, C)
    and "condition/bias" (C); those of the envelopes are as `envelopes.Envelopes` names them.

    Raises:
        ExportFailed: a weight is not a number.
    """
    first, second = model.told
    layers = model.gated
    weights = {
        **envelopes,
        **_dense("told", first),
        **_dense("condition", second),
        **_dense("input", model.enter),
        "layers/kernel": _stacked([layer.kernel for layer in layers]),
        "layers/bias": _stacked([layer.bias for layer in layers]),
        "layers/condition": _stacked([layer.condition for layer in layers]),
        "layers/residual": _stacked([layer.residual for layer in layers]),
        "layers/residual_bias": _stacked([layer.residual_bias for layer in layers]),
        "layers/skip": _stacked([layer.skip for layer in layers]),
        "skip/bias": np.asarray(model.skip_bias),
        **_dense("head", model.head),
        **_dense("output", model.leave),
    }
    for name, array in weights.items():
        if not np.isfinite(array).all():
            raise ExportFailed(f"The weight '{name}' is not a number.", "Train again.")
    return weights


def _dense(name, layer):
    return {f"{name}/kernel": np.asarray(layer.kernel), f"{name}/bias": np.asarray(layer.bias)}


def _stacked(variables):
    return np.stack([np.asarray(variable) for variable in variables])
