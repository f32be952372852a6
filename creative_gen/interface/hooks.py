"""The hook through which model families announce themselves.

A package outside this repository adds a family with a plugin module that has

    from creative_gen.interface.hooks import hookimpl

    @hookimpl
    def register_models(register):
        register(Family(...))

and the entry point `creative_gen.models` that names the module.
"""

from __future__ import annotations

from collections.abc import Callable

import pluggy

from creative_gen.interface.families import Family

PROJECT = "creative_gen"
ENTRY_POINT_GROUP = "creative_gen.models"

hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


# Historic: a plugin is asked at the moment it is registered, so that its faults are known as its.
@hookspec(historic=True)
def register_models(register: Callable[[Family], None]) -> None:
    """Call `register` once for each model family."""
