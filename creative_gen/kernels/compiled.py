"""The one place where Numba's untyped decorators meet typed code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
from numba.extending import intrinsic, register_jitable

F = TypeVar("F", bound=Callable[..., Any])


def compiled(function: F) -> F:
    """Compile a function on its first call, without the GIL, and keep the result on disk.

    Numba keeps it beside the module, or in the user's cache folder where that is read-only, or in
    NUMBA_CACHE_DIR; where nothing can be written it compiles once a process.
    """
    try:
        return cast(F, numba.njit(cache=True, nogil=True)(function))
    except RuntimeError:
        return cast(F, numba.njit(nogil=True)(function))


def inlined(function: Callable[..., Any]) -> Callable[..., Any]:
    """Let compiled functions call a plain one with scalars; it stays as it is."""
    return register_jitable(function)


def instruction(function: Callable[..., Any]) -> Callable[..., Any]:
    """Make a function that emits LLVM code callable from compiled ones; literals stay literals."""
    return cast(Callable[..., Any], intrinsic(prefer_literal=True)(function))
