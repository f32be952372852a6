"""Directions of a latent space that have names: along them, one thing of a picture changes."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from creative_gen.interface.errors import InvalidRequest
from creative_gen.latent.player import LatentPlayer

Floats = NDArray[np.float32]

PREFIX = "direction."


def direction(player: LatentPlayer, name: str) -> Floats:
    """The step (Z,) by which what is named changes by one standard deviation.

    Raises:
        InvalidRequest: the asset does not know it.
        InvalidAsset: the weights do not have what the settings name.
    """
    known = player.settings.directions
    if name not in known:
        raise InvalidRequest(
            f"The asset '{player.asset.name}' knows no direction '{name}'.",
            f"It knows {', '.join(known)}." if known else "It knows none: choose another asset.",
        )
    step = player.arrays.get(PREFIX + name)
    if step is None or step.shape != (player.settings.latent,):
        raise player.invalid(f"The weights do not have the direction '{name}'.")
    return np.asarray(step, np.float32)


def moved(latent: Floats, step: Floats, amounts: NDArray[np.float64]) -> Floats:
    """Latent vectors (N, Z): one (Z,) moved by each of N amounts of a step (Z,)."""
    return np.asarray(latent + amounts[:, None] * step, np.float32)
