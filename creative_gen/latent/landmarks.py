"""Points of a latent space whose places on a map are known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from creative_gen.interface.errors import InvalidRequest
from creative_gen.latent.place import Place
from creative_gen.latent.player import LatentPlayer

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

NEIGHBOURS = 5
"""Landmarks between which a picture is placed."""


@dataclass(frozen=True)
class Landmarks:
    """Points of a latent space.

    Args:
        latent: (M, Z). Where they are.
        labels: (M,). Indices of their classes; 0 where there are no classes.
        places: (M, 2). x and y on the map in [0, 1].
    """

    latent: Floats
    labels: Ints
    places: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.latent)

    def some(self, count: int) -> Landmarks:
        """At most so many of them, evenly taken."""
        if count >= len(self):
            return self
        return self.chosen(np.linspace(0, len(self) - 1, count).round().astype(np.int64))

    def chosen(self, rows: Ints) -> Landmarks:
        """Those in some rows."""
        return Landmarks(self.latent[rows], self.labels[rows], self.places[rows])

    def place_of(self, place: Place) -> tuple[float, float]:
        """Where on the map a place is: between the nearest landmarks, those of its class if any.

        The nearer of them count more, by the inverse of the squared distance.
        """
        rows = np.arange(len(self))
        if len(place.label):
            same = np.flatnonzero(self.labels == place.label.argmax())
            rows = same if len(same) else rows
        squares = ((self.latent[rows] - place.latent) ** 2).sum(axis=1, dtype=np.float64)
        nearest = np.argsort(squares, kind="stable")[:NEIGHBOURS]
        weights = 1 / (squares[nearest] + 1e-6)
        x, y = (weights[:, None] * self.places[rows[nearest]]).sum(axis=0) / weights.sum()
        return float(x), float(y)


def landmarks_of(player: LatentPlayer, category: str | None) -> Landmarks:
    """The landmarks of an asset, or those of a category.

    Raises:
        InvalidRequest: it has none.
        InvalidAsset: they do not fit its settings.
    """
    arrays, settings = player.arrays, player.settings
    names = [f"landmarks.{part}" for part in ("latent", "label", "place")]
    if not set(names) <= set(arrays):
        raise InvalidRequest(f"The asset '{player.asset.name}' has no map.", "Choose another one.")
    latent, labels, places = (np.asarray(arrays[name]) for name in names)
    shapes = (len(latent), settings.latent), (len(latent),), (len(latent), 2)
    fits = (latent.shape, labels.shape, places.shape) == shapes and len(latent) > 0
    classes = max(len(settings.classes), 1)
    if not fits or labels.min() < 0 or labels.max() >= classes or not np.isfinite(places).all():
        raise player.invalid("The landmarks do not fit the settings.")
    whole = Landmarks(latent.astype(np.float32), labels.astype(np.int64), places.astype(np.float64))
    if category is None:
        return whole
    rows = np.flatnonzero(whole.labels == settings.classes.index(category))
    if not len(rows):
        raise InvalidRequest(f"The map shows nothing of '{category}'.", "Leave the category out.")
    return whole.chosen(rows)
