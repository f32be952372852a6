"""Classifier: names what small pictures show, and is what made pictures are measured with."""

from __future__ import annotations

from collections.abc import Callable

from creative_gen.interface.families import Family, Reference
from creative_gen.interface.hooks import hookimpl

FAMILY = Family(
    name="classifier",
    summary="Names of what small pictures show, and features to compare sets of them in.",
    tasks=("image.classify",),
    generator=Reference(f"{__name__}.generator:ClassifierGenerator"),
    evaluation=Reference(f"{__name__}.evaluation:evaluate"),
    training=Reference(f"{__name__}.training:train_recipe"),
    export=Reference(f"{__name__}.finished_run:export_run"),
)


@hookimpl
def register_models(register: Callable[[Family], None]) -> None:
    """Announce the family."""
    register(FAMILY)
