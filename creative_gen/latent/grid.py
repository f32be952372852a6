"""Places pictures of a map beside each other: each in a cell of its own, near where it belongs."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Numbers = NDArray[np.float64]

FREE, BLOCKED = -1, -2
SWAPS = tuple(
    (down, across)
    for down in range(4)
    for across in range(-3, 4)
    if (down, across) > (0, 0) and down**2 + across**2 <= 10
)
"""How far apart two cells are whose pictures may change places."""
PASSES = 60


def spread(places: Numbers) -> Numbers:
    """Points (N, 2) in [0, 1] that fill a square more evenly: halfway to their ranks."""
    low, high = places.min(axis=0), places.max(axis=0)
    scaled = (places - low) / np.maximum(high - low, 1e-9)
    ranks = places.argsort(axis=0, kind="stable").argsort(axis=0, kind="stable")
    return np.asarray((scaled + (ranks + 0.5) / len(places)) / 2)


def cells_for(points: Numbers, rows: int, columns: int, blocked: Ints | None = None) -> Ints:
    """A cell for each point, so that the squared distances to them are small in all.

    Points from the middle outwards take what is free, and then pictures change places as long as
    that makes the sum smaller.

    Args:
        points: (N, 2). x and y in [0, 1].
        rows: int. Of the grid.
        columns: int. Of the grid; it has at least N cells that are not blocked.
        blocked: (B, 2). Rows and columns of cells that stay free. Defaults to none.

    Returns:
        (N, 2). Rows and columns.
    """
    wanted = np.stack([points[:, 1] * rows - 0.5, points[:, 0] * columns - 0.5], axis=1)
    cells = np.full((rows, columns), FREE)
    if blocked is not None:
        cells[blocked[:, 0], blocked[:, 1]] = BLOCKED
    centers = np.moveaxis(np.indices(cells.shape), 0, 2)
    outwards = np.argsort(((points - 0.5) ** 2).sum(axis=1), kind="stable")
    for index in outwards:
        away = ((centers - wanted[index]) ** 2).sum(axis=2)
        away[cells != FREE] = np.inf
        cells[np.unravel_index(int(away.argmin()), cells.shape)] = index
    for _ in range(PASSES):
        if not sum(_swap(cells, wanted, *step, part) for step in SWAPS for part in (0, 1)):
            break
    found = np.empty((len(points), 2), np.int64)
    held = np.argwhere(cells >= 0)
    found[cells[held[:, 0], held[:, 1]]] = held
    return found


def _swap(cells: Ints, wanted: Numbers, down: int, across: int, part: int) -> int:
    """Change the pictures of pairs of cells where that is better; returns how often it was."""
    rows, columns = np.indices(cells.shape)
    other = columns + across
    fits = (rows + down < cells.shape[0]) & (other >= 0) & (other < cells.shape[1])
    # No cell is in two pairs: pairs begin in every other stripe.
    stripes = rows // down if down else columns // across
    here = np.argwhere(fits & (stripes % 2 == part))
    there = here + (down, across)
    first, second = cells[here[:, 0], here[:, 1]], cells[there[:, 0], there[:, 1]]
    now = _away(first, here, wanted) + _away(second, there, wanted)
    then = _away(first, there, wanted) + _away(second, here, wanted)
    better = (then < now - 1e-9) & (first != BLOCKED) & (second != BLOCKED)
    cells[here[better, 0], here[better, 1]] = second[better]
    cells[there[better, 0], there[better, 1]] = first[better]
    return int(better.sum())


def _away(pictures: Ints, cells: Ints, wanted: Numbers) -> Numbers:
    """Squared distances of pictures from where they belong; none of no picture."""
    squares = ((cells - wanted[np.maximum(pictures, 0)]) ** 2).sum(axis=1)
    return np.where(pictures >= 0, squares, 0.0)
