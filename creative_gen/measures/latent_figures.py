"""What is measured of an asset that makes pictures from a latent space, on a set of pictures."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from creative_gen.interface.errors import InvalidAsset, UnknownAsset
from creative_gen.interface.families import AssetFiles
from creative_gen.interface.jobs import Progress
from creative_gen.interface.progress import between
from creative_gen.latent.choosing import chosen_draws
from creative_gen.latent.player import LatentPlayer
from creative_gen.latent.settings import LatentSettings
from creative_gen.measures.picture_features import PictureFeatures, network_values
from creative_gen.measures.report import RealPictures, picture_figures
from creative_gen.media.picture_set import PictureSet, even_rows, read_picture_set
from creative_gen.store.asset import Asset
from creative_gen.store.finder import find_asset, find_assets

JUDGES = "classifier"
"""The family of the assets whose features pictures are compared in."""
MADE = 2000
"""Pictures that are made, at most as many as there are to train on."""
ENCODED = 2000
"""Held-back pictures that are reconstructed, at most."""

Pixels = NDArray[np.uint8]
Labels = NDArray[np.int16]
Floats = NDArray[np.float32]
Figures = dict[str, Any]


def latent_figures(asset: AssetFiles, data: Path) -> Iterator[Progress | Figures]:
    """Measure what an asset makes, and how it reconstructs held-back pictures.

    Args:
        asset: AssetFiles.
        data: Path. The folder of a picture set (`train.npz`, `valid.npz`).

    Yields:
        `Progress`, and at last the figures: "mean", of all, "categories", the share of what was
        made of each that is named as it, beside that of real ones, and "offered".

    Raises:
        MediaError: the set cannot be read.
        UnknownAsset: there is no classifier of such pictures.
    """
    player = LatentPlayer(asset)
    training, held_back = (read_picture_set(data / f"{split}.npz") for split in ("train", "valid"))
    judge, knows = judge_of(player.settings)
    measured = Measured(player, training, held_back.some(ENCODED), PictureFeatures(judge), knows)
    yield Progress(0.1)
    made, intended = yield from between(measured.made(), 0.1, 0.3)
    rows = yield from picture_figures(
        RealPictures(training, held_back, measured.judge), made, intended if knows else None
    )
    remade = measured.remade() if player.settings.refinements else None
    yield Progress(0.9)
    yield measured.figures(rows, made, intended, remade)


def judge_of(settings: LatentSettings) -> tuple[Asset, bool]:
    """The classifier of such pictures, and whether it knows the same classes.

    Raises:
        UnknownAsset: none is installed.
    """
    found = filter(None, map(_sound, sorted(find_assets())))
    judges = [one for one in found if one.card.family == JUDGES]
    same = ("side", "channels")
    judges = [
        one for one in judges if all(one.settings[key] == getattr(settings, key) for key in same)
    ]
    if not judges:
        raise UnknownAsset(
            f"No classifier of {settings.side} px pictures with {settings.channels} channels is "
            "installed, and made pictures are compared in the features of one.",
            "Train one: creative-gen train classifier.",
        )
    known = [one for one in judges if tuple(one.settings["classes"]) == settings.classes]
    return (known or judges)[0], bool(known)


@dataclass(frozen=True, eq=False)
class Measured:
    """What an asset is measured with.

    Args:
        player: LatentPlayer. Of the asset.
        training, held_back: PictureSet. Real pictures.
        judge: PictureFeatures. Of a classifier of such pictures.
        knows: bool. Whether its classes are the asset's.
    """

    player: LatentPlayer
    training: PictureSet
    held_back: PictureSet
    judge: PictureFeatures
    knows: bool

    def made(self) -> Generator[Progress, None, tuple[Pixels, Labels]]:
        """New pictures as the asset makes them by default, classes as often as held-back ones."""
        count = min(MADE, len(self.training))
        labels = self.held_back.labels[even_rows(len(self.held_back), count)]
        one_hot = self.one_hot(labels)
        seeds = np.arange(count, dtype=np.uint64)
        settings = self.player.settings
        draws = chosen_draws(self.player, seeds, one_hot, settings.temperature, settings.tries)
        latent = yield from draws
        return as_pixels(self.player.decode(latent, one_hot)), labels

    def remade(self) -> Pixels:
        """Reconstructions of the held-back pictures."""
        one_hot = self.one_hot(self.held_back.labels)
        latent = self.player.encode(network_values(self.held_back.pictures), one_hot).mean
        return as_pixels(self.player.decode(latent, one_hot))

    def one_hot(self, labels: Labels) -> Floats:
        """Labels as networks take them."""
        count = len(self.player.settings.classes)
        return (
            np.eye(count, dtype=np.float32)[labels] if count else np.zeros((len(labels), 0), "f4")
        )

    def figures(
        self, rows: Figures, made: Pixels, intended: Labels, remade: Pixels | None
    ) -> Figures:
        """All figures; see `latent_figures`."""
        mean: Figures = {"generated": rows}
        if remade is not None:
            error = np.abs(network_values(self.held_back.pictures) - network_values(remade)).mean()
            mean["reconstructed"] = {"mean absolute error": round(float(error), 4)}
        categories: Figures = {}
        if self.knows:
            labels = self.held_back.labels
            real = self.named(self.held_back.pictures, labels)
            shares = {"generated": self.named(made, intended)}
            if remade is not None:
                shares["reconstructed"] = self.named(remade, labels)
            for name, ours in shares.items():
                whole = {"named": ours.mean(), "named / real": ours.mean() / real.mean()}
                told = {key: round(float(value), 4) for key, value in whole.items()}
                mean[name] = mean[name] | told
            for index, category in enumerate(self.training.classes):
                categories[category] = {
                    "named": round(float(shares["generated"][intended == index].mean()), 3),
                    "named real": round(float(real[labels == index].mean()), 3),
                }
        classes = self.player.settings.classes
        return {"mean": mean, "categories": categories, "offered": dict.fromkeys(classes, True)}

    def named(self, pictures: Pixels, labels: Labels) -> NDArray[np.bool_]:
        """Which pictures (N,) are taken for what they are to be."""
        return np.asarray(self.judge.named(pictures) == labels)


def as_pixels(values: Floats) -> Pixels:
    """What networks give as pictures uint8 (N, H, W, C), not premultiplied."""
    pictures = values.transpose(0, 2, 3, 1).copy()
    if pictures.shape[3] == 4:
        pictures[..., :3] /= np.maximum(pictures[..., 3:], 1e-3)
    return np.asarray(np.rint(255 * pictures.clip(0, 1)), np.uint8)


def _sound(name: str) -> Asset | None:
    """The asset, or None if its card cannot be used."""
    try:
        return find_asset(name)
    except InvalidAsset:
        return None
