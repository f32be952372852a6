"""Reads what a training run has come to, for export as an asset."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from creative_gen.interface.errors import InvalidRequest
from creative_gen.interface.families import Exported
from creative_gen.models.sketch_rnn.checkpoint import load_weights, seed_of
from creative_gen.models.sketch_rnn.config import SketchRNNConfig
from creative_gen.models.sketch_rnn.export import asset_weights
from creative_gen.models.sketch_rnn.network import SketchRNN
from creative_gen.models.sketch_rnn.recipe import read_recipe

LICENCE = """The weights in this folder are licensed under {licence}.

They were made from the following data:

{data}
"""


def export_run(recipe_path: Path, run: Path) -> Exported:
    """The best weights of a run, rounded as an asset keeps them.

    Raises:
        InvalidRequest: the folder is not one of a run, or the run has not been validated yet.
    """
    for name in ("config.json", "best.npz", "checkpoint.npz"):
        if not (run / name).is_file():
            raise InvalidRequest(
                f"'{run}' has no {name}.", "Give the --run folder of creative-gen train."
            )
    recipe = read_recipe(recipe_path)
    config = SketchRNNConfig.model_validate_json((run / "config.json").read_text("utf-8"))
    if recipe.card is None:
        raise InvalidRequest(
            f"The recipe {recipe_path} does not say what the card is to say.",
            "Add a [card] with title, description, version, licence and [[card.data]].",
        )
    if recipe.network.categories != config.categories:
        raise InvalidRequest(
            f"The recipe and the run in '{run}' have other categories.",
            "Give the recipe that the run was trained by.",
        )
    model = SketchRNN(config)
    model.build()
    with np.load(run / "best.npz", allow_pickle=False) as arrays:
        load_weights(model, dict(arrays))
    with np.load(run / "checkpoint.npz", allow_pickle=False) as arrays:
        seconds = float(arrays["progress"][0])
    lines = [f"- {one.name}: {one.licence}. {one.attribution}." for one in recipe.card.data]
    return Exported(
        weights=asset_weights(model),
        settings=config.model_dump(mode="json"),
        categories=config.categories,
        tasks=config.tasks,
        card=recipe.card,
        licence_text=LICENCE.format(licence=recipe.card.licence, data="\n".join(lines)),
        minutes=round(seconds / 60, 1),
        seed=seed_of(run),
    )
