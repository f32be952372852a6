"""Colorizer: colours grey pictures and line drawings, led by hints."""

from __future__ import annotations

from collections.abc import Callable

from creative_gen.interface.families import Family, Reference
from creative_gen.interface.hooks import hookimpl

FAMILY = Family(
    name="colorizer",
    summary="Colours for grey pictures and line drawings (after Zhang et al., 2016 and 2017).",
    tasks=("image.colorize",),
    generator=Reference(f"{__name__}.generator:ColorizerGenerator"),
    evaluation=Reference(f"{__name__}.evaluation:evaluate"),
    training=Reference(f"{__name__}.training:train_recipe"),
    export=Reference(f"{__name__}.finished_run:export_run"),
)


@hookimpl
def register_models(register: Callable[[Family], None]) -> None:
    """Announce the family."""
    register(FAMILY)
