"""Where new pictures are drawn from: a standard normal, or a mixture that an asset has learnt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from creative_gen.kernels.random import uniform
from creative_gen.latent.player import LatentPlayer
from creative_gen.latent.sampling import standard_normal

Floats = NDArray[np.float32]

NAMES = tuple(f"prior.{part}" for part in ("weight", "mean", "root"))
_STEP, _COMPONENT = np.array([0], np.uint64), np.array([2], np.uint64)
"""The step and the draw that choose a component; `standard_normal` takes 0 and 1."""


@dataclass(frozen=True)
class Mixture:
    """A mixture of Gaussians for each class.

    Args:
        weight: (K, M). Of the components; they add up to 1. K is 1 where there are no classes.
        mean: (K, M, Z).
        root: (K, M, Z, Z). Lower triangles whose products with their transposes are covariances.
    """

    weight: Floats
    mean: Floats
    root: Floats

    def components(self, seeds: NDArray[np.uint64], classes: NDArray[np.intp]) -> NDArray[np.intp]:
        """The component (N,) that each seed chooses of its class."""
        draws = uniform(seeds, _STEP, _COMPONENT)
        heights = np.cumsum(self.weight[classes].astype(np.float64), axis=1)
        chosen = (draws[:, None] * heights[:, -1:] >= heights).sum(axis=1)
        return np.asarray(np.minimum(chosen, self.weight.shape[1] - 1))


class Prior:
    """Draws latent vectors.

    Args:
        player: LatentPlayer. If its asset has the arrays "prior.weight", "prior.mean" and
            "prior.root", the prior is their `Mixture`.

    Raises:
        InvalidAsset: they do not fit its settings.
    """

    def __init__(self, player: LatentPlayer) -> None:
        self.size = player.settings.latent
        arrays = player.arrays
        self.mixture: Mixture | None = None
        if set(NAMES) <= set(arrays):
            self.mixture = Mixture(*(np.asarray(arrays[name], np.float32) for name in NAMES))
            self._check(player, self.mixture)

    def drawn(self, seeds: NDArray[np.uint64], labels: Floats, temperature: float) -> Floats:
        """Latent vectors (N, Z), each of its own seed.

        Args:
            seeds: (N,).
            labels: (N, K). One-hot; (N, 0) where there are no classes.
            temperature: float. By how much draws differ from the most typical vector, or from
                that of a component of the mixture; 0 gives the heaviest component's.
        """
        noise = np.float32(temperature) * standard_normal(seeds, self.size)
        mixture = self.mixture
        if mixture is None:
            return noise
        classes = labels.argmax(axis=1) if labels.shape[1] else np.zeros(len(seeds), np.intp)
        if temperature:
            chosen = mixture.components(seeds, classes)
        else:
            chosen = mixture.weight[classes].argmax(axis=1)
        # A row at a time, so that it does not depend on how many there are.
        moves = [mixture.root[k, m] @ row for k, m, row in zip(classes, chosen, noise, strict=True)]
        return np.asarray(mixture.mean[classes, chosen] + np.stack(moves), np.float32)

    def _check(self, player: LatentPlayer, mixture: Mixture) -> None:
        classes = max(len(player.settings.classes), 1)
        count, size = mixture.weight.shape[-1], self.size
        shapes = (classes, count), (classes, count, size), (classes, count, size, size)
        arrays = mixture.weight, mixture.mean, mixture.root
        fits = tuple(array.shape for array in arrays) == shapes
        if not fits or not all(np.isfinite(array).all() for array in arrays):
            raise player.invalid("The prior does not fit the settings.")
