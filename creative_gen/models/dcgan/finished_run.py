"""Reads what a training run has come to, for export as an asset."""

from __future__ import annotations

from pathlib import Path

import keras
import numpy as np
from numpy.typing import NDArray

from creative_gen.fitting.checkpoint import load_weights
from creative_gen.fitting.finished import ExportFailed, FinishedRun, licence_text, recipe_card
from creative_gen.fitting.latent_arrays import landmark_rows, landmarks
from creative_gen.fitting.picture_batches import as_floats
from creative_gen.interface.errors import InvalidRequest
from creative_gen.interface.families import Exported
from creative_gen.latent.settings import LatentSettings
from creative_gen.media.picture_set import PictureSet, read_picture_set
from creative_gen.models.dcgan.config import DCGANConfig
from creative_gen.models.dcgan.export import decoder_file, encoder_file
from creative_gen.models.dcgan.goals import EncoderTraining
from creative_gen.models.dcgan.recipe import Recipe, read_recipe
from creative_gen.models.dcgan.training import ENCODER, START, trained_generator

GENERATING = ("image.generate",)
ENCODING = ("image.reconstruct", "image.interpolate", "image.edit", "image.map")

Array = NDArray[np.float32]


def export_run(recipe_path: Path, run: Path, data: Path | None = None) -> Exported:
    """The generator of a run, and its encoder with landmarks of the data if it has one.

    Args:
        recipe_path: Path. The recipe that the run was trained by.
        run: Path. The run's folder.
        data: Path. The folder that the recipe's set is in.

    Raises:
        InvalidRequest: the folder is not one of a run, it was cut before its first checkpoint, or
            there is an encoder and the data is not given.
        ExportFailed: the run is one of the paper's reference, which is there to be compared with.
    """
    finished, recipe = FinishedRun(run), read_recipe(recipe_path)
    config, card = finished.config(DCGANConfig), recipe_card(recipe.card, recipe_path)
    if config.style == "paper":
        raise ExportFailed("The paper's networks do not become assets.", "Train style = 'modern'.")
    generator = trained_generator(config, recipe.objective, run)
    networks, weights = {"decoder.onnx": decoder_file(config, generator)}, {}
    minutes, refined = finished.minutes, recipe.objective.encoder_share > 0
    if refined:
        encoding = trained_encoder(config, recipe, generator, run)
        networks["encoder.onnx"] = encoder_file(config, encoding.encoder)
        weights = map_arrays(encoding, _training_set(recipe, data))
        minutes += FinishedRun(run / ENCODER).minutes
    if recipe.objective.start_share:
        minutes += FinishedRun(run / START).minutes
    return Exported(
        networks=networks,
        weights=weights,
        settings=settings(config, recipe, refined).model_dump(mode="json"),
        categories=config.classes,
        tasks=(*GENERATING, *ENCODING) if refined else GENERATING,
        card=card,
        licence_text=licence_text(card),
        minutes=round(minutes, 1),
        seed=finished.seed,
    )


def settings(config: DCGANConfig, recipe: Recipe, refined: bool) -> LatentSettings:
    """How the asset is played."""
    return LatentSettings(
        side=config.side,
        channels=config.channels,
        latent=config.latent,
        classes=config.classes,
        classifies=False,
        refinements=config.refinements if refined else 0,
        **recipe.playing.model_dump(),
    )


def trained_encoder(
    config: DCGANConfig, recipe: Recipe, generator: keras.Model, run: Path
) -> EncoderTraining:
    """The encoder that a run has come to, and the generator that it was trained against."""
    encoding = EncoderTraining(config, recipe.objective, generator)
    encoding.build()
    finished = FinishedRun(run / ENCODER)
    averaged = recipe.objective.average > 0
    load_weights(encoding, finished.averaged_weights if averaged else finished.last_weights)
    return encoding


def map_arrays(encoding: EncoderTraining, pictures: PictureSet) -> dict[str, Array]:
    """The landmarks of an asset: where pictures of its training data lie."""
    rows = landmark_rows(pictures.labels, len(pictures.classes))
    chosen = pictures.chosen(rows)
    labels = np.eye(len(pictures.classes), dtype=np.float32)[chosen.labels]
    latent, _ = encoding.looks(  # type: ignore[no-untyped-call]
        as_floats(chosen.pictures), labels
    )[-1]
    return landmarks(np.asarray(latent), chosen.labels)


def _training_set(recipe: Recipe, data: Path | None) -> PictureSet:
    if data is None:
        raise InvalidRequest(
            "The map of this asset is learnt from its training data.",
            "Say where that is: --train-data FOLDER.",
        )
    return read_picture_set(data / recipe.folder / "train.npz")
