"""Measures a VAE on pictures that it has not learnt from."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from creative_gen.interface.families import AssetFiles
from creative_gen.interface.jobs import Progress
from creative_gen.latent.player import LatentPlayer
from creative_gen.measures.latent_figures import latent_figures
from creative_gen.media.picture_set import read_picture_set
from creative_gen.models.vae.bounds import posterior_figures
from creative_gen.models.vae.smiling import SMILE, smile_figures

Figures = dict[str, Any]


def evaluate(asset: AssetFiles, data: Path) -> Iterator[Progress | Figures]:
    """Measure what it makes, where it has classes, and what its direction `smile` does.

    Args:
        asset: AssetFiles.
        data: Path. The folder of a picture set (`train.npz`, `valid.npz`).

    Yields:
        `Progress`, and at last the figures; see `measures.latent_figures`.
    """
    player = LatentPlayer(asset)
    held_back = read_picture_set(data / "valid.npz")
    figures: Figures = {"mean": {}, "categories": {}, "offered": {}}
    if player.settings.classes:
        for step in latent_figures(asset, data):
            if isinstance(step, Progress):
                yield Progress(0.8 * step.fraction)
            else:
                figures = step
    figures["mean"] |= posterior_figures(player, held_back)
    if SMILE in player.settings.directions:
        figures["mean"] |= {"smile": smile_figures(player, held_back)}
    yield figures
