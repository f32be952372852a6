"""`creative-gen train`: train a model of your own."""

from __future__ import annotations

from pathlib import Path

import click

from creative_gen.engine.registry import Registry
from creative_gen.interface.errors import InvalidRequest
from creative_gen.interface.families import TrainingRequest


@click.command()
@click.argument("family")
@click.option(
    "--recipe", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True
)
@click.option(
    "--data", type=click.Path(exists=True, file_okay=False, path_type=Path), required=True
)
@click.option("--run", type=click.Path(file_okay=False, path_type=Path), default=Path("runs/new"))
@click.option("--minutes", type=click.FloatRange(0.0, min_open=True), default=60.0)
@click.option("--seed", type=click.IntRange(0, 2**32 - 1), default=0)
@click.option("--backend", type=click.Choice(["tensorflow", "jax"]), help="Keras backend.")
def train(
    family: str, recipe: Path, data: Path, run: Path, minutes: float, seed: int, backend: str | None
) -> None:
    """Train a model of FAMILY by a recipe, for a number of minutes.

    Started again with the same --run, it goes on where it stopped. Export it as an asset with
    `creative-gen export`.
    """
    chosen = Registry().family(family)
    if chosen.training is None:
        raise InvalidRequest(f"{family} cannot be trained.", "Choose another family.")
    if backend:
        import os

        os.environ["KERAS_BACKEND"] = backend
    chosen.training.load()(TrainingRequest(recipe, data, run, minutes, seed, click.echo))
