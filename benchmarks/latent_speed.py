"""How fast pictures come from latent spaces: `python benchmarks/latent_speed.py`.

For each installed asset, on one core and with its networks loaded already: 64 new pictures as large
as the networks make them (`scale=1`), the same as large as the asset makes them by default, and
one picture made again. Shown are the medians of several runs through the engine, in seconds of CPU
time and by the clock. What a whole command takes is in `cold_start.py`.
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from collections.abc import Callable

from creative_gen import open_engine
from creative_gen.media.image import Image
from creative_gen.store.asset import Asset
from creative_gen.store.finder import find_asset, find_assets

COUNT, RUNS = 64, 7


def makers() -> list[Asset]:
    """The installed assets that make pictures from nothing."""
    assets = (find_asset(name) for name in find_assets())
    return [asset for asset in assets if "image.generate" in asset.card.tasks]


def on_one_core() -> None:
    """Keep this process on the first of its cores, where the system lets it."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def seconds(work: Callable[[], object]) -> tuple[float, float]:
    """The CPU time and the time by the clock, after a first run that loads what is needed."""
    work()
    used, passed = [], []
    for _ in range(RUNS):
        cpu, clock = time.process_time(), time.perf_counter()
        work()
        used.append(time.process_time() - cpu)
        passed.append(time.perf_counter() - clock)
    return statistics.median(used), statistics.median(passed)


def show(name: str, measured: tuple[float, float]) -> None:
    cpu, clock = measured
    print(f"{name:58} {cpu:6.3f} s CPU, {clock:6.3f} s", flush=True)


def measure(asset: Asset) -> None:
    engine, side = open_engine(), int(asset.settings["side"])
    sizes = sorted({1, int(asset.settings["scale"])})
    for scale in sizes:

        def generate(scale: int = scale) -> object:
            name = asset.name
            return engine.run("image.generate", asset=name, count=COUNT, seed=0, scale=scale)

        show(f"{asset.name}: {COUNT} pictures of {scale * side} pixels", seconds(generate))
    if "image.reconstruct" in asset.card.tasks:
        drawn = engine.run("image.generate", asset=asset.name, count=1, seed=0).outputs[0]
        picture, category = drawn.value, drawn.details.get("category")
        assert isinstance(picture, Image)

        def reconstruct() -> object:
            return engine.run(
                "image.reconstruct", asset=asset.name, image=picture, category=category, seed=0
            )

        show(f"{asset.name}: one picture made again", seconds(reconstruct))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--asset", help="only this one")
    arguments = parser.parse_args()
    on_one_core()
    for asset in makers():
        if arguments.asset in (None, asset.name):
            measure(asset)


if __name__ == "__main__":
    main()
