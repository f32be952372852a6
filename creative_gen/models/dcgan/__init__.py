"""DCGAN: pictures from two players of a game, one of which makes them."""

from __future__ import annotations

from collections.abc import Callable

from creative_gen.interface.families import Family, Reference
from creative_gen.interface.hooks import hookimpl

FAMILY = Family(
    name="dcgan",
    summary="Deep convolutional GAN (Radford et al., 2016), with a modern objective.",
    tasks=(
        "image.generate",
        "image.reconstruct",
        "image.interpolate",
        "image.edit",
        "image.map",
    ),
    generator=Reference("creative_gen.latent.generator:LatentGenerator"),
    evaluation=Reference("creative_gen.measures.latent_figures:latent_figures"),
    training=Reference(f"{__name__}.training:train_recipe"),
    export=Reference(f"{__name__}.finished_run:export_run"),
)


@hookimpl
def register_models(register: Callable[[Family], None]) -> None:
    """Announce the family."""
    register(FAMILY)
