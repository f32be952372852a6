"""Speed, memory and seams of the upscaler's assets: `python benchmarks/image_upscaler.py`.

The time is that of a picture of 512 x 512 pixels, made 2, 3 and 4 times as large on one core by a
network that is loaded already: the median of several runs. The seams are the largest difference
between a picture enlarged in tiles and as a whole, in levels of 255. The memory is the largest
resident size of a process of its own that enlarges 4000 x 3000 pixels twice, on all cores.
"""

from __future__ import annotations

import argparse
import resource
import statistics
import subprocess
import sys
import time

import numpy as np
from numpy.typing import NDArray

from creative_gen.models.upscaler.player import Player
from creative_gen.models.upscaler.tiles import Tile
from creative_gen.store.finder import find_asset, find_assets

SIDE, RUNS = 512, 7
LARGE = 3000, 4000


def picture(height: int, width: int) -> NDArray[np.float32]:
    """Waves of all lengths, with noise; float32 (height, width, 3) in [0, 1]."""
    rng = np.random.default_rng(0)
    y, x = np.mgrid[:height, :width].astype(np.float32)
    wave = 0.5 + 0.3 * np.sin(x * x / (2 * width)) * np.cos(y * y / (3 * height))
    noisy = wave[..., None] + rng.normal(0, 0.05, (height, width, 3)).astype(np.float32)
    return noisy.clip(0, 1).astype(np.float32)


def upscalers() -> list[str]:
    """The names of the installed upscalers."""
    return [name for name in find_assets() if find_asset(name).card.family == "upscaler"]


def cpu_milliseconds(player: Player, scale: int) -> float:
    small = picture(SIDE, SIDE)
    player.upscale(small[:64, :64], scale)
    times = []
    for _ in range(RUNS):
        start = time.process_time()
        player.upscale(small, scale)
        times.append(time.process_time() - start)
    return statistics.median(times) * 1e3


def seam(player: Player, scale: int) -> float:
    small = picture(SIDE, SIDE + 77)
    whole = Tile(0, SIDE, 0, SIDE + 77).crop(small, player.halo)
    difference = player.upscale(small, scale) - player.enlarge(whole, scale)
    return float(np.abs(difference).max()) * 255


def enlarge_large(name: str) -> None:
    """Enlarge a large picture, and print the seconds and the peak in MB."""
    from creative_gen import open_engine
    from creative_gen.media.image import Image

    pixels = np.rint(255 * picture(*LARGE)).astype(np.uint8)
    start = time.perf_counter()
    open_engine().run("image.upscale", image=Image(pixels), asset=name, scale=2)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{seconds:.1f} s, {peak} MB at most")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", metavar="ASSET", help=argparse.SUPPRESS)
    parser.add_argument("--no-large", action="store_true", help="leave the memory out")
    arguments = parser.parse_args()
    if arguments.large:
        enlarge_large(arguments.large)
        return
    for name in upscalers():
        player = Player(find_asset(name), threads=1)
        for scale in player.config.scales:
            milliseconds, levels = cpu_milliseconds(player, scale), seam(player, scale)
            print(
                f"{name:12}x{scale}  {SIDE} -> {SIDE * scale}: {milliseconds:6.0f} ms CPU; "
                f"tiles and whole differ by {levels:.5f} levels",
                flush=True,
            )
        if not arguments.no_large:
            command = [sys.executable, "-W", "ignore", __file__, "--large", name]
            done = subprocess.run(command, check=True, capture_output=True, text=True)
            print(f"{name:12}x2  {LARGE[1]} x {LARGE[0]}: {done.stdout.strip()}", flush=True)


if __name__ == "__main__":
    main()
