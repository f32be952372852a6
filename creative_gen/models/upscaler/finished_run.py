"""Reads what a training run has come to, for export as an asset."""

from __future__ import annotations

from pathlib import Path

from creative_gen.fitting.checkpoint import load_weights
from creative_gen.fitting.finished import FinishedRun, licence_text, recipe_card
from creative_gen.interface.families import Exported
from creative_gen.models.upscaler.config import UpscalerConfig
from creative_gen.models.upscaler.export import asset_networks
from creative_gen.models.upscaler.network import Upscaler
from creative_gen.models.upscaler.recipe import read_recipe


def export_run(recipe_path: Path, run: Path, _data: Path | None = None) -> Exported:
    """The best weights of a run; the last ones of an adversarial run, which no loss compares.

    Args:
        recipe_path: Path. The recipe that the run was trained by.
        run: Path. The run's folder.

    Raises:
        InvalidRequest: the folder is not one of a run, or the run has not been validated yet.
    """
    finished, recipe = FinishedRun(run), read_recipe(recipe_path)
    config, card = finished.config(UpscalerConfig), recipe_card(recipe.card, recipe_path)
    model = Upscaler(config)
    model.build()
    adversarial = recipe.objective.adversarial > 0
    load_weights(model, finished.last_weights if adversarial else finished.best_weights)
    return Exported(
        networks=asset_networks(model),
        settings=config.model_dump(mode="json"),
        categories=(config.kind,),
        tasks=("image.upscale",),
        card=card,
        licence_text=licence_text(card),
        minutes=finished.minutes,
        seed=finished.seed,
    )
