"""Turns the colours that a network says of a line drawing into flat fills that end at lines."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from creative_gen.models.colorizer.domain_transform import distances, smoothed
from creative_gen.models.colorizer.regions import regions_of

Floats = NDArray[np.float32]
Bools = NDArray[np.bool_]
Index = NDArray[np.int64]

WHITE = np.array([100, 0, 0], np.float32)

LINE_CELLS = 30.0
"""How many cells of the network a black pixel is as long as, on the way that colours take."""
COLOR_CELLS = 1.2
"""How many cells a difference of 1 (CIE76) in what the network says is as long as."""
NEAR_CELLS = 2.0
FAR_CELLS = 20.0
"""Standard deviations of the first and the second smoothing."""
INK = 0.3
"""A pixel at least so dark is part of a line."""

OVERSHOT = 0.4
"""The largest share that what ran over a line has of what was meant."""
DEEP = 2.5
"""How many cells from a line it stays."""

ALIKE = 7.0
UNLIKE = 14.0
"""Colours within ALIKE (CIE76) of a region's colour become it, those beyond UNLIKE stay."""
COLORS = 3
"""How many colours a region is looked through for."""
BIN = 12.0
"""The side of the cubes of CIELAB in which a region's commonest colour is looked for."""
FAINTEST = np.float32(1e-30)
"""A weight that is less than this has not arrived."""
PAPER = 3.0
TINTED = 8.0
"""A fill this near to white (CIE76) is paper, and one that far from it is a colour."""


class Drawing:
    """A line drawing at the size at which its fills are found.

    Args:
        darkness: (height, width). 0 is paper, 1 is black.
        cell: float. Pixels of the side of a cell of the network's colours.
    """

    def __init__(self, darkness: Floats, cell: float) -> None:
        self.cell = cell
        self.cells_apart = _distance(darkness >= INK) / np.float32(cell)
        """(height, width). How far a pixel is from lines, in cells."""
        apart = np.minimum(self.cells_apart, 1)
        self.trust = np.maximum(apart, np.float32(0.05))[..., None] ** 2
        """(height, width, 1). How much a pixel's colour counts: beside a line, what the network
        says is of both its sides."""
        # A step onto a line is as long as one off it.
        self._down, self._across = np.zeros_like(darkness), np.zeros_like(darkness)
        self._down[1:] = np.maximum(darkness[1:], darkness[:-1])
        self._across[:, 1:] = np.maximum(darkness[:, 1:], darkness[:, :-1])
        self.regions, self.count = regions_of(darkness < INK)
        """(height, width), the number of the region that a pixel is in, 0 on lines; how many."""

    def meant(self, hinted: Bools) -> Bools:
        """Hints (height, width) without what strokes left where they ran over a line.

        That is a small part of a stroke, which stays near the line and leaves most of the region
        behind it free. On lines there are no hints either.
        """
        strokes, count = regions_of(hinted)
        inside = hinted & (self.regions > 0)
        regions = self.count + 1
        keys, part = np.unique(
            strokes[inside] * regions + self.regions[inside], return_inverse=True
        )
        size = np.bincount(part, minlength=len(keys))
        largest = np.zeros(count + 1, np.int64)
        np.maximum.at(largest, keys // regions, size)
        depth = np.zeros(len(keys), np.float32)
        np.maximum.at(depth, part, self.cells_apart[inside])
        room = np.bincount(self.regions.ravel(), minlength=regions)[keys % regions]
        small = size < OVERSHOT * largest[keys // regions]
        overshot = small & (depth < DEEP) & (2 * size < room)
        kept = np.zeros_like(hinted)
        kept[inside] = ~overshot[part]
        return kept

    def spread(
        self,
        values: Floats,
        weights: Floats,
        cells: float,
        colors: Floats | None = None,
        iterations: int = 3,
    ) -> tuple[Floats, Floats]:
        """Let values run to where lines stop them.

        Args:
            values: (height, width, channels).
            weights: (height, width, 1). How much each counts.
            cells: float. How far they run.
            colors: (height, width, 3). Colours at whose edges they stop as well.
            iterations: int. See `smoothed`.

        Returns:
            The weighted means, and the weights that reached each pixel.
        """
        length = np.float32(LINE_CELLS * self.cell)
        down, across = length * self._down, length * self._across
        if colors is None:
            down, across = 1 + down, 1 + across
        else:
            steps = distances(colors, COLOR_CELLS * self.cell)
            down, across = down + steps[0], across + steps[1]
        weighted = np.concatenate([values * weights, weights], axis=2)
        sums = smoothed(weighted, down, across, cells * self.cell, iterations)
        reached = sums[..., -1:]
        means = sums[..., :-1] / np.maximum(reached, FAINTEST)
        return np.where(reached > FAINTEST, means, values), reached

    def fills(self, color: Floats) -> Floats:
        """What to fill with.

        Args:
            color: (height, width, 3). L*, a*, b* as the network says them, blurred over lines.

        Returns:
            (height, width, 3). Flat where what was said is nearly flat.
        """
        trust = self.trust * (self.regions > 0)[..., None]
        said, _ = self.spread(color, trust, NEAR_CELLS, iterations=2)
        smooth, _ = self.spread(color, trust, FAR_CELLS, said)
        return self.flattened(smooth)

    def flattened(self, smooth: Floats) -> Floats:
        """Each region's colours moved to its commonest ones, which also run under the lines."""
        inside = self.regions > 0
        palette = _RegionColors(smooth[inside], self.regions[inside], self.count + 1)
        for _ in range(COLORS):
            palette.flatten_commonest()
        result = smooth.copy()
        result[inside] = palette.colors
        return np.where(inside[..., None], result, self._under_lines(result, inside))

    @property
    def outside(self) -> Bools:
        """Which regions (count + 1,) reach the border of the sheet: they are not enclosed."""
        regions = self.regions
        reached = np.zeros(self.count + 1, bool)
        for edge in (regions[0], regions[-1], regions[:, 0], regions[:, -1]):
            reached[edge] = True
        return reached

    def poured(self, fills: Floats, color: Floats, hinted: Bools) -> Floats:
        """Fills in which one hint is enough for all that lines enclose.

        Args:
            fills: (height, width, 3).
            color: (height, width, 3). L*, a*, b* of hints.
            hinted: (height, width). Where they are; see `meant`.

        Returns:
            (height, width, 3). Enclosed regions whose hints are alike have their mean colour.
        """
        given = hinted & (self.regions > 0)
        region = self.regions[given]
        counts = np.bincount(region, minlength=self.count + 1)
        sums = [np.bincount(region, part, self.count + 1) for part in color[given].T]
        means = (np.stack(sums, axis=1) / np.maximum(counts, 1)[:, None]).astype(np.float32)
        farthest = np.zeros(self.count + 1, np.float32)
        np.maximum.at(farthest, region, np.linalg.norm(color[given] - means[region], axis=1))
        whole = (counts > 0) & (farthest < ALIKE) & ~self.outside
        result = np.where(whole[self.regions][..., None], means[self.regions], fills)
        inside = (self.regions > 0)[..., None]
        return np.where(inside, result, self._under_lines(result, inside[..., 0]))

    def _under_lines(self, fills: Floats, inside: Bools) -> Floats:
        """Fills (height, width, 3) that have gone on to where there is a line."""
        weights = inside[..., None].astype(np.float32)
        near = np.ones(inside.shape, np.float32)
        sums = smoothed(
            np.concatenate([fills * weights, weights], axis=2), near, near, self.cell / 2, 1
        )
        reached = sums[..., 3:]
        return np.where(reached > FAINTEST, sums[..., :3] / np.maximum(reached, FAINTEST), fills)


class _RegionColors:
    """The colours of all pixels that are in regions, while they are moved to the commonest ones.

    Args:
        colors: (pixels, 3).
        region: (pixels,). The number of each one's region.
        count: int. Above all numbers.
    """

    def __init__(self, colors: Floats, region: Index, count: int) -> None:
        self.colors, self.region, self.count = colors, region, count
        self.left = np.ones(len(colors), np.float32)
        """(pixels,). The share of each that has not been moved."""
        bins = np.floor(colors / np.float32(BIN)).astype(np.int64) + 16
        keys = ((region * 32 + bins[:, 0]) * 32 + bins[:, 1]) * 32 + bins[:, 2]
        self._keys, self._key = np.unique(keys, return_inverse=True)

    def flatten_commonest(self) -> None:
        """Move what is like the commonest colour of its region, among what is left, to it."""
        center = self._commonest()[self.region]
        distance = np.sqrt(((self.colors - center) ** 2).sum(axis=1))
        share = _smoothstep((UNLIKE - distance) / np.float32(UNLIKE - ALIKE)) * self.left
        self.colors = self.colors + share[:, None] * (center - self.colors)
        self.left = self.left * (1 - share)

    def _commonest(self) -> Floats:
        weight = np.bincount(self._key, self.left, len(self._keys))
        order = np.argsort(weight, kind="stable")
        best = np.zeros(self.count, np.int64)
        best[self._keys[order] // 32**3] = order
        center = self._means(self.left * (self._key == best[self.region]))
        # A cube may have cut what belongs together: once more, with all that is alike.
        near = ((self.colors - center[self.region]) ** 2).sum(axis=1) < np.float32(ALIKE**2)
        return self._means(self.left * near)

    def _means(self, weights: Floats) -> Floats:
        """The mean colour (count, 3) of each region."""
        total = np.bincount(self.region, weights, self.count)
        sums = [
            np.bincount(self.region, weights * self.colors[:, channel], self.count)
            for channel in range(3)
        ]
        return (np.stack(sums, axis=1) / np.maximum(total, 1e-6)[:, None]).astype(np.float32)


def whitened(fills: Floats) -> tuple[Floats, Floats]:
    """Fills (..., 3) with what is nearly white made white, and how far each is from paper (...)."""
    distance = np.sqrt(((fills - WHITE) ** 2).sum(axis=-1))
    tint = _smoothstep((distance - np.float32(PAPER)) / np.float32(TINTED - PAPER))
    return WHITE + tint[..., None] * (fills - WHITE), tint


def _distance(lines: Bools) -> Floats:
    """How many steps along rows and columns each pixel (height, width) is from a line."""
    distance = np.where(lines, np.float32(0), np.float32(sum(lines.shape)))
    for way in (distance, distance[::-1], distance.T, distance.T[::-1]):
        for row in range(1, len(way)):
            np.minimum(way[row], way[row - 1] + 1, out=way[row])
    return distance


def _smoothstep(values: Floats) -> Floats:
    t = values.clip(0, 1)
    return np.asarray(t * t * (3 - 2 * t))
