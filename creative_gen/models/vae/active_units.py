"""Which units of a latent space say something of the pictures: a diagnostic of posterior collapse.

A unit has collapsed when its posterior is the prior, whatever the picture.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from creative_gen.models.vae.bounds import kl_from_prior

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

THRESHOLD = 0.01
"""The variance over pictures from which a unit is active (Burda et al., 2016, section 5)."""


@dataclass(frozen=True)
class LatentUsage:
    """How much each unit of a latent space is used.

    Args:
        variances: (Z,). Of the posterior means over the pictures.
        kl: (Z,). Nats a picture that each unit takes, on average.
    """

    variances: Doubles
    kl: Doubles

    @property
    def active(self) -> NDArray[np.bool_]:
        """(Z,). Whether a unit is active."""
        return self.variances > THRESHOLD


def latent_usage(means: Floats, deviations: Floats) -> LatentUsage:
    """The usage of a latent space by the posteriors (N, Z) of pictures.

    Raises:
        ValueError: there are fewer than two pictures, which have no variance.
    """
    if len(means) < 2:
        raise ValueError(f"A variance over pictures needs two of them, and not {len(means)}.")
    variances = np.asarray(means, np.float64).var(0, ddof=1)
    return LatentUsage(variances, kl_from_prior(means, deviations).mean(0))
