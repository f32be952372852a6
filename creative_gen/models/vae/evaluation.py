"""Measures a VAE on pictures that it has not learnt from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from creative_gen.interface.errors import UnknownAsset
from creative_gen.interface.families import AssetFiles
from creative_gen.interface.jobs import Progress
from creative_gen.latent.player import LatentPlayer
from creative_gen.measures.latent_figures import ENCODED, judge_of, latent_figures
from creative_gen.measures.picture_features import network_values
from creative_gen.media.picture_set import PictureSet, read_picture_set
from creative_gen.models.vae.active_units import latent_usage
from creative_gen.models.vae.smiling import SMILE, smile_figures

Figures = dict[str, Any]


def evaluate(asset: AssetFiles, data: Path) -> Iterator[Progress | Figures]:
    """Measure what it makes, if there is a classifier of such pictures, and what `smile` does.

    Args:
        asset: AssetFiles.
        data: Path. The folder of a picture set (`train.npz`, `valid.npz`).

    Yields:
        `Progress`, and at last the figures; see `measures.latent_figures`.
    """
    player = LatentPlayer(asset)
    held_back = read_picture_set(data / "valid.npz")
    figures: Figures = {"mean": {}, "categories": {}, "offered": {}}
    if player.settings.classes and judged(player):
        for step in latent_figures(asset, data):
            if isinstance(step, Progress):
                yield Progress(0.8 * step.fraction)
            else:
                figures = step
    figures["mean"] |= {"latent": usage_figures(player, held_back.some(ENCODED))}
    if SMILE in player.settings.directions:
        figures["mean"] |= {"smile": smile_figures(player, held_back)}
    yield figures


def judged(player: LatentPlayer) -> bool:
    """Whether there is a classifier in whose features the pictures can be compared."""
    try:
        judge_of(player.settings)
    except UnknownAsset:
        return False
    return True


def usage_figures(player: LatentPlayer, held_back: PictureSet) -> dict[str, float]:
    """How much of the latent space held-back pictures use, and how well they come back."""
    classes = len(player.settings.classes)
    labels = np.eye(classes, dtype=np.float32)[held_back.labels] if classes else None
    label = np.zeros((len(held_back), 0), np.float32) if labels is None else labels
    pictures = network_values(held_back.pictures)
    found = player.encode(pictures, label)
    usage = latent_usage(found.mean, found.deviation)
    error = np.abs(player.decode(found.mean, label) - pictures).mean()
    return {
        "units": player.settings.latent,
        "active units": int(usage.active.sum()),
        "kl, nats": round(float(usage.kl.sum()), 2),
        "mean absolute error": round(float(error), 4),
    }
