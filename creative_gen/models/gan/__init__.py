"""GAN: the original two players, as plain networks on which the theory can be seen."""

from __future__ import annotations

from collections.abc import Callable

from creative_gen.interface.families import Family, Reference
from creative_gen.interface.hooks import hookimpl

FAMILY = Family(
    name="gan",
    summary="New pictures from a game of two players (after Goodfellow et al., 2014, GAN).",
    tasks=("image.generate", "image.edit"),
    generator=Reference("creative_gen.latent.generator:LatentGenerator"),
    evaluation=Reference(f"{__name__}.evaluation:evaluate"),
    training=Reference(f"{__name__}.training:train_recipe"),
    export=Reference(f"{__name__}.finished_run:export_run"),
)


@hookimpl
def register_models(register: Callable[[Family], None]) -> None:
    """Announce the family."""
    register(FAMILY)
