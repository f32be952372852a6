"""Fits where the latent vectors of real pictures lie, to make new ones from there.

The posteriors of a VAE's pictures do not fill its prior evenly, and what is decoded from the gaps
looks like nothing. A mixture of Gaussians that is fitted afterwards does not draw from them (Ghosh
et al., 2020, "From variational to deterministic autoencoders", section 4).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from creative_gen.interface.errors import InvalidRequest

Array = NDArray[np.float32]

COMPONENTS = 10
"""As in the paper."""
FEWEST = 2
"""Pictures of a component at the least, for each of a vector's dimensions."""


def prior(
    latents: Array, labels: NDArray[np.int16], classes: int, seed: int = 0
) -> dict[str, NDArray[np.float16]]:
    """A mixture of Gaussians for each class.

    Args:
        latents: (N, Z). Draws from the posteriors of the training pictures, not their means.
        labels: (N,). Their classes.
        classes: int. K, 1 where there are none.
        seed: int. Of the fit's beginning.

    Raises:
        InvalidRequest: there are fewer than two pictures of a class.

    Returns:
        "prior.weight" (K, M), "prior.mean" (K, M, Z) and "prior.root" (K, M, Z, Z), lower
        triangles whose products with their transposes are the covariances; all as float16.
    """
    rare = [str(label) for label in range(classes) if (labels == label).sum() < 2]
    if rare:
        raise InvalidRequest(
            f"There are fewer than two pictures of class {', '.join(rare)}, counted from 0.",
            "Add pictures of it, or leave the class out of the set.",
        )
    mixtures = [_mixture(latents[labels == label], seed) for label in range(classes)]
    names = ("prior.weight", "prior.mean", "prior.root")
    return {
        name: np.stack(arrays).astype(np.float16)
        for name, arrays in zip(names, zip(*mixtures, strict=True), strict=True)
    }


def _mixture(latents: Array, seed: int) -> tuple[NDArray[np.float64], ...]:
    # Here, because it takes seconds to import, and only an export needs it.
    from sklearn.mixture import GaussianMixture

    components = int(np.clip(len(latents) // (FEWEST * latents.shape[1]), 1, COMPONENTS))
    fitted = GaussianMixture(components, reg_covar=1e-3, random_state=seed).fit(latents)
    roots = np.linalg.cholesky(fitted.covariances_)
    missing = COMPONENTS - components
    return (
        np.pad(fitted.weights_, (0, missing)),
        np.pad(fitted.means_, ((0, missing), (0, 0))),
        np.pad(roots, ((0, missing), (0, 0), (0, 0))),
    )
