"""Pictures to learn colours from: loads them small, and makes batches with hints."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from creative_gen.interface.errors import InvalidRequest
from creative_gen.media.color_space import srgb_to_lab
from creative_gen.media.picture_folder import opened_on_white
from creative_gen.models.colorizer.config import ColorizerConfig
from creative_gen.models.colorizer.hint_sampling import fills, hints_for
from creative_gen.models.colorizer.objective import Objective
from creative_gen.models.colorizer.palettes import line_palette, nearest, tone_palette
from creative_gen.models.colorizer.recipe import Source
from creative_gen.models.colorizer.spreading import spread_hints

Pixels = NDArray[np.uint8]
Float = NDArray[np.float32]
Batch = dict[str, NDArray[np.float32] | NDArray[np.int32]]

ROOM = 9 / 8
"""How much larger pictures are kept than the network sees them, for crops."""

SMALLEST_CROP = 0.3
"""Of a picture's shorter side."""

PAPER = 90.0
"""L* above which a pixel of a line drawing is paper, and its colouring a fill."""

FEWEST_RECOLORED = 3
"""Hints that a picture needs so that its hues may be turned."""


@dataclass(frozen=True)
class Pictures:
    """The pictures of a source: RGB (N, S, S, 3), and L* of their line drawings (N, S, S)."""

    colors: Pixels
    drawings: Pixels | None

    def __len__(self) -> int:
        return len(self.colors)


def load_source(folder: Path, source: Source, side: int, rng: np.random.Generator) -> Pictures:
    """Load a source's pictures, squares of `side` pixels.

    Raises:
        InvalidRequest: there is none.
    """
    names = folder / "colors" if source.lines else folder
    paths = sorted(names.glob("*.png"))
    if not paths:
        raise InvalidRequest(
            f"'{names}' has no .png pictures.",
            "See `creative-gen data`: it makes folders of pictures to train on.",
        )
    if source.lines:
        colors = np.stack([_fitted(path, side) for path in paths])
        drawn = [_fitted(folder / "lines" / path.name, side) for path in paths]
        # The mean of the channels is near enough for black lines.
        return Pictures(colors, np.stack(drawn).mean(axis=-1).round().astype(np.uint8))
    if source.crops:
        crops = [crop for path in paths for crop in _crops(path, source.crops, side, rng)]
        return Pictures(np.stack(crops), None)
    return Pictures(np.stack([_fitted(path, side) for path in paths]), None)


class Batches:
    """Batches of a recipe's sources.

    Args:
        folders: where the pictures of each source are.
        sources: Source. What they are, and how often pictures are taken from each.
        config: ColorizerConfig.
        seed: int. Chooses crops.

    Raises:
        InvalidRequest: a folder has no pictures.
    """

    def __init__(
        self,
        folders: Sequence[Path],
        sources: Sequence[Source],
        config: ColorizerConfig,
        seed: int,
    ) -> None:
        rng = np.random.default_rng(seed)
        self.size, side = config.size, round(config.size * ROOM)
        self.sources = [
            load_source(folder, source, side, rng)
            for folder, source in zip(folders, sources, strict=True)
        ]
        weights = np.array([source.weight for source in sources])
        self.chances = weights / weights.sum()
        self.tones = tone_palette(config.tone_spacing)
        self.fills = line_palette(config.line_spacing)

    def draw(self, goal: Objective, seed: Sequence[int]) -> Iterator[Batch]:
        """Random batches without end; see `goals.ColorizerTraining` for what is in them."""
        rng = np.random.default_rng(list(seed))
        while True:
            yield self._batch(goal, rng)

    def _batch(self, goal: Objective, rng: np.random.Generator) -> Batch:
        cut = [self._cut(rng) for _ in range(goal.batch)]
        lab = srgb_to_lab(_floats(np.stack([colors for colors, _ in cut])))
        lines = np.array([drawing is not None for _, drawing in cut])
        counts = _hint_counts(goal, len(cut), rng)
        turned = (counts >= FEWEST_RECOLORED) & (rng.random(len(cut)) < goal.recolored)
        lab[turned] = _turned_hues(lab[turned], rng)
        lightness = lab[..., 0].copy()
        for i, (_, drawing) in enumerate(cut):
            if drawing is not None:
                lightness[i] = drawing.astype(np.float32) * (100 / 255)
        paper = np.where(lines[:, None, None], lightness > PAPER, True)
        # Hints of drawings are put on fills, now and then on the paper around them.
        wanted = fills(lab, lightness) | (rng.random((len(cut), 1, 1)) < 0.3)
        wanted &= paper
        hints = hints_for(rng, lab, counts, wanted)
        told = np.concatenate([hints, spread_hints(lightness, hints)], axis=-1)
        color, share = _cell_means(lab, paper, 2)
        cell, cell_share = _cell_means(lab, paper, 4)
        classes = np.where(
            lines[:, None, None],
            nearest(self.fills, cell),
            nearest(self.tones, cell[..., 1:]),
        )
        return {
            "lightness": (lightness / 50 - 1)[..., None],
            "hints": told,
            "lines": lines.astype(np.float32)[:, None],
            "color": color / np.array([50, 110, 110], np.float32) - np.array([1, 0, 0], np.float32),
            "share": share[..., None],
            "classes": classes.astype(np.int32),
            "class_share": cell_share,
        }

    def _cut(self, rng: np.random.Generator) -> tuple[Pixels, Pixels | None]:
        pictures = self.sources[rng.choice(len(self.sources), p=self.chances)]
        index = int(rng.integers(len(pictures)))
        room = pictures.colors.shape[1] - self.size
        y, x = (int(rng.integers(room + 1)) for _ in range(2))
        step = -1 if rng.integers(2) else 1
        place = slice(y, y + self.size), slice(x, x + self.size)
        colors = pictures.colors[index][place][:, ::step]
        if pictures.drawings is None:
            return colors, None
        # Pencils are paler than ink.
        faded = 255 - rng.uniform(0.6, 1.0) * (255.0 - pictures.drawings[index][place][:, ::step])
        return colors, faded.astype(np.uint8)

    def mean_color(self) -> tuple[float, float]:
        """The mean a* and b* of a picture that is learnt as tones; 0 if there are none."""
        total, seen = np.zeros(2), 0.0
        for chance, pictures in zip(self.chances, self.sources, strict=True):
            if pictures.drawings is None:
                some = pictures.colors[:: max(len(pictures) // 200, 1)]
                total += chance * srgb_to_lab(_floats(some))[..., 1:].mean(axis=(0, 1, 2))
                seen += chance
        a, b = total / max(seen, 1e-6)
        return float(round(a, 2)), float(round(b, 2))

    def class_weights(self, goal: Objective, seed: int, batches: int = 50) -> tuple[Float, Float]:
        """The weights (K,) of the tones' and the fills' palettes, rarer colours more.

        Zhang et al. (2016), equation 4: the inverse of the prior mixed with a uniform one, with a
        mean of 1 under the prior.
        """
        counts = np.zeros(len(self.tones)), np.zeros(len(self.fills))
        seen = self.draw(goal, [seed, 1])
        for _ in range(batches):
            batch = next(seen)
            for mode, count in enumerate(counts):
                rows = batch["lines"][:, 0] == mode
                shares = batch["class_share"][rows].ravel()
                found = batch["classes"][rows].ravel().astype(np.int64)
                count += np.bincount(found, shares, len(count))
        tones, fills_ = (_rarity(count, goal.rebalancing) for count in counts)
        return tones, fills_


def _rarity(count: NDArray[np.float64], share: float) -> Float:
    if not count.any():
        return np.ones(len(count), np.float32)
    prior = count / count.sum()
    weights = 1 / ((1 - share) + share * prior * len(prior))
    return np.asarray(weights / (weights * prior).sum(), np.float32)


def _hint_counts(goal: Objective, count: int, rng: np.random.Generator) -> NDArray[np.int64]:
    drawn = np.floor((goal.most_hints + 1) ** rng.random(count)).astype(np.int64)
    return np.where(rng.random(count) < goal.unhinted, 0, drawn)


def _turned_hues(lab: Float, rng: np.random.Generator) -> Float:
    angles = rng.uniform(0, 2 * np.pi, (len(lab), 1, 1)).astype(np.float32)
    a, b = lab[..., 1], lab[..., 2]
    cos, sin = np.cos(angles), np.sin(angles)
    return np.stack([lab[..., 0], cos * a - sin * b, sin * a + cos * b], -1)


def _cell_means(lab: Float, counted: NDArray[np.bool_], side: int) -> tuple[Float, Float]:
    """Mean colours of cells over the pixels that count, and the share of these."""
    n, height, width = counted.shape
    cells = n, height // side, side, width // side, side
    weights = counted.astype(np.float32).reshape(cells)
    share = weights.mean(axis=(2, 4))
    total = (lab.reshape(*cells, 3) * weights[..., None]).mean(axis=(2, 4))
    return total / np.maximum(share, 1e-6)[..., None], share


def _floats(pixels: Pixels) -> Float:
    return np.asarray(pixels, np.float32) / np.float32(255)


def _fitted(path: Path, side: int) -> Pixels:
    """A whole picture in the middle of a white square."""
    picture = opened_on_white(path)
    scale = side / max(picture.size)
    width, height = (max(round(length * scale), 1) for length in picture.size)
    square = Image.new("RGB", (side, side), "white")
    resized = picture.resize((width, height), Image.Resampling.LANCZOS)
    square.paste(resized, ((side - width) // 2, (side - height) // 2))
    return np.asarray(square)


def _crops(path: Path, count: int, side: int, rng: np.random.Generator) -> Iterator[Pixels]:
    picture = opened_on_white(path)
    for _ in range(count):
        length = round(min(picture.size) * rng.uniform(SMALLEST_CROP, 1.0))
        x, y = (int(rng.integers(size - length + 1)) for size in picture.size)
        box = x, y, x + length, y + length
        yield np.asarray(picture.resize((side, side), Image.Resampling.LANCZOS, box))
