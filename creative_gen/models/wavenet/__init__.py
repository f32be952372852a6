"""WaveNet: plays notes, makes drum hits and goes on from a sound, sample by sample."""

from __future__ import annotations

from collections.abc import Callable

from creative_gen.interface.families import Family, Reference
from creative_gen.interface.hooks import hookimpl

FAMILY = Family(
    name="wavenet",
    summary="Notes and drum hits, sample by sample (van den Oord et al., 2016).",
    tasks=("audio.render", "audio.generate", "audio.continue"),
    generator=Reference(f"{__name__}.generator:WaveNetGenerator"),
    evaluation=Reference(f"{__name__}.evaluation:evaluate"),
    training=Reference(f"{__name__}.training:train_recipe"),
    export=Reference(f"{__name__}.finished_run:export_run"),
)


@hookimpl
def register_models(register: Callable[[Family], None]) -> None:
    """Announce the family."""
    register(FAMILY)
