"""Draws several latent vectors for each picture, and keeps the one that shows its class best."""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
from numpy.typing import NDArray

from creative_gen.interface.jobs import Progress
from creative_gen.kernels.random import mix
from creative_gen.latent.player import LatentPlayer
from creative_gen.latent.prior import Prior

Floats = NDArray[np.float32]

AT_ONCE = 32
"""Vectors between two notices of progress."""


def chosen_draws(
    player: LatentPlayer, seeds: NDArray[np.uint64], labels: Floats, temperature: float, tries: int
) -> Generator[Progress, None, Floats]:
    """Latent vectors (N, Z), each the best of several draws from the prior; yields progress.

    The best is the one whose picture the asset's classifier most surely takes for its class. Each
    depends on its own seed alone.

    Args:
        player: LatentPlayer.
        seeds: (N,).
        labels: (N, K). One-hot.
        temperature: float. Of the draws.
        tries: int. How many there are of each; the first is that of one try.
    """
    prior = Prior(player)
    if tries == 1 or not temperature:
        return prior.drawn(seeds, labels, temperature)
    draws = [seeds, *(mix(seeds + np.uint64(number)) for number in range(1, tries))]
    latents = np.stack([prior.drawn(draw, labels, temperature) for draw in draws], axis=1)
    count = len(seeds) * tries
    flat, repeated = latents.reshape(count, -1), labels.repeat(tries, axis=0)
    sure = np.empty(count, np.float32)
    for start in range(0, count, AT_ONCE):
        rows = slice(start, start + AT_ONCE)
        named = player.classify(player.decode(flat[rows], repeated[rows]))
        sure[rows] = (named * repeated[rows]).sum(axis=1)
        yield Progress(min(start + AT_ONCE, count) / count)
    best = sure.reshape(-1, tries).argmax(axis=1)
    return np.asarray(latents[np.arange(len(seeds)), best])
