"""Lifts colours that a network says at a small size to a picture of any size, strip by strip."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

SLACK = 10.0
"""Squared L* that a window must vary by for its colours to follow: eps of He et al. (2013)."""

FARTHEST = 20.0
"""How far, in L*, a pixel follows the colours around it beyond what these have shown."""


class Enlarged:
    """A small picture that is read at a larger size, a few rows at a time; linear in between.

    Args:
        small: (h, w, channels).
        height: int. Of the larger picture.
        width: int.
    """

    def __init__(self, small: Floats, height: int, width: int) -> None:
        self.height, self.width = height, width
        left, right, share = _between(small.shape[1], width)
        share = share[:, None]
        self._wide = small[:, left] * (1 - share) + small[:, right] * share

    def rows(self, start: int = 0, stop: int | None = None) -> Floats:
        """Rows (stop - start, width, channels) of the larger picture."""
        above, below, share = _between(len(self._wide), self.height)
        some = slice(start, stop)
        share = share[some, None, None]
        between = self._wide[above[some]] * (1 - share) + self._wide[below[some]] * share
        return np.asarray(between, np.float32)


class GuidedColors:
    """Colours that follow the lightness of a larger picture.

    Around each small pixel the colour is taken as a line in the lightness: the guided filter of He,
    Sun and Tang (2013), fitted at the small size as in "Fast Guided Filter" (2015). So colours stop
    where the lightness has an edge, however fine.

    Args:
        color: (h, w, 2). a* and b*.
        lightness: (h, w). L* of the picture, as coarse as the colours.
        height: int. Of the larger picture.
        width: int.
    """

    def __init__(self, color: Floats, lightness: Floats, height: int, width: int) -> None:
        guide = lightness[..., None]
        mean, color_mean = _mean3x3(guide), _mean3x3(color)
        covariance = _mean3x3(guide * color) - mean * color_mean
        variance = _mean3x3(guide * guide) - mean * mean
        slope = _mean3x3(np.asarray(covariance / (variance + np.float32(SLACK))))
        planes = np.concatenate([color, slope, guide], axis=2)
        self._planes = Enlarged(planes, height, width)

    def rows(self, lightness: Floats, start: int = 0) -> Floats:
        """a* and b* (rows, width, 2) of some rows, from their L* (rows, width)."""
        planes = self._planes.rows(start, start + len(lightness))
        beyond = (lightness[..., None] - planes[..., 4:]) / np.float32(FARTHEST)
        followed = np.float32(FARTHEST) * np.tanh(beyond)
        return np.asarray(planes[..., :2] + planes[..., 2:4] * followed)


def _between(old: int, new: int) -> tuple[NDArray[np.int64], NDArray[np.int64], Floats]:
    """The two old pixels that each new one is between, and how near it is to the second."""
    places = ((np.arange(new) + 0.5) * old / new - 0.5).clip(0, old - 1)
    first = np.floor(places).astype(np.int64)
    return first, np.minimum(first + 1, old - 1), (places - first).astype(np.float32)


def _mean3x3(values: Floats) -> Floats:
    padded = np.pad(values, ((1, 1), (1, 1), (0, 0)), mode="edge")
    rows = padded[:-2] + padded[1:-1] + padded[2:]
    return np.asarray((rows[:, :-2] + rows[:, 1:-1] + rows[:, 2:]) / np.float32(9))
