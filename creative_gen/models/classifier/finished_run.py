"""Reads what a training run has come to, for export as an asset."""

from __future__ import annotations

from pathlib import Path

from creative_gen.fitting.checkpoint import load_weights
from creative_gen.fitting.finished import FinishedRun, licence_text, recipe_card
from creative_gen.interface.families import Exported
from creative_gen.measures.picture_features import CLASSIFIER
from creative_gen.models.classifier.config import ClassifierConfig
from creative_gen.models.classifier.export import network_file
from creative_gen.models.classifier.network import Classifier
from creative_gen.models.classifier.recipe import read_recipe


def export_run(recipe_path: Path, run: Path, _data: Path | None = None) -> Exported:
    """The last weights of a run, so that what it was validated on has chosen nothing.

    Args:
        recipe_path: Path. The recipe that the run was trained by.
        run: Path. The run's folder.

    Raises:
        InvalidRequest: the folder is not one of a run, or the run has not been validated yet.
    """
    finished, recipe = FinishedRun(run), read_recipe(recipe_path)
    config, card = finished.config(ClassifierConfig), recipe_card(recipe.card, recipe_path)
    model = Classifier(config)
    model.build()
    load_weights(model, finished.last_weights)
    return Exported(
        networks={CLASSIFIER: network_file(model)},
        settings=config.model_dump(mode="json"),
        categories=config.classes,
        tasks=("image.classify",),
        card=card,
        licence_text=licence_text(card),
        minutes=finished.minutes,
        seed=finished.seed,
    )
