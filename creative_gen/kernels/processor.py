"""What the processor that Numba compiles for can do."""

from __future__ import annotations

import numba.core.config
from llvmlite.binding import get_host_cpu_features  # type: ignore[import-untyped]


def has_any(*features: str) -> bool:
    """Whether the processor has one of LLVM's features; no, if Numba compiles for another one."""
    config = vars(numba.core.config)
    if config.get("CPU_NAME") or config.get("CPU_FEATURES"):
        return False
    present = get_host_cpu_features()
    return any(present.get(feature, False) for feature in features)


CONVERTS_FLOAT16 = has_any("f16c", "fullfp16")
WIDE_REGISTERS = has_any("avx512f")
"""Whether 24 sums of 16 floats, and what feeds them, stay in registers."""
