"""Reads what a training run has come to, for export as an asset."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, cast

from pydantic import ValidationError

from creative_gen.fitting.checkpoint import load_weights
from creative_gen.fitting.finished import FinishedRun, licence_text, recipe_card
from creative_gen.interface.errors import InvalidRequest
from creative_gen.interface.families import Exported
from creative_gen.latent.settings import LatentSettings, Playing
from creative_gen.models.gan.config import GANConfig
from creative_gen.models.gan.export import asset_networks
from creative_gen.models.gan.network import GAN
from creative_gen.models.gan.recipe import read_recipe


def export_run(recipe_path: Path, run: Path, _data: Path | None = None) -> Exported:
    """The last weights of a run: no loss of a game says which ones are best.

    Args:
        recipe_path: Path. The recipe that the run was trained by.
        run: Path. The run's folder.

    Raises:
        InvalidRequest: the folder is not one of a run, the run has not been validated yet, or it
            makes no pictures that can be played.
    """
    finished, recipe = FinishedRun(run), read_recipe(recipe_path)
    config, card = finished.config(GANConfig), recipe_card(recipe.card, recipe_path)
    model = GAN(config)
    model.build()
    load_weights(model, finished.last_weights)
    return Exported(
        networks=asset_networks(model),
        settings=played_settings(config, recipe.playing).model_dump(mode="json"),
        categories=(),
        tasks=("image.generate", "image.edit"),
        card=card,
        licence_text=licence_text(card),
        minutes=finished.minutes,
        seed=finished.seed,
    )


def played_settings(config: GANConfig, playing: Playing) -> LatentSettings:
    """What a player must know. There is no encoder: no picture can be given.

    Raises:
        InvalidRequest: they are no pictures: too small, or of 2 channels.
    """
    try:
        return LatentSettings(
            side=config.side,
            channels=cast(Literal[1, 3, 4], config.channels),
            latent=config.latent,
            refinements=0,
            **playing.model_dump(),
        )
    except ValidationError as error:
        size = f"{config.side} x {config.side} with {config.channels} channels"
        raise InvalidRequest(
            f"Pictures of {size} cannot be played: {error.errors()[0]['msg']}.",
            "Change the recipe's [network] and train again, or its [playing].",
        ) from error
