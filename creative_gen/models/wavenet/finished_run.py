"""Reads what a training run has come to, for export as an asset."""

from __future__ import annotations

from pathlib import Path

from creative_gen.fitting.checkpoint import load_weights
from creative_gen.fitting.finished import FinishedRun, licence_text, recipe_card
from creative_gen.interface.families import Exported
from creative_gen.models.wavenet.config import WaveNetConfig
from creative_gen.models.wavenet.envelope_training import envelopes_of
from creative_gen.models.wavenet.export import asset_weights
from creative_gen.models.wavenet.network import WaveNet
from creative_gen.models.wavenet.recipe import read_recipe


def export_run(recipe_path: Path, run: Path, _data: Path | None = None) -> Exported:
    """The best weights of a run.

    Args:
        recipe_path: Path. The recipe that the run was trained by.
        run: Path. The run's folder.

    Raises:
        InvalidRequest: the folder is not one of a run, or the run has not been validated yet.
    """
    finished, recipe = FinishedRun(run), read_recipe(recipe_path)
    config, card = finished.config(WaveNetConfig), recipe_card(recipe.card, recipe_path)
    # How it is played may be found out after it has been trained.
    config = config.model_copy(update={"temperature": recipe.network.temperature})
    model = WaveNet(config)
    model.build()
    load_weights(model, finished.best_weights)
    return Exported(
        weights=asset_weights(model, envelopes_of(run)),
        settings=config.model_dump(mode="json"),
        categories=config.kinds,
        tasks=config.tasks,
        card=card,
        licence_text=licence_text(card),
        minutes=finished.minutes,
        seed=finished.seed,
    )
