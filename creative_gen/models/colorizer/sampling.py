"""Draws colours for a picture: hints to itself, one after the other.

A network that says how likely each colour is at each place says nothing of how the colours of two
places go together. So one place's colour is drawn and becomes a hint, the network looks again, and
the next place is drawn: ancestral sampling over a few places, and the rest follows from them.
"""

from __future__ import annotations

from collections.abc import Generator

import numpy as np
from numpy.typing import NDArray

from creative_gen.interface.jobs import Progress
from creative_gen.kernels.random import uniform
from creative_gen.models.colorizer.player import CELL, Player, Prediction
from creative_gen.models.colorizer.tones import hint_map

Floats = NDArray[np.float32]

PLACES = 8
"""How many places are drawn."""
COLDEST = 0.05
"""A temperature of 0 takes the likeliest colours; this is near enough, and smooth."""
APART = 0.25
"""How far a place is from hints, in long sides, to be drawn as readily as any farther one."""
NEIGHBORS = 1.05
"""Colours within so many spacings of the drawn one are mixed, by how likely they are."""
PAPER = 85.0
"""The grey, of 100, from which on a cell of a line drawing may have a fill."""


def draw(
    player: Player, lightness: Floats, hints: Floats, lines: bool, seed: int, temperature: float
) -> Generator[Progress, None, Prediction]:
    """Colours for a picture; yields progress after each look of the network.

    Args:
        player: Player.
        lightness: (h, w). What the network sees; see `Player.predict`.
        hints: (h, w, 4). The user's hints, which stay.
        lines: bool. Whether it is a line drawing.
        seed: int. The same gives the same colours.
        temperature: float. 0 takes the likeliest, 1 draws as the network says.

    Returns:
        What the network says when all places are drawn.
    """
    hints = hints.copy()
    palette = player.line_palette if lines else player.tone_palette
    spacing = player.config.line_spacing if lines else player.config.tone_spacing
    light = _cells(lightness).mean(axis=-1)
    for step in range(PLACES):
        said = player.predict(lightness, hints, lines)
        yield Progress((step + 1) / (PLACES + 1))
        chances = softmax(said.logits / np.float32(max(temperature, COLDEST)))
        place, color = uniform(
            *(np.array(counter, np.uint64) for counter in ([seed], [step], [0, 1]))
        )
        worth = _worth(chances, palette, hints, light, lines)
        cell = _drawn(worth.ravel(), place, temperature)
        row, column = divmod(cell, worth.shape[1])
        index = _drawn(chances[row, column], color, 1.0)
        mean = _mean_around(palette, chances[row, column], index, NEIGHBORS * spacing)
        _add(hints, lightness, (row, column), mean, lines)
    return player.predict(lightness, hints, lines)


def softmax(logits: Floats) -> Floats:
    """Chances along the last axis."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def _worth(chances: Floats, palette: Floats, hints: Floats, light: Floats, lines: bool) -> Floats:
    """How readily each cell (h / 4, w / 4) is drawn: colourful ones far from all hints."""
    chroma = chances @ np.hypot(*palette[:, -2:].T)
    worth = chroma * _apart(hints) ** 2
    if lines:
        worth = np.where(light > PAPER, worth, 0)
    return np.asarray(worth + np.float32(1e-9))


def _apart(hints: Floats) -> Floats:
    """How far cells are from hints, 0 at them to 1 at `APART` or farther."""
    hinted = _cells(hints[..., 3]).any(axis=-1)
    rows, columns = np.nonzero(hinted)
    if not len(rows):
        return np.ones(hinted.shape, np.float32)
    y, x = np.mgrid[: hinted.shape[0], : hinted.shape[1]]
    squares = (y[..., None] - rows) ** 2 + (x[..., None] - columns) ** 2
    distance = np.sqrt(squares.min(axis=-1)) / (APART * max(hinted.shape))
    return np.asarray(np.minimum(distance, 1), np.float32)


def _drawn(weights: Floats, number: float, temperature: float) -> int:
    if temperature == 0:
        return int(np.argmax(weights))
    sums = np.cumsum(weights, dtype=np.float64)
    return min(int(np.searchsorted(sums, number * sums[-1], side="right")), len(sums) - 1)


def _mean_around(palette: Floats, chances: Floats, index: int, reach: float) -> Floats:
    """The mean colour (C,) of what is near a colour of the palette, by how likely it is."""
    near = ((palette - palette[index]) ** 2).sum(axis=1) <= reach**2
    weights = np.where(near, chances, 0)
    return np.asarray(weights @ palette / weights.sum(), np.float32)


def _add(
    hints: Floats, lightness: Floats, cell: tuple[int, int], color: Floats, lines: bool
) -> None:
    """Make a colour the hint of a cell; hints of the user that are in it stay."""
    place = tuple(slice(CELL * index, CELL * (index + 1)) for index in cell)
    lab = np.empty((CELL, CELL, 3), np.float32)
    lab[..., -len(color) :] = color
    if not lines:
        lab[..., 0] = lightness[place]
    free = hints[place][..., 3] == 0
    hints[place] = np.where(free[..., None], hint_map(lab, free), hints[place])


def _cells(plane: Floats) -> Floats:
    """The pixels of each cell of (h, w): (h / 4, w / 4, 16)."""
    height, width = (side // CELL for side in plane.shape)
    cells = plane.reshape(height, CELL, width, CELL).swapaxes(1, 2)
    return cells.reshape(height, width, CELL * CELL)
