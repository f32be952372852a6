"""Plans for drawings that come after no other: latent vectors such as a category's drawings have.

A decoder that is given z knows from the start where the drawing is going. What z to give comes
from a normal distribution a category, fitted to the encoded training drawings: for a completion,
those of a pool under which the given strokes are likeliest.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from creative_gen.kernels.stroke_state import DecoderState
from creative_gen.models.sketch_rnn.drawings import Stroke3
from creative_gen.models.sketch_rnn.player import Float, Player

POOL = 256
"""Latent vectors that are tried on the given part of a drawing."""

LIKELIEST = 24
"""How many of them are used."""

HALVED = (3, 6, 12)
"""Rows of the drawing after which half of them are given up."""

SHRINKAGE = 0.1
"""The share of the covariances that is left out: fewer drawings are at hand than they need."""


def fit_prior(means: Float) -> tuple[Float, Float]:
    """The mean (Z,) of encoded drawings (N, Z), and the Cholesky factor (Z, Z) of their spread."""
    covariance = np.cov(means.T.astype(np.float64))
    diagonal = np.diag(np.diag(covariance) + 1e-6)
    factor = np.linalg.cholesky((1 - SHRINKAGE) * covariance + SHRINKAGE * diagonal)
    return means.mean(axis=0), factor.astype(np.float32)


def prior_z(player: Player, categories: Sequence[str | None], seeds: NDArray[np.uint64]) -> Float:
    """A latent vector (N, Z) for each category, by its seed."""
    rows = []
    for index, seed in zip(player.indices(categories), seeds, strict=True):
        noise = np.random.default_rng(int(seed)).standard_normal(player.config.latent_size)
        spread = player.weights["prior/factor"][index].astype(np.float64)
        rows.append(player.weights["prior/mean"][index] + spread @ noise)
    return np.stack(rows).astype(np.float32)


@dataclass(frozen=True)
class PlanPool:
    """Latent vectors that are tried for a category, always the same.

    Args:
        z: (POOL, Z).
        state: DecoderState. A decoder that has begun with each; never changed.
    """

    z: Float
    state: DecoderState


def plan_pool(player: Player, category: str) -> PlanPool:
    """The pool of a category."""
    seeds = np.arange(POOL, dtype=np.uint64)
    z = prior_z(player, [category] * POOL, seeds)
    condition = player.condition(z, player.classes(category, POOL))
    return PlanPool(z, player.decoder.start(seeds, condition))


def likeliest_z(player: Player, drawing: Stroke3, pool: PlanPool) -> Float:
    """The latent vectors (LIKELIEST, Z) of a pool under which the given rows are likeliest.

    The less likely half is given up after the first HALVED[0] rows, half of the others after
    HALVED[1], and so on (successive halving; Jamieson and Talwalkar, 2016).
    """
    points = player.stroke5([drawing])[0]
    state, tried, likelihood, read = pool.state.copy(), np.arange(POOL), np.zeros(POOL), 0
    while read < len(drawing):
        stop = next((rows for rows in HALVED if read < rows < len(drawing)), len(drawing))
        part = np.repeat(points[:, read:stop], len(tried), axis=0)
        likelihood = likelihood + player.decoder.feed(state, part).sum(axis=1)
        kept = max(len(tried) // 2, LIKELIEST) if stop < len(drawing) else LIKELIEST
        best = np.argsort(-likelihood, kind="stable")[:kept]
        tried, likelihood, state, read = tried[best], likelihood[best], state.take(best), stop
    return pool.z[tried[:LIKELIEST]]


def half_planned(
    player: Player, z: Float, classes: Float, planned: NDArray[np.bool_]
) -> Float | None:
    """The decoder's condition (N, C): with z where `planned`, from the class alone elsewhere."""
    with_z, without = player.condition(z, classes), player.condition(None, classes)
    if with_z is None or without is None:
        return None
    return np.where(planned[:, None], with_z, without)
