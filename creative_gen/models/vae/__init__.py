"""VAE: pictures from a latent space that a user's own pictures lie in, too."""

from __future__ import annotations

from collections.abc import Callable

from creative_gen.interface.families import Family, Reference
from creative_gen.interface.hooks import hookimpl

FAMILY = Family(
    name="vae",
    summary="Variational autoencoder, conditional on a class (Kingma and Welling, 2014).",
    tasks=(
        "image.generate",
        "image.reconstruct",
        "image.interpolate",
        "image.edit",
        "image.map",
        "image.classify",
    ),
    generator=Reference("creative_gen.latent.generator:LatentGenerator"),
    evaluation=Reference(f"{__name__}.evaluation:evaluate"),
    training=Reference(f"{__name__}.training:train_recipe"),
    export=Reference(f"{__name__}.finished_run:export_run"),
)


@hookimpl
def register_models(register: Callable[[Family], None]) -> None:
    """Announce the family."""
    register(FAMILY)
