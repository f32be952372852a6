"""CPU seconds of whole commands, each in a process of its own, from nothing to the files.

    python benchmarks/cold_start.py

The first run of each command fills Numba's cache and is not counted. Of five more the median is
shown: user and system time of the process and its children.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

RUNS = 5
EXAMPLES = Path(__file__).parents[1] / "examples"
HALF_A_CAT, GREY = EXAMPLES / "half-a-cat.svg", EXAMPLES / "grey.png"
COMMANDS = {
    "creative-gen --help": ["--help"],
    "creative-gen assets list": ["assets", "list"],
    "creative-gen sketch classify half-a-cat.svg": ["sketch", "classify", str(HALF_A_CAT)],
    "creative-gen sketch complete half-a-cat.svg --category cat --count 9": [
        *("sketch", "complete", str(HALF_A_CAT), "--category", "cat", "--count", "9"),
        *("--seed", "1", "-o", "out"),
    ],
    "creative-gen image colorize grey.png": [
        *("image", "colorize", str(GREY), "--seed", "1", "-o", "out"),
    ],
    "creative-gen image upscale grey.png": ["image", "upscale", str(GREY), "-o", "out"],
    "creative-gen image generate --asset faces --count 1": [
        *("image", "generate", "--asset", "faces", "--count", "1", "--seed", "1", "-o", "out"),
    ],
    "creative-gen image generate --asset doodles --category cat --count 1": [
        *("image", "generate", "--asset", "doodles", "--category", "cat", "--count", "1"),
        *("--seed", "1", "-o", "out"),
    ],
}


def cpu_seconds(arguments: list[str], folder: str) -> float:
    """CPU time of one run of `creative-gen`."""
    before = os.times()
    command = [sys.executable, "-m", "creative_gen.cli.main", *arguments]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    after = os.times()
    used = after.children_user - before.children_user
    return used + after.children_system - before.children_system


def main() -> None:
    """Print a line a command."""
    with tempfile.TemporaryDirectory() as folder:
        for title, arguments in COMMANDS.items():
            cpu_seconds(arguments, folder)
            measured = [cpu_seconds(arguments, folder) for _ in range(RUNS)]
            print(f"{statistics.median(measured):6.3f} s CPU  {title}", flush=True)


if __name__ == "__main__":
    main()
