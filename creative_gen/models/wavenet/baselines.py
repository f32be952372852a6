"""What a WaveNet's likelihood is held against: a uniform, a unigram and linear prediction.

All give the bits of a sample of the pre-emphasised sound, either of its mu-law level or of its
16-bit value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from creative_gen.media.clip_set import ClipSet
from creative_gen.media.mu_law import LEVELS, expand, levels_of, pre_emphasis, values_of

ORDER = 16
"""Of linear prediction."""
PCM = 32768
SMALLEST_SCALE, LARGEST_SCALE = 2.0**-18, 0.5
SCALES = 13
HEDGE = 1e-3
"""The share of the uniform in a linear prediction, so that no surprise costs everything."""
MANY, FEW = 60_000, 4_000
"""Samples to which the residual's scale is fitted, of a kind and of a clip."""
Float = NDArray[np.float64]
Symbols = NDArray[np.int32]
Domain = Literal["mu_law", "16 bit"]


@dataclass(frozen=True)
class Grid:
    """The values that a sample is rounded to.

    Args:
        values: (K,), rising.
        edges: (K + 1,), between them; the outermost are infinite.
    """

    values: Float
    edges: Float


def grid_of(domain: Domain) -> Grid:
    """The 256 mu-law levels, or the 65,536 values of 16 bits."""
    if domain == "mu_law":
        edges = expand(np.arange(LEVELS + 1) * (2 / LEVELS) - 1)
        values = values_of(np.arange(LEVELS))
    else:
        edges = (np.arange(2 * PCM + 1) - PCM - 0.5) / PCM
        values = np.arange(-PCM, PCM) / PCM
    edges[0], edges[-1] = -np.inf, np.inf
    return Grid(values, edges)


def symbols_of(samples: NDArray[np.int16], emphasis: float, domain: Domain) -> Symbols:
    """Pre-emphasise a clip and round it: (frames,), the indices of a grid's values."""
    emphasised = pre_emphasis(samples / PCM, emphasis)
    if domain == "mu_law":
        return levels_of(emphasised)
    return np.asarray(np.clip(np.rint(emphasised * PCM), -PCM, PCM - 1) + PCM, np.int32)


@dataclass(frozen=True)
class Unigram:
    """How often each value occurs, every one counted once more than it was seen.

    Args:
        bits: (K,). Of each of a grid's values.
    """

    bits: Float

    @classmethod
    def fit(cls, clips: Iterable[Symbols], grid: Grid) -> Unigram:
        """Count the values of clips."""
        counts = np.ones(len(grid.values))
        for clip in clips:
            counts += np.bincount(clip, minlength=len(counts))
        return cls(np.log2(counts.sum() / counts))

    def bits_of(self, clip: Symbols) -> Float:
        """Bits (frames,) of each sample."""
        return np.asarray(self.bits[clip])


def _laplace(x: Float) -> Float:
    return np.asarray(0.5 * np.exp(x))


def _logistic(x: Float) -> Float:
    return np.asarray(np.exp(x) / (1.0 + np.exp(x)))


def _gaussian(x: Float) -> Float:
    from scipy.special import ndtr

    return np.asarray(ndtr(x), np.float64)


RESIDUALS: dict[str, Callable[[Float], Float]] = {
    "laplace": _laplace,
    "logistic": _logistic,
    "gaussian": _gaussian,
}
"""Cumulative distributions for x <= 0, of scale 1 and symmetric about 0."""


def interval_probability(family: str, scale: float, lower: Float, upper: Float) -> Float:
    """The probability between two edges, with full precision in both tails.

    Args:
        family: one of RESIDUALS.
        scale: positive.
        lower, upper: the edges; may be infinite.
    """
    cumulative = RESIDUALS[family]
    # Above the middle both edges are mirrored, so that no difference is taken of ones.
    mirrored = lower + upper > 0
    low = np.where(mirrored, -upper, lower) / scale
    high = np.where(mirrored, -lower, upper) / scale
    below = cumulative(-np.abs(high))
    return np.asarray(np.where(high > 0, 1.0 - below, below) - cumulative(low))


@dataclass(frozen=True)
class LinearPrediction:
    """Each value from the ORDER before it, with one distribution of what it misses.

    Args:
        grid: what values are rounded to.
        coefficients: (ORDER,), that of the last value first.
        family: one of RESIDUALS.
        scale: of the distribution.
    """

    grid: Grid
    coefficients: Float
    family: str
    scale: float

    @classmethod
    def fit(cls, clips: Sequence[Symbols], grid: Grid, most: int) -> LinearPrediction:
        """The autocorrelation method's coefficients; the family and scale of the fewest bits.

        Family and scale are chosen on about `most` samples, evenly over the clips.
        """
        correlation = sum((_autocorrelation(grid.values[clip]) for clip in clips), np.zeros(1))
        coefficients = _coefficients(correlation)
        share = -(-most // len(clips))
        edges = [_residual_edges(clip, grid, coefficients, share) for clip in clips]
        lower, upper = (np.concatenate(side) for side in zip(*edges, strict=True))
        best = min(_best_scale(family, lower, upper, len(grid.values)) for family in RESIDUALS)
        return cls(grid, coefficients, *best[1:])

    def bits_of(self, clip: Symbols) -> Float:
        """Bits (frames,) of each sample."""
        lower, upper = _residual_edges(clip, self.grid, self.coefficients, len(clip))
        return _hedged_bits(self.family, self.scale, lower, upper, len(self.grid.values))


def _autocorrelation(values: Float) -> Float:
    padded = np.concatenate([values, np.zeros(ORDER)])
    return np.array([values @ padded[lag : lag + len(values)] for lag in range(ORDER + 1)])


def _coefficients(correlation: Float) -> Float:
    lags = np.abs(np.subtract.outer(np.arange(ORDER), np.arange(ORDER)))
    # A trace of white noise (-90 dB) for sounds of fewer partials than coefficients.
    matrix = correlation[lags] + np.eye(ORDER) * (1e-9 * correlation[0] + 1e-15)
    return np.asarray(np.linalg.solve(matrix, correlation[1:]))


def _residual_edges(
    clip: Symbols, grid: Grid, coefficients: Float, most: int
) -> tuple[Float, Float]:
    """The edges less the prediction, at about `most` samples evenly over the clip."""
    before = np.concatenate([np.zeros(1), grid.values[clip[:-1]]])
    predicted = np.convolve(before, coefficients)[: len(clip)]
    chosen = slice(None, None, max(len(clip) // most, 1))
    kept = clip[chosen]
    return grid.edges[kept] - predicted[chosen], grid.edges[kept + 1] - predicted[chosen]


def _hedged_bits(family: str, scale: float, lower: Float, upper: Float, size: int) -> Float:
    probability = interval_probability(family, scale, lower, upper)
    return np.asarray(-np.log2((1.0 - HEDGE) * probability + HEDGE / size))


def _best_scale(family: str, lower: Float, upper: Float, size: int) -> tuple[float, str, float]:
    """The bits, family and scale: by a coarse grid, then a fine one around its best."""
    scales = np.geomspace(SMALLEST_SCALE, LARGEST_SCALE, SCALES)
    for _ in range(2):
        bits = [_hedged_bits(family, s, lower, upper, size).mean() for s in scales.tolist()]
        best = int(np.argmin(bits))
        ends = scales[max(best - 1, 0)], scales[min(best + 1, len(scales) - 1)]
        found, scales = float(scales[best]), np.geomspace(*ends, SCALES)
    return float(bits[best]), family, found


@dataclass(frozen=True)
class Figures:
    """Mean bits a sample, over all samples and by kind: keys are the names of the baselines."""

    overall: dict[str, float]
    kinds: dict[str, dict[str, float]]


def baseline_bits(train: ClipSet, test: ClipSet, emphasis: float, domain: Domain) -> Figures:
    """Fit the baselines to `train` and measure them on `test`, which has the same kinds.

    Returns:
        "uniform"; "unigram", of all kinds together; "linear prediction", one for each kind; and
        "oracle", linear prediction that is fitted to each test clip itself.
    """
    grid = grid_of(domain)
    learned = _by_kind(train, emphasis, domain)
    unigram = Unigram.fit(chain.from_iterable(learned), grid)
    kinds, counts = {}, {}
    for name, known, clips in zip(
        test.kinds, learned, _by_kind(test, emphasis, domain), strict=True
    ):
        if not clips or not known:
            continue
        prediction = LinearPrediction.fit(known, grid, MANY)
        bits = {
            "uniform": [np.full(len(clip), np.log2(len(grid.values))) for clip in clips],
            "unigram": [unigram.bits_of(clip) for clip in clips],
            "linear prediction": [prediction.bits_of(clip) for clip in clips],
            "oracle": [LinearPrediction.fit([clip], grid, FEW).bits_of(clip) for clip in clips],
        }
        kinds[name] = {key: float(np.concatenate(value).mean()) for key, value in bits.items()}
        counts[name] = sum(map(len, clips))
    shares = np.array([counts[name] for name in kinds]) / sum(counts.values())
    keys = next(iter(kinds.values()), {})
    overall = {key: float(shares @ [figures[key] for figures in kinds.values()]) for key in keys}
    return Figures(overall, kinds)


def _by_kind(clips: ClipSet, emphasis: float, domain: Domain) -> list[list[Symbols]]:
    return [
        [
            symbols_of(clips.clip(n), emphasis, domain)
            for n in np.flatnonzero(clips.kind == kind).tolist()
        ]
        for kind in range(len(clips.kinds))
    ]
