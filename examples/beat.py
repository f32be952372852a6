"""Makes two bars of drums, every hit another one: `python beat.py beat.flac`.

An example of creative_gen from Python; the drums come from whichever asset knows them.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

import creative_gen
from creative_gen.media.audio import Audio
from creative_gen.media.audio_files import audio_bytes

STEP = 60 / 104 / 4
"""Seconds of a sixteenth note at 104 beats a minute."""
PATTERN = {
    "kick": "x.....x.x.x.....x.....x.x...x...",
    "snare": "....x.......x..x....x.......x.x.",
    "closed hat": "x.x.x.x.x.x.x...x.x.x.x.x.x.x...",
    "open hat": "..............x...............x.",
    "cowbell": "...................x..x.........",
    "tom": "............................xxxx",
}
"""Sixteenths: x is a hit."""
TAIL = 1.0
"""Seconds after the last step."""


def beat() -> Audio:
    """Every drum of the pattern, mixed."""
    engine, rate = creative_gen.open_engine(), 16_000
    length = round((STEP * len(PATTERN["kick"]) + TAIL) * rate)
    mix = np.zeros(length, np.float32)
    for seed, (kind, steps) in enumerate(PATTERN.items()):
        places = [place for place, step in enumerate(steps) if step == "x"]
        hits = engine.run("audio.generate", kind=kind, count=len(places), seed=100 * seed).values
        for place, hit in zip(places, hits, strict=True):
            assert isinstance(hit, Audio) and hit.sample_rate == rate
            start = round(place * STEP * rate)
            samples = hit.samples[0, : length - start]
            mix[start : start + len(samples)] += samples
    return Audio(0.9 * mix[None] / np.abs(mix).max(), rate)


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(audio_bytes(beat(), "flac", "16", "Made with creative_gen"))
