"""Peak memory of rendering long pieces: `python benchmarks/render_memory.py`.

Pieces of one minute and of five, two different notes a second, are rendered by the asset `notes`,
each in a process of its own, the sound written nowhere. Shown is the largest resident size.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys

import numpy as np

MINUTES = (1, 5)


def render(minutes: int) -> None:
    """Render a piece, and print the peak in MB."""
    from note_seq import NoteSequence

    from creative_gen import open_engine

    rng = np.random.default_rng(0)
    piece = NoteSequence()
    for beat in range(120 * minutes):
        start = beat / 2
        piece.notes.add(
            pitch=int(rng.integers(48, 84)),
            velocity=int(rng.integers(30, 120)),
            start_time=start,
            end_time=start + float(rng.uniform(0.2, 0.8)),
        )
    piece.total_time = 60 * minutes + 1
    open_engine().run("audio.render", notes=piece, asset="notes", instrument="harp", seed=0)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=int, help=argparse.SUPPRESS)
    minutes = parser.parse_args().minutes
    if minutes:
        render(minutes)
        return
    for length in MINUTES:
        command = [sys.executable, "-W", "ignore", __file__, "--minutes", str(length)]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        print(f"a piece of {length} min: {done.stdout.strip()} MB at most")


if __name__ == "__main__":
    main()
