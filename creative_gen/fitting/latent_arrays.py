"""What an asset keeps of the latent vectors of the pictures that it learnt from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float32]

LANDMARKS = 600
"""Pictures of the training data whose latent vectors are kept for a map."""
PERPLEXITY = 30.0


def direction(
    latents: Array, attributes: Mapping[str, Array], name: str, unchanged: Sequence[str] = ()
) -> Array:
    """How latent vectors change with one attribute, others staying as they are.

    The coefficients of the attribute where the vectors are regressed on all of them, by least
    squares: the mean move that the attribute makes (the mean difference of "smile vectors", Larsen
    et al., 2016, section 4.3, for attributes that are not yes or no). Vectors tell an attribute
    only in part, so this is shorter than the attribute's whole way; it is made as long as it takes
    for the regression of the attribute on the vectors to change by one standard deviation.

    Args:
        latents: (N, Z).
        attributes: (N,) each, by name; rows with NaN are left out.
        name: str. The attribute.
        unchanged: names of the others.

    Returns:
        (Z,) float32: the move for one standard deviation of the attribute.
    """
    rows = np.stack([attributes[one] for one in (name, *unchanged)], axis=1).astype(np.float64)
    known = np.isfinite(rows).all(axis=1)
    scaled = (rows[known] - rows[known].mean(axis=0)) / rows[known].std(axis=0)
    vectors = latents[known].astype(np.float64)
    move = _regressed(vectors, scaled)[0]
    told = _regressed(scaled[:, :1], vectors)[:, 0]
    return np.asarray(move / (told @ move), np.float32)


def _regressed(values: NDArray[np.float64], on: NDArray[np.float64]) -> NDArray[np.float64]:
    """Coefficients (A, V) of values (N, V) regressed on (N, A), and a constant that is left out."""
    design = np.concatenate([np.ones((len(on), 1)), on], axis=1)
    coefficients, *_ = np.linalg.lstsq(design, values, rcond=None)
    return np.asarray(coefficients[1:])


def landmark_rows(labels: NDArray[np.int16], classes: int, seed: int = 0) -> NDArray[np.intp]:
    """Which pictures of a set become landmarks: as many of each class as there are."""
    rng = np.random.default_rng(seed)
    each = -(-LANDMARKS // classes)
    chosen = [rng.permutation(np.flatnonzero(labels == label))[:each] for label in range(classes)]
    return np.sort(np.concatenate(chosen))


def landmarks(latents: Array, labels: NDArray[np.int16], seed: int = 0) -> dict[str, Array]:
    """Arrays for `image.map`: latent vectors, and where they lie so that likes are near.

    Args:
        latents: (M, Z).
        labels: (M,). The landmarks' classes.
        seed: int. Of the t-SNE (van der Maaten and Hinton, 2008).

    Returns:
        "landmarks.latent" (M, Z), "landmarks.label" (M,) and "landmarks.place" (M, 2) in [0, 1].
    """
    # Here, because it takes seconds to import, and only an export needs it.
    from sklearn.manifold import TSNE

    perplexity = min(PERPLEXITY, (len(latents) - 1) / 3)
    places = TSNE(2, perplexity=perplexity, init="pca", random_state=seed).fit_transform(latents)
    places -= places.min(axis=0)
    return {
        "landmarks.latent": latents.astype(np.float32),
        "landmarks.label": labels.astype(np.float32),
        "landmarks.place": (places / places.max(axis=0)).astype(np.float32),
    }
