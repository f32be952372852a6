"""Speed and memory of the colorizer's asset: `python benchmarks/image_colorizer.py`.

Pictures are coloured by one engine whose asset is loaded already: grey tones and line drawings of
512 pixels, one colouring and four, without hints and with. Shown is the median of the CPU time of
several runs. Last, a process of its own colours a picture of 24 megapixels; shown are its seconds
and its largest resident size.
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

from creative_gen import open_engine
from creative_gen.media.image import Image

SIDE, RUNS = 512, 5
LARGE = 4000, 6000


def tones(height: int, width: int) -> Image:
    """A grey picture of hills under a sky, with a grain."""
    rng = np.random.default_rng(0)
    y, x = (np.arange(side, dtype=np.float32) / side for side in (height, width))
    horizon = 0.5 + 0.1 * np.sin(9 * x) + 0.04 * np.sin(31 * x)
    ground = (y[:, None] - horizon).clip(0, None)
    light = np.where(ground > 0, 0.25 + 0.5 * ground, 0.9 - 0.4 * y[:, None])
    light = light + rng.normal(0, 0.01, light.shape).astype(np.float32)
    return Image(np.rint(255 * light.clip(0, 1)).astype(np.uint8)[..., None])


def drawing(side: int) -> Image:
    """Circles of ink on paper, some within others."""
    y, x = np.mgrid[:side, :side].astype(np.float32) / side
    ink = np.zeros((side, side), bool)
    for row, column, radius in np.random.default_rng(1).uniform(0.15, 0.85, (9, 3)):
        distance = np.hypot(y - row, x - column)
        ink |= np.abs(distance - 0.3 * radius) < 0.006
    return Image(np.where(ink, 0, 255).astype(np.uint8)[..., None])


def hints(side: int) -> Image:
    """Strokes of four colours."""
    pixels: NDArray[np.uint8] = np.zeros((side, side, 4), np.uint8)
    width = side // 40
    colors = [(220, 40, 40), (40, 160, 60), (40, 80, 220), (240, 200, 40)]
    for index, color in enumerate(colors, 1):
        row = index * side // 5
        pixels[row : row + width, row : row + 6 * width] = (*color, 255)
    return Image(pixels)


def cpu_milliseconds(image: Image, **options: object) -> float:
    engine = open_engine()
    engine.run("image.colorize", image=image, seed=0, **options)
    times = []
    for seed in range(RUNS):
        start = time.process_time()
        engine.run("image.colorize", image=image, seed=seed, **options)
        times.append(time.process_time() - start)
    return statistics.median(times) * 1e3


def color_large() -> None:
    """Colour a large picture, and print the seconds and the peak in MB."""
    image = tones(*LARGE)
    start = time.perf_counter()
    open_engine().run("image.colorize", image=image, mode="tones", seed=0)
    seconds = time.perf_counter() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"{seconds:.1f} s, {peak} MB at most")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--large", action="store_true", help=argparse.SUPPRESS)
    if parser.parse_args().large:
        color_large()
        return
    pictures = {"tones": tones(SIDE, SIDE), "lines": drawing(SIDE)}
    for mode, image in pictures.items():
        ways: dict[str, dict[str, object]] = {
            "one": {},
            "likeliest": {"temperature": 0},
            "hinted": {"hints": hints(SIDE), "temperature": 0},
            "four": {"count": 4},
        }
        for name, options in ways.items():
            milliseconds = cpu_milliseconds(image, mode=mode, **options)
            print(f"{mode}, {SIDE} x {SIDE}, {name:10}{milliseconds:7.0f} ms CPU", flush=True)
    command = [sys.executable, "-W", "ignore", __file__, "--large"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    print(f"tones, {LARGE[1]} x {LARGE[0]}: {done.stdout.strip()}")


if __name__ == "__main__":
    main()
