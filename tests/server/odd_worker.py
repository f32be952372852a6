"""A worker whose one family does, instead of drawing, whatever can go wrong.

The option `category` says what. Its assets are of a folder, as all are.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
import time
from collections.abc import Iterator

import numpy as np

from creative_gen.engine.engine import Engine
from creative_gen.engine.registry import Registry
from creative_gen.interface.families import Family, Reference
from creative_gen.interface.jobs import Output, Progress, Request, Step
from creative_gen.media.sketch import Sketch
from creative_gen.server.worker import main
from creative_gen.store.asset import Asset

FAMILY = "odd"
TASKS = ("sketch.complete", "sketch.generate")
WARMING_CRASHES = "ODD_WARMING_CRASHES"

CARD = """
name = "{name}"
family = "odd"
title = "Odd"
description = "Does what can go wrong."
version = "1"
licence = "CC0-1.0"
tasks = ["sketch.complete", "sketch.generate"]
data = []
settings = {{ megabytes = {megabytes}, directions = ["wider"] }}
files = {{}}

[training]
command = "none"
"""


class OddGenerator:
    """Finishes a drawing with a stroke whose only point is the seed, or fails as it is told."""

    def __init__(self, asset: Asset) -> None:
        self.weights = np.ones(int(asset.settings["megabytes"]) << 17, np.float64)

    def run(self, request: Request) -> Iterator[Step]:
        wish = str(request.options.category)
        seed = int(request.options.seed)
        if os.environ.get(WARMING_CRASHES) and seed == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        if wish in _FAULTS:
            yield Progress(0.25)
            _FAULTS[wish]()
        for step in range(400 if wish == "slow" else 0):
            yield Progress(step / 400)
            time.sleep(0.05)
        given = request.inputs.get("sketch")
        yield Progress(0.1)
        strokes = given.strokes if isinstance(given, Sketch) else ()
        last = np.array([[seed % 100_000, len(strokes)]], np.float32)
        if wish == "show":
            time.sleep(0.3)
            yield Progress(0.5, (Sketch((last,), (10, 10)),))
            time.sleep(0.1)
        sketch = Sketch((*strokes, last), given.size if given else (10, 10))
        outputs = [Output(sketch, {"seed": seed}) for _ in range(request.options.count)]
        yield tuple(outputs)


def _die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _hang() -> None:
    time.sleep(3600)


def _want_memory() -> None:
    raise MemoryError


def _fill_disk() -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _have_a_fault() -> None:
    raise RuntimeError("secret")


def _print() -> None:
    print("noise on standard output", flush=True)
    os.write(1, b"more noise\n")


_FAULTS = {
    "die": _die,
    "hang": _hang,
    "memory": _want_memory,
    "disk": _fill_disk,
    "fault": _have_a_fault,
    "print": _print,
}


def odd_engine() -> Engine:
    registry = Registry(entry_points=False)
    reference = Reference("tests.server.odd_worker:OddGenerator")
    registry.families = {FAMILY: Family(FAMILY, "Odd.", TASKS, reference)}
    return Engine(registry)


if __name__ == "__main__":
    main(sys.argv[1:], odd_engine())
