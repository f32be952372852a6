"""The colours that the colorizer chooses from where it says how likely each is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from creative_gen.media.color_space import lab_to_srgb

Float = NDArray[np.float32]

REACH = 110.0
"""sRGB's colours have a* and b* within this."""


def tone_palette(spacing: float) -> Float:
    """The a*, b* (K, 2) of a grid that some sRGB colour has (Zhang et al., 2016, 3.1)."""
    steps = np.arange(-(REACH // spacing), REACH // spacing + 1) * spacing
    lightness = np.arange(0.0, 101.0, 5.0)
    lab = np.stack(np.meshgrid(lightness, steps, steps, indexing="ij"), -1).astype(np.float32)
    found = _in_gamut(lab).any(axis=0)
    return lab[0, found][:, 1:]


def line_palette(spacing: float) -> Float:
    """The Lab colours (K, 3) of a grid within sRGB, white among them."""
    steps = np.arange(-(REACH // spacing), REACH // spacing + 1) * spacing
    lightness = np.linspace(100.0, 0.0, round(100.0 / spacing) + 1)
    lab = np.stack(np.meshgrid(lightness, steps, steps, indexing="ij"), -1).astype(np.float32)
    return lab[_in_gamut(lab)]


def nearest(palette: Float, colors: Float) -> NDArray[np.int32]:
    """The index (...) of the nearest colour of a palette (K, C) to each of (..., C)."""
    # The squared distance without the part that all of the palette share.
    scores = colors @ palette.T - 0.5 * (palette**2).sum(axis=1)
    return np.asarray(scores.argmax(axis=-1), np.int32)


def _in_gamut(lab: Float) -> NDArray[np.bool_]:
    rgb = lab_to_srgb(lab)
    return np.asarray(((rgb > -0.01) & (rgb < 1.01)).all(axis=-1))
