"""Upscaler: enlarges photographs and artwork with a small re-parameterised network."""

from __future__ import annotations

from collections.abc import Callable

from creative_gen.interface.families import Family, Reference
from creative_gen.interface.hooks import hookimpl

FAMILY = Family(
    name="upscaler",
    summary="Pictures two, three or four times as large (after Zhang et al., 2021, ECBSR).",
    tasks=("image.upscale",),
    generator=Reference(f"{__name__}.generator:UpscalerGenerator"),
    evaluation=Reference(f"{__name__}.evaluation:evaluate"),
    training=Reference(f"{__name__}.training:train_recipe"),
    export=Reference(f"{__name__}.finished_run:export_run"),
)


@hookimpl
def register_models(register: Callable[[Family], None]) -> None:
    """Announce the family."""
    register(FAMILY)
