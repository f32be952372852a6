"""Draws colours for a picture: hints to itself, one after the other.

A network that says how likely each colour is at each place says nothing of how the colours of two
places go together. So one place's colour is drawn and becomes a hint, the network looks again, and
the next place is drawn: ancestral sampling over a few places, and the rest follows from them.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence

import numpy as np
from numpy.typing import NDArray

from creative_gen.interface.jobs import Progress
from creative_gen.kernels.random import uniform
from creative_gen.models.colorizer.player import CELL, Player, Prediction
from creative_gen.models.colorizer.spreading import spread_hints
from creative_gen.models.colorizer.tones import hint_map

Floats = NDArray[np.float32]

PLACES = 8
"""How many places are drawn at most."""
INDEPENDENCE = 6
"""The less hints say of a place, the readier it is drawn: the power of what they leave open."""
DULLEST = 0.1
"""Places are drawn that are worth at least this share of the most colourful one."""
NEIGHBORS = 1.05
"""Colours within so many spacings of the drawn one are mixed, by how likely they are."""
PAPER = 85.0
"""The grey, of 100, that all pixels of a cell of a line drawing have where it may have a fill."""
SURE = 0.95
"""How likely a cell of a line drawing is white, that is told to stay so."""
ANCHORS = 3
"""How many cells apart those are that are told."""


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
        temperature: float. 0 draws nothing: what the network expects; 1 draws as it says.

    Returns:
        What the network says when all places are drawn.
    """
    palette = Palette.of(player, lines)
    hints = hints.copy()
    worth: Floats | None = None
    for step in range(PLACES if temperature > 0 else 0):
        said = player.predict(lightness, hints, lines)
        yield Progress((step + 1) / (PLACES + 1))
        if worth is None:
            worth = _worth(palette, said.logits, lightness, lines)
            if lines:
                _keep_paper(palette, said.logits, lightness, hints)
        place, color = uniform(*(np.array(n, np.uint64) for n in ([seed], [step], [0, 1])))
        cell = _place(worth, lightness, hints, place)
        if cell is None:
            return said
        _add(hints, lightness, cell, palette.drawn(said.logits[cell], color, temperature))
    return player.predict(lightness, hints, lines)


class Palette:
    """The colours that a network chooses from.

    Args:
        colors: (K, 2) of a* and b*, or (K, 3) of L*, a* and b*.
        spacing: float. How far neighbours are from each other.
        weights: (K,). How much more each counted in the training, so that the network says more of
            the rarer ones (Zhang et al., 2016, equation 4); none if all counted the same.
    """

    def __init__(self, colors: Floats, spacing: float, weights: Sequence[float] = ()) -> None:
        self.colors, self.reach = colors, NEIGHBORS * spacing
        self.chroma = np.hypot(colors[:, -2], colors[:, -1])
        distance = self.chroma + (100 - colors[:, 0] if colors.shape[1] == 3 else 0)
        self.neutral = int(distance.argmin())
        """The index of grey, or of white."""
        self.excess = np.log(np.array(weights or np.ones(len(colors)), np.float32))
        """(K,). How many nats the network says too much of each."""

    @classmethod
    def of(cls, player: Player, lines: bool) -> Palette:
        """The palette of tones, or that of fills."""
        config = player.config
        if lines:
            return cls(player.line_palette, config.line_spacing, config.line_weights)
        return cls(player.tone_palette, config.tone_spacing, config.tone_weights)

    def chances(self, logits: Floats) -> Floats:
        """How likely each colour is in pictures: (..., K) of logits (..., K)."""
        return softmax(logits - self.excess)

    def drawn(self, logits: Floats, number: float, temperature: float) -> Floats:
        """A colour (2 or 3,), drawn from logits (K,) by a number from 0 to 1.

        Rarer colours stay likelier than in pictures: who asks for colours does not mean grey.
        """
        chances = softmax(logits / np.float32(temperature))
        chosen = self.colors[drawn_index(chances, number)]
        # Colours are farther apart than one sees them to be: what is beside counts as well.
        near = ((self.colors - chosen) ** 2).sum(axis=1) <= self.reach**2
        weights = np.where(near, chances, 0)
        return np.asarray(weights @ self.colors / weights.sum(), np.float32)


def softmax(logits: Floats) -> Floats:
    """Chances along the last axis."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


def drawn_index(weights: Floats, number: float) -> int:
    """An index of weights (n,), drawn by a number from 0 to 1."""
    sums = np.cumsum(weights, dtype=np.float64)
    return min(int(np.searchsorted(sums, number * sums[-1], side="right")), len(sums) - 1)


def _worth(palette: Palette, logits: Floats, lightness: Floats, lines: bool) -> Floats:
    """How colourful each cell (h / 4, w / 4) is expected to be; lines of drawings are not."""
    worth = palette.chances(logits) @ palette.chroma
    if lines:
        worth = np.where(_is_paper(lightness), worth, 0)
    return np.asarray(worth, np.float32)


def _keep_paper(palette: Palette, logits: Floats, lightness: Floats, hints: Floats) -> None:
    """Hint here and there at white where nothing else is likely, so that colours stay inside."""
    white = palette.chances(logits)[..., palette.neutral] > SURE
    apart = np.zeros(white.shape, bool)
    apart[ANCHORS // 2 :: ANCHORS, ANCHORS // 2 :: ANCHORS] = True
    for row, column in np.argwhere(white & apart & _is_paper(lightness)):
        _add(hints, lightness, (row, column), palette.colors[palette.neutral])


def _is_paper(lightness: Floats) -> NDArray[np.bool_]:
    """Which cells (h / 4, w / 4) of a line drawing have no line."""
    return np.asarray((_cells(lightness) > PAPER).all(axis=-1))


def _place(
    worth: Floats, lightness: Floats, hints: Floats, number: float
) -> tuple[int, int] | None:
    """A cell, drawn among colourful ones of which no hint says much; None if there is none."""
    said = _cells(spread_hints(lightness, hints)[..., 3]).mean(axis=-1)
    readiness = worth * (1 - said) ** INDEPENDENCE
    readiness[readiness < DULLEST * worth.max()] = 0
    if not readiness.any():
        return None
    row, column = divmod(drawn_index(readiness.ravel(), number), worth.shape[1])
    return row, column


def _add(hints: Floats, lightness: Floats, cell: tuple[int, int], color: Floats) -> None:
    """Make a colour the hint of a cell; hints of the user that are in it stay."""
    place = tuple(slice(CELL * index, CELL * (index + 1)) for index in cell)
    lab = np.empty((CELL, CELL, 3), np.float32)
    lab[..., 0] = lightness[place]
    lab[..., -len(color) :] = color
    free = hints[place][..., 3] == 0
    hints[place] = np.where(free[..., None], hint_map(lab, free), hints[place])


def _cells(plane: Floats) -> Floats:
    """The pixels of each cell of (h, w): (h / 4, w / 4, 16)."""
    height, width = (side // CELL for side in plane.shape)
    cells = plane.reshape(height, CELL, width, CELL).swapaxes(1, 2)
    return cells.reshape(height, width, CELL * CELL)
