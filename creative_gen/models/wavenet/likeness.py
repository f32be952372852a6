"""Which recorded sources a new sound is like."""

from __future__ import annotations

import numpy as np

from creative_gen.models.wavenet.conditioning import Tone
from creative_gen.models.wavenet.config import WaveNetConfig

FASTEST = 0.2
"""Octaves that a new sound is faster or slower than its sources at most, a little less than the
clips that were learnt."""


def random_likeness(
    config: WaveNetConfig, kind: int, seed: int
) -> tuple[tuple[tuple[int, float], ...], float]:
    """Shares of two of a kind's sources, and a speed in octaves: a sound that is like neither.

    Args:
        config: WaveNetConfig.
        kind: int. Index of the kind.
        seed: int. The same seed gives the same likeness.
    """
    known = np.flatnonzero(np.array(config.variants) == kind)
    if not len(known):
        return (), 0.0
    rng = np.random.default_rng([seed, kind])
    chosen = rng.choice(known, min(2, len(known)), replace=False)
    share = float(rng.uniform(0.5, 1.0)) if len(chosen) == 2 else 1.0
    shares = zip(chosen.tolist(), (share, 1.0 - share), strict=False)
    return tuple((int(variant), part) for variant, part in shares), float(
        rng.uniform(-FASTEST, FASTEST)
    )


def new_hit(config: WaveNetConfig, kind: int, velocity: int, seed: int) -> Tone:
    """A hit of a kind that has no pitch, like two of its sources."""
    shares, speed = random_likeness(config, kind, seed)
    return Tone(kind, None, velocity, variants=shares, speed=speed)
