"""How much memory a process has, and what the system does when there is none left."""

from __future__ import annotations

import ctypes
import gc
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

EXPENDABLE = 800
"""Of -1000 to 1000: what the kernel ends first when memory runs out."""


def resident_bytes(pid: int) -> int:
    """The resident memory of a process; 0 where the system does not tell."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        pass
    if sys.platform == "win32":
        return 0
    told = subprocess.run(["ps", "-o", "rss=", "-p", str(pid)], capture_output=True, text=True)
    return int(told.stdout.strip() or 0) * 1024


def release_memory() -> None:
    """Give what is free back to the system."""
    gc.collect()
    if sys.platform == "linux":
        # Only glibc has it.
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).malloc_trim(0)


def be_expendable() -> None:
    """Let the kernel end this process before it ends what the artist is working with."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(str(EXPENDABLE), "ascii")


def oom_kills() -> int:
    """How many processes the kernel has ended for memory, here or in this control group."""
    return _count(_group() / "memory.events", "oom_kill") + _count(Path("/proc/vmstat"), "oom_kill")


def _group() -> Path:
    with suppress(OSError):
        for line in Path("/proc/self/cgroup").read_text("ascii").splitlines():
            if line.startswith("0::"):
                return Path("/sys/fs/cgroup") / line[3:].lstrip("/")
    return Path("/sys/fs/cgroup")


def _count(path: Path, name: str) -> int:
    with suppress(OSError, ValueError):
        for line in path.read_text("ascii").splitlines():
            key, _, count = line.partition(" ")
            if key == name:
                return int(count)
    return 0
