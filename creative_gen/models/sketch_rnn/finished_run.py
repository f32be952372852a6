"""Reads what a training run has come to, for export as an asset."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from creative_gen.fitting.checkpoint import load_weights
from creative_gen.fitting.finished import FinishedRun, licence_text, recipe_card
from creative_gen.interface.errors import InvalidRequest
from creative_gen.interface.families import Exported
from creative_gen.models.sketch_rnn.config import SketchRNNConfig
from creative_gen.models.sketch_rnn.dataset import Drawings
from creative_gen.models.sketch_rnn.export import asset_weights
from creative_gen.models.sketch_rnn.network import SketchRNN
from creative_gen.models.sketch_rnn.planning import fit_prior
from creative_gen.models.sketch_rnn.player import Player
from creative_gen.models.sketch_rnn.recipe import read_recipe

FITTED = 1000
"""Training drawings of each category that its prior is fitted to."""


def export_run(recipe_path: Path, run: Path, data: Path | None = None) -> Exported:
    """The best weights of a run, rounded as an asset keeps them.

    Args:
        recipe_path: Path. The recipe that the run was trained by.
        run: Path. The run's folder.
        data: Path. The folder that the recipe's paths are relative to: with it, each category's
            prior of z is fitted to its training drawings.

    Raises:
        InvalidRequest: the folder is not one of a run, or the run has not been validated yet.
    """
    finished, recipe = FinishedRun(run), read_recipe(recipe_path)
    config, card = finished.config(SketchRNNConfig), recipe_card(recipe.card, recipe_path)
    if recipe.network.categories != config.categories:
        raise InvalidRequest(
            f"The recipe and the run in '{run}' have other categories.",
            "Give the recipe that the run was trained by.",
        )
    model = SketchRNN(config)
    model.build()
    load_weights(model, finished.best_weights)
    weights = asset_weights(model)
    if data is not None and config.conditional and config.categories:
        weights |= fitted_priors(config, weights, recipe.load(data, "train"))
    return Exported(
        weights=weights,
        settings=config.model_dump(mode="json"),
        categories=config.categories,
        tasks=config.tasks,
        card=card,
        licence_text=licence_text(card),
        minutes=finished.minutes,
        seed=finished.seed,
    )


@dataclass
class _Unsaved:
    """A network as an asset that is not on disk yet."""

    name: str
    settings: Mapping[str, Any]
    weights: Mapping[str, Any]
    categories: tuple[str, ...] = ()

    def arrays(self) -> Mapping[str, Any]:
        return self.weights

    def read(self, name: str) -> bytes:
        raise FileNotFoundError(name)


def fitted_priors(
    config: SketchRNNConfig, weights: Mapping[str, Any], drawings: Drawings
) -> dict[str, NDArray[np.float16]]:
    """ "prior/mean" (K, Z) and "prior/factor" (K, Z, Z); see `planning.fit_prior`."""
    player = Player(_Unsaved("unsaved", config.model_dump(mode="json"), weights))
    rng = np.random.default_rng(0)
    priors = []
    for index in range(len(config.categories)):
        rows = np.flatnonzero(drawings.category == index)
        weight = drawings.weight[rows]
        chosen = rng.choice(rows, FITTED, p=weight / weight.sum())
        priors.append(fit_prior(player.encode([drawings.items[row] for row in chosen])[0]))
    means, factors = zip(*priors, strict=True)
    return {
        "prior/mean": np.stack(means).astype(np.float16),
        "prior/factor": np.stack(factors).astype(np.float16),
    }
