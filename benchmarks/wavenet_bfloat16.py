"""What bfloat16 weights change in the shipped WaveNets: `python benchmarks/wavenet_bfloat16.py`.

A second of residual of each kind is drawn with float32 weights, and read with both. Shown are the
largest difference of any output of the network, and the mean of log p - log q a sample, which
estimates KL(p || q) because the samples are drawn from p.
"""

from __future__ import annotations

import numpy as np

from creative_gen.models.wavenet.conditioning import Tone
from creative_gen.models.wavenet.player import Player
from creative_gen.models.wavenet.sample_likelihood import grid_nats
from creative_gen.store.finder import find_asset

FRAMES = 200
HALF_STEP = 0.5 / 32768


def compare(name: str) -> tuple[float, float]:
    """The largest difference, and the KL divergence in nats a sample."""
    exact, rounded = (Player(find_asset(name), precision=p) for p in ("float32", "bfloat16"))
    pitched = "audio.render" in exact.config.tasks
    kinds = range(len(exact.config.kinds))
    tones = [Tone(kind, 60.0 if pitched else None, 90) for kind in kinds]
    told = [exact._told(voice, FRAMES) for voice in exact.start(tones, list(kinds))]
    biases, phases = np.stack([one.biases for one in told]), np.stack([one.phases for one in told])
    seeds = np.arange(len(tones))
    count = FRAMES * exact.config.frame
    drawn = exact.sampler.generate(exact.sampler.start(seeds), count, biases, phases, 1.0)
    p, q = (
        player.sampler.logits(player.sampler.start(seeds), drawn, biases, phases)
        for player in (exact, rounded)
    )
    half_step = np.full(drawn.shape, HALF_STEP)
    divergence = grid_nats(q, drawn, half_step) - grid_nats(p, drawn, half_step)
    return float(np.abs(p - q).max()), float(divergence.mean())


def main() -> None:
    for name in ("notes", "drums"):
        largest, divergence = compare(name)
        print(f"{name}: outputs differ by {largest:.3f} at most, KL {divergence:.5f} nats a sample")


if __name__ == "__main__":
    main()
