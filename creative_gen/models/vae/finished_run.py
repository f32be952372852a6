"""Reads what a training run has come to, for export as an asset."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from creative_gen.fitting.checkpoint import load_weights
from creative_gen.fitting.finished import FinishedRun, licence_text, recipe_card
from creative_gen.fitting.latent_arrays import direction, landmark_rows, landmarks
from creative_gen.fitting.latent_prior import prior
from creative_gen.fitting.picture_batches import Augmentation, PictureBatches
from creative_gen.interface.errors import InvalidRequest
from creative_gen.interface.families import Exported
from creative_gen.latent.settings import LatentSettings
from creative_gen.media.picture_set import PictureSet, read_picture_set
from creative_gen.models.vae.config import VAEConfig
from creative_gen.models.vae.export import asset_networks
from creative_gen.models.vae.network import VAE
from creative_gen.models.vae.recipe import Recipe, read_recipe
from creative_gen.models.vae.training import known_attribute

TASKS = ("generate", "reconstruct", "interpolate", "edit", "map")

Array = NDArray[np.float32]


def export_run(recipe_path: Path, run: Path, data: Path | None = None) -> Exported:
    """The best weights of a run, and directions and landmarks of its training data.

    Args:
        recipe_path: Path. The recipe that the run was trained by.
        run: Path. The run's folder.
        data: Path. The folder that the recipe's set is in.

    Raises:
        InvalidRequest: the folder is not one of a run, the run has not been validated yet, or the
            data is not given.
        MediaError: the set cannot be read.
    """
    finished, recipe = FinishedRun(run), read_recipe(recipe_path)
    config, card = finished.config(VAEConfig), recipe_card(recipe.card, recipe_path)
    model = VAE(config)
    model.build()
    load_weights(model, finished.best_weights)
    weights = latent_arrays(model, recipe, _training_set(recipe, data))
    classified = ("image.classify",) if config.classes else ()
    return Exported(
        networks=asset_networks(model),
        weights=weights,
        settings=settings(config, recipe).model_dump(mode="json"),
        categories=config.classes,
        tasks=(*(f"image.{verb}" for verb in TASKS), *classified),
        card=card,
        licence_text=licence_text(card),
        minutes=finished.minutes,
        seed=finished.seed,
    )


def settings(config: VAEConfig, recipe: Recipe) -> LatentSettings:
    """How the asset is played."""
    return LatentSettings(
        side=config.side,
        channels=config.channels,
        latent=config.latent,
        classes=config.classes,
        directions=tuple(one.attribute for one in recipe.directions),
        **recipe.playing.model_dump(),
    )


def latent_arrays(model: VAE, recipe: Recipe, pictures: PictureSet) -> dict[str, NDArray[Any]]:
    """The prior, the directions and the landmarks of an asset."""
    latents, classes = encoded(model, pictures), max(len(model.config.classes), 1)
    # What is not conditional knows of no classes, even if the set has some.
    labels = pictures.labels if model.config.classes else np.zeros_like(pictures.labels)
    rows = landmark_rows(labels, classes)
    arrays: dict[str, NDArray[Any]] = {
        **landmarks(latents.mean[rows], labels[rows]),
        **prior(latents.drawn(), labels, classes),
    }
    for one in recipe.directions:
        for name in (one.attribute, *one.unchanged):
            known_attribute(pictures, name)
        step = direction(latents.mean, pictures.attributes, one.attribute, one.unchanged)
        arrays[f"direction.{one.attribute}"] = step * natural_spread(
            recipe, pictures, one.attribute
        )
    return arrays


def natural_spread(recipe: Recipe, pictures: PictureSet, name: str) -> np.float32:
    """How much an attribute differs between pictures that were not made of others, by all.

    Faces are bent to smile and frown more than anyone draws them, so that a step of their standard
    deviation would soon leave what is known.
    """
    values = known_attribute(pictures, name)
    if not recipe.twins:
        return np.float32(1)
    original = np.isnan(known_attribute(pictures, recipe.twins))
    return np.float32(np.nanstd(values[original]) / np.nanstd(values))


@dataclass(frozen=True)
class Posteriors:
    """Where pictures lie: the means and the standard deviations (N, Z) of their posteriors."""

    mean: Array
    deviation: Array

    def drawn(self, seed: int = 0) -> Array:
        """A vector (N, Z) of each."""
        noise = np.random.default_rng(seed).standard_normal(self.mean.shape, np.float32)
        return self.mean + self.deviation * noise


def encoded(model: VAE, pictures: PictureSet, at_once: int = 256) -> Posteriors:
    """The posteriors of a set's pictures."""
    batches = PictureBatches(pictures, Augmentation()).once(at_once)
    found = [model.encoder(batch["picture"], batch["label"]) for batch in batches]
    mean, log_variance = (
        np.concatenate([np.asarray(part) for part in parts]) for parts in zip(*found, strict=True)
    )
    return Posteriors(mean, np.exp(0.5 * log_variance))


def _training_set(recipe: Recipe, data: Path | None) -> PictureSet:
    if data is None:
        raise InvalidRequest(
            "The map and the directions of this asset are learnt from its training data.",
            "Say where that is: --train-data FOLDER.",
        )
    return read_picture_set(data / recipe.folder / "train.npz")
