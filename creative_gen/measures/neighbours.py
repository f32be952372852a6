"""How near made pictures are to those that were trained on: whether a model copies.

The measure is what real pictures that were held back are to the same training pictures. A model
that copies makes pictures that are nearer than those.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from creative_gen.measures.nearest import blocks_of_distances
from creative_gen.measures.picture_features import PictureFeatures, network_values

SMALL = 0.01
"""The quantile of real pictures' distances that few real ones fall below."""
_AT_ONCE = 1024

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Nearest:
    """The distance (N,) of each picture to its nearest training picture, mirrored ones too.

    Args:
        features: between features, Euclidean.
        pixels: between pixels, the root of the mean square of values in [0, 1].
    """

    features: Floats
    pixels: Floats


class TrainingPictures:
    """What a model was trained on, to look for copies of.

    Args:
        pictures: uint8 (N, H, W, C), as in `PictureSet`.
        network: PictureFeatures. In whose features likeness is measured.
    """

    def __init__(self, pictures: Pixels, network: PictureFeatures) -> None:
        self.pictures, self.network = pictures, network
        mirrored = network.features(pictures[:, :, ::-1])
        self.features = np.concatenate([network.features(pictures), mirrored])

    def nearest(self, pictures: Pixels) -> Nearest:
        """The nearest training picture of each of some pictures (M, H, W, C), in either space."""
        features = _nearest(self.network.features(pictures), self.features)
        return Nearest(features, self._nearest_pixels(pictures))

    def _nearest_pixels(self, pictures: Pixels) -> Floats:
        values = _rows(pictures)
        nearest = np.full(len(pictures), np.inf)
        for start in range(0, len(self.pictures), _AT_ONCE):
            part = self.pictures[start : start + _AT_ONCE]
            for known in (part, part[:, :, ::-1]):
                nearest = np.minimum(nearest, _nearest(values, _rows(known)))
        return np.asarray(nearest / np.sqrt(values.shape[1]))


def copying(made: Nearest, held_back: Nearest) -> dict[str, float]:
    """How near made pictures are to training pictures, beside held-back real ones.

    Returns:
        For "features" and "pixels": "..._ratio", of the medians, made to real, where less than 1 is
        nearer than real ones; and "..._near", the share of made ones that are nearer than all but
        1 % of the real ones, about 0.01 where a model copies no more than reality does.
    """
    figures = {}
    for space in ("features", "pixels"):
        ours, theirs = getattr(made, space), getattr(held_back, space)
        middle = max(float(np.median(theirs)), np.finfo(np.float64).tiny)
        figures[f"{space}_ratio"] = float(np.median(ours)) / middle
        figures[f"{space}_near"] = float((ours < np.quantile(theirs, SMALL)).mean())
    return figures


def _nearest(rows: Floats, others: Floats) -> Floats:
    parts = [distances.min(axis=1) for _, distances in blocks_of_distances(rows, others)]
    return np.concatenate(parts)


def _rows(pictures: Pixels) -> Floats:
    return network_values(pictures).reshape(len(pictures), -1).astype(np.float64)
