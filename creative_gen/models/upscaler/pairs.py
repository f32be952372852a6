"""Pairs of a small and a large picture to train on, cut from whole pictures."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from creative_gen.interface.errors import InvalidRequest
from creative_gen.media.bicubic import resize
from creative_gen.media.picture_folder import SUFFIXES, opened_on_white
from creative_gen.models.upscaler.config import Scale
from creative_gen.models.upscaler.degradation import degrade
from creative_gen.models.upscaler.recipe import Source

Pixels = NDArray[np.uint8]
Batch = dict[str, dict[str, NDArray[np.float32]]]

PLACES = 3
"""How many places are looked at for each patch."""

WHOLE = 12
"""Large pictures have sides that are multiples of this, so that every scale divides them."""


@dataclass(frozen=True)
class Pair:
    """A picture, and the small one of each scale that it is to be made from; RGB, 8 bits."""

    large: Pixels
    small: dict[Scale, Pixels]


class Pairs:
    """All pairs of a recipe's sources.

    Args:
        folders: where the pictures of each source are.
        sources: Source. How often pictures are taken from each, in which sizes, and how their
            small ones are made.
        scales: by how much the small ones are to be enlarged.
        patch: int. Side of the smallest small picture that is any use, in pixels.
        seed: int. Chooses pictures and degradations.

    Raises:
        InvalidRequest: a folder has no picture that is large enough.
    """

    def __init__(
        self,
        folders: Sequence[Path],
        sources: Sequence[Source],
        scales: Sequence[Scale],
        patch: int,
        seed: int,
    ) -> None:
        self.scales, self.patch = tuple(scales), patch
        rng = np.random.default_rng(seed)
        self.sources = [
            _pairs(folder, source, self.scales, patch, rng)
            for folder, source in zip(folders, sources, strict=True)
        ]
        weights = np.array([source.weight for source in sources])
        self.chances = weights / weights.sum()
        # A large picture has more to show than a small one.
        self.areas = [
            np.cumsum([pair.large.shape[0] * pair.large.shape[1] for pair in pairs])
            for pairs in self.sources
        ]

    def batches(self, patches: Sequence[int], seed: Sequence[int]) -> Iterator[Batch]:
        """Batches of random patches without end, turned and mirrored at random.

        Args:
            patches: how many of each scale.
            seed: of the choice.

        Yields:
            "small", small patches (count, patch, patch, 3) by "x2" ..., and "large", what they are
            of (count, scale * patch, scale * patch, 3), in [0, 1].
        """
        rng = np.random.default_rng(list(seed))
        while True:
            batch: Batch = {"small": {}, "large": {}}
            for scale, count in zip(self.scales, patches, strict=True):
                if count:
                    cut = [self._cut(scale, rng) for _ in range(count)]
                    batch["small"][f"x{scale}"] = _floats([one for one, _ in cut])
                    batch["large"][f"x{scale}"] = _floats([one for _, one in cut])
            yield batch

    def _cut(self, scale: Scale, rng: np.random.Generator) -> tuple[Pixels, Pixels]:
        source = rng.choice(len(self.sources), p=self.chances)
        ends = self.areas[source]
        pair = self.sources[source][int(np.searchsorted(ends, rng.integers(ends[-1]), "right"))]
        small, side = pair.small[scale], self.patch
        y, x = _detailed_place(small, side, rng)
        turns, mirrored = int(rng.integers(4)), bool(rng.integers(2))
        cut = small[y : y + side, x : x + side]
        whole = pair.large[y * scale : (y + side) * scale, x * scale : (x + side) * scale]
        return _turned(cut, turns, mirrored), _turned(whole, turns, mirrored)


def _detailed_place(picture: Pixels, side: int, rng: np.random.Generator) -> tuple[int, int]:
    """The one of a few random places that has the most detail: skies teach little."""
    places = [
        tuple(int(rng.integers(size - side + 1)) for size in picture.shape[:2])
        for _ in range(PLACES)
    ]
    y, x = max(places, key=lambda place: _detail(picture, place, side))
    return y, x


def _detail(picture: Pixels, place: tuple[int, ...], side: int) -> float:
    y, x = place
    green = picture[y : y + side, x : x + side, 1].astype(np.float32)
    return float(np.abs(np.diff(green, axis=0)).mean() + np.abs(np.diff(green, axis=1)).mean())


def _pairs(
    folder: Path,
    source: Source,
    scales: tuple[Scale, ...],
    patch: int,
    rng: np.random.Generator,
) -> list[Pair]:
    paths = sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)
    if source.limit and len(paths) > source.limit:
        paths = sorted(rng.choice(np.array(paths), source.limit, replace=False).tolist())
    pairs = []
    for path in paths:
        picture = np.asarray(opened_on_white(path))
        for size in source.sizes:
            large = _whole(_shrunk(picture, size))
            if min(large.shape[:2]) >= max(scales) * patch:
                pairs.append(Pair(large, _small(large, source, scales, rng)))
    if not pairs:
        raise InvalidRequest(
            f"'{folder}' has no picture of {max(scales) * patch} x {max(scales) * patch} pixels "
            "or more.",
            "See `creative-gen data`: it makes folders of pictures to train on.",
        )
    return pairs


def _small(
    large: Pixels, source: Source, scales: tuple[Scale, ...], rng: np.random.Generator
) -> dict[Scale, Pixels]:
    names = list(source.degradations)
    weights = np.array(list(source.degradations.values()))
    name = str(rng.choice(np.array(names), p=weights / weights.sum()))
    return {scale: degrade(name, large, scale, rng) for scale in scales}


def _shrunk(picture: Pixels, size: float) -> Pixels:
    if size == 1:
        return picture
    height, width = (max(round(side * size), 1) for side in picture.shape[:2])
    smaller = resize(picture.astype(np.float32), height, width)
    return np.asarray(np.rint(smaller.clip(0, 255)), np.uint8)


def _whole(picture: Pixels) -> Pixels:
    height, width = (side // WHOLE * WHOLE for side in picture.shape[:2])
    return picture[:height, :width]


def _turned(picture: Pixels, turns: int, mirrored: bool) -> Pixels:
    turned = np.rot90(picture, turns)
    return turned[:, ::-1] if mirrored else turned


def _floats(pictures: Sequence[Pixels]) -> NDArray[np.float32]:
    return np.asarray(np.stack(pictures), np.float32) / np.float32(255)
