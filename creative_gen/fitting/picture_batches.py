"""Batches of a set of pictures for training, each changed a little every time it is seen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field

from creative_gen.fitting.twins import Twins
from creative_gen.media.errors import MediaError
from creative_gen.media.picture_set import HINT, PictureSet, read_picture_set

Floats = NDArray[np.float32]
Batch = dict[str, Floats]

_TO_YIQ = np.array([[0.299, 0.587, 0.114], [0.596, -0.274, -0.322], [0.211, -0.523, 0.312]])


class Augmentation(BaseModel):
    """How much the pictures of a set are changed.

    Args:
        mirror: whether half of them are seen in a mirror.
        turn: degrees that they are turned, at most, either way.
        zoom: how much larger or smaller they are, at most; 0.1 is 10 percent.
        shift: pixels that they are moved, at most, either way and up or down.
        share: of the pictures that are turned, zoomed and moved; that blurs them a little, and
            the others stay as crisp as they are.
        hue: the share whose colours are turned around the grey axis, by any angle.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    mirror: bool = False
    turn: float = Field(0.0, ge=0.0, le=180.0)
    zoom: float = Field(0.0, ge=0.0, lt=1.0)
    shift: float = Field(0.0, ge=0.0)
    share: float = Field(1.0, gt=0.0, le=1.0)
    hue: float = Field(0.0, ge=0.0, le=1.0)

    def changed(self, pictures: Floats, rng: np.random.Generator) -> Floats:
        """Pictures (N, H, W, C) in [0, 1], premultiplied where they are transparent."""
        if self.mirror:
            flipped = rng.random(len(pictures)) < 0.5
            pictures = np.where(flipped[:, None, None, None], pictures[:, :, ::-1], pictures)
        if self.hue and pictures.shape[3] > 1:
            pictures = self._tinted(pictures, rng)
        if not (self.turn or self.zoom or self.shift):
            return pictures
        moved = self._moved(pictures, rng)
        if self.share == 1:
            return moved
        chosen = rng.random(len(pictures)) < self.share
        return np.where(chosen[:, None, None, None], moved, pictures)

    def _tinted(self, pictures: Floats, rng: np.random.Generator) -> Floats:
        angles = rng.uniform(-np.pi, np.pi, len(pictures))
        angles *= rng.random(len(pictures)) < self.hue
        turns = np.zeros((len(pictures), 3, 3))
        turns[:, 0, 0] = 1
        turns[:, 1, 1] = turns[:, 2, 2] = np.cos(angles)
        turns[:, 1, 2] = np.sin(angles)
        turns[:, 2, 1] = -turns[:, 1, 2]
        matrices = np.linalg.inv(_TO_YIQ) @ turns @ _TO_YIQ
        colors = np.einsum("nyxc,ndc->nyxd", pictures[..., :3], matrices.astype(np.float32))
        ceiling = pictures[..., 3:] if pictures.shape[3] == 4 else np.float32(1)
        colors = np.clip(colors, 0, ceiling)
        return np.concatenate([colors, pictures[..., 3:]], axis=3)

    def _moved(self, pictures: Floats, rng: np.random.Generator) -> Floats:
        """Turned, enlarged and moved, by bilinear interpolation; what comes in is paper."""
        count, height, width, channels = pictures.shape
        angle = np.radians(rng.uniform(-self.turn, self.turn, (count, 1, 1)))
        zoom = 1 + rng.uniform(-self.zoom, self.zoom, (count, 1, 1))
        shift = rng.uniform(-self.shift, self.shift, (2, count, 1, 1))
        middle = (height - 1) / 2, (width - 1) / 2
        ys, xs = np.mgrid[:height, :width]
        y, x = ys[None] - middle[0] - shift[0], xs[None] - middle[1] - shift[1]
        rows = (np.cos(angle) * y - np.sin(angle) * x) / zoom + middle[0]
        columns = (np.sin(angle) * y + np.cos(angle) * x) / zoom + middle[1]
        paper = np.float32(0 if channels == 4 else 1)
        padded = np.pad(pictures, ((0, 0), (1, 1), (1, 1), (0, 0)), constant_values=paper).reshape(
            count, -1, channels
        )
        rows = np.clip(rows + 1, 0, height + 0.999)
        columns = np.clip(columns + 1, 0, width + 0.999)
        top, left = rows.astype(np.intp), columns.astype(np.intp)
        down = (rows - top).astype(np.float32)[..., None]
        right = (columns - left).astype(np.float32)[..., None]
        moved = np.zeros_like(pictures)
        for row, share in ((0, 1 - down), (1, down)):
            for column, part in ((0, 1 - right), (1, right)):
                index = (top + row) * (width + 2) + left + column
                pixels = np.take_along_axis(padded, index.reshape(count, -1, 1), axis=1)
                moved += share * part * pixels.reshape(pictures.shape)
        return moved


class PictureBatches:
    """Batches of a set: "picture" (N, H, W, C) in [0, 1] and "label" (N, K), one-hot, float32.

    Pictures with transparency have 4 channels, premultiplied.

    Args:
        pictures: PictureSet. What is trained on, or validated with.
        augmentation: Augmentation.
        by_class: bool. Whether every class is seen as often as every other, rather than every
            picture. Defaults to False.
        binarise: bool. Whether values are drawn as 0 or 1, with the value as the probability:
            each time that a picture is seen, and by `once` the same every time. Defaults to False.
        told: float32 (pictures, A). What else is known of each, which batches have as "told".
            Defaults to nothing.
        twins: (pictures,). The same number for pictures that differ in nothing but what is told,
            NaN for those that have no such twin. Batches have a twin of half of the pictures, which
            is changed as they are, and otherwise the picture itself: "twin" and "twin_told".
            Defaults to nothing.
    """

    def __init__(
        self,
        pictures: PictureSet,
        augmentation: Augmentation,
        by_class: bool = False,
        binarise: bool = False,
        told: Floats | None = None,
        twins: Floats | None = None,
    ) -> None:
        self.set = pictures
        self.augmentation = augmentation
        self.binarise = binarise
        self.told = told
        self.twins = None if twins is None else Twins(twins)
        counts = np.bincount(pictures.labels, minlength=len(pictures.classes))
        weights = 1 / counts[pictures.labels] if by_class else np.ones(len(pictures))
        self.weights = weights / weights.sum()

    def batches(self, size: int, seed: int | list[int]) -> Iterator[Batch]:
        """Endlessly many, drawn with replacement; the same for the same seed."""
        rng = np.random.default_rng(seed)
        while True:
            rows = rng.choice(len(self.set), size, p=self.weights)
            batch = self.rows(rows)
            again = rng.integers(2**63)
            batch["picture"] = self._changed(batch["picture"], again)
            if self.twins is not None:
                twin = self.rows(self.twins.drawn(rows, rng))
                batch["twin"] = self._changed(twin["picture"], again)
                batch["twin_told"] = twin["told"]
            yield batch

    def _changed(self, pictures: Floats, seed: int) -> Floats:
        """As the augmentation changes them; the same way for the same seed."""
        rng = np.random.default_rng(seed)
        return self._drawn(self.augmentation.changed(pictures, rng), rng)

    def once(self, size: int) -> Iterator[Batch]:
        """Every picture once as it is, in order; the last batch may be smaller."""
        rng = np.random.default_rng(0)
        for start in range(0, len(self.set), size):
            batch = self.rows(np.arange(start, min(start + size, len(self.set))))
            batch["picture"] = self._drawn(batch["picture"], rng)
            yield batch

    def _drawn(self, pictures: Floats, rng: np.random.Generator) -> Floats:
        if not self.binarise:
            return pictures
        return (rng.random(pictures.shape, np.float32) < pictures).astype(np.float32)

    def rows(self, rows: NDArray[np.intp]) -> Batch:
        """The pictures of some rows as they are."""
        labels = np.eye(len(self.set.classes), dtype=np.float32)[self.set.labels[rows]]
        batch = {"picture": as_floats(self.set.pictures[rows]), "label": labels}
        return batch if self.told is None else batch | {"told": self.told[rows]}


def as_floats(pictures: NDArray[np.uint8]) -> Floats:
    """Pictures as networks take them: float32 in [0, 1], premultiplied."""
    floats = pictures.astype(np.float32) / 255
    if floats.shape[-1] == 4:
        floats[..., :3] *= floats[..., 3:]
    return floats


def read_splits(folder: Path, side: int, channels: int) -> tuple[PictureSet, PictureSet]:
    """The sets to train on and to validate with, of a folder.

    Args:
        folder: Path. Holds `train.npz` and `valid.npz`.
        side, channels: int. What the pictures have to have.

    Raises:
        MediaError: one cannot be read, its pictures are others, or their classes differ.
    """
    training, validation = (
        read_picture_set(folder / f"{split}.npz") for split in ("train", "valid")
    )
    if training.classes != validation.classes:
        raise MediaError(f"The two sets in '{folder}' have different classes.", HINT)
    for one in (training, validation):
        if one.pictures.shape[1:] != (side, side, channels):
            height, width, found = one.pictures.shape[1:]
            raise MediaError(
                f"The pictures in '{folder}' are {width} x {height} with {found} channels.",
                f"This network takes {side} x {side} with {channels}: make such a set, or change "
                "the recipe's [network].",
            )
    return training, validation
