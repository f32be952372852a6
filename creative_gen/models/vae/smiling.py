"""Whether the direction `smile` makes drawn faces smile, and leaves their width as it is.

Both are measured on the pictures that are made (`measures.face_geometry`).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from creative_gen.latent.player import LatentPlayer
from creative_gen.measures.face_geometry import face_width, mouth_curvature
from creative_gen.measures.latent_figures import as_pixels
from creative_gen.measures.picture_features import network_values
from creative_gen.media.picture_set import PictureSet

SMILE = "smile"
AMOUNTS = (-2.0, -1.0, 0.0, 1.0, 2.0)
"""Standard deviations that each face is moved by."""

Floats = NDArray[np.float64]


def smile_figures(player: LatentPlayer, faces: PictureSet) -> dict[str, float]:
    """Move held-back faces along the direction: those whose drawing has a mouth to measure.

    Returns:
        `faces`, how many; `unmeasured`, how many are left out; `rising`, the share whose mouth
        bends further up with every step, those in which no mouth is found not being of them;
        `risen`, the share whose mouth is bent further up at the last step than at the first;
        `curvature least` and `most`, the means at these; `width change`, the mean change of the
        face's width from the first step to the last, as a share of the width. Only the first two
        if all are left out.
    """
    measured = [mouth_curvature(picture) is not None for picture in faces.pictures]
    counts: dict[str, float] = {
        "faces": sum(measured),
        "unmeasured": len(faces) - sum(measured),
    }
    if not any(measured):
        return counts
    faces = faces.chosen(np.flatnonzero(measured))
    curvatures, widths = moved(player, faces)
    found = np.isfinite(curvatures).all(axis=1)
    rising = found & (np.diff(curvatures, axis=1) > 0).all(axis=1)
    change = np.abs(widths[:, -1] - widths[:, 0]) / widths[:, len(AMOUNTS) // 2]
    figures = {
        "no mouth found": float((~found).mean()),
        "rising": float(rising.mean()),
        "risen": float((found & (curvatures[:, -1] > curvatures[:, 0])).mean()),
        "curvature least": float(curvatures[found, 0].mean()),
        "curvature most": float(curvatures[found, -1].mean()),
        "width change": float(change.mean()),
    }
    return counts | {name: round(value, 4) for name, value in figures.items()}


def moved(player: LatentPlayer, faces: PictureSet) -> tuple[Floats, Floats]:
    """The curvature of the mouth, NaN where none is found, and the width of each face at each step.

    Returns:
        Two arrays (N, steps).
    """
    step = np.asarray(player.asset.arrays()[f"direction.{SMILE}"], np.float32)
    no_label = np.zeros((len(faces), 0), np.float32)
    latent = player.encode(network_values(faces.pictures), no_label).mean
    curvatures, widths = [], []
    for amount in AMOUNTS:
        pictures = as_pixels(player.decode(latent + np.float32(amount) * step, no_label))
        bent = [mouth_curvature(picture) for picture in pictures]
        curvatures.append([np.nan if one is None else one for one in bent])
        widths.append([face_width(picture) for picture in pictures])
    return np.array(curvatures).T, np.array(widths).T
