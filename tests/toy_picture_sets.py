"""Sets of small pictures drawn by code: discs and bars, whose place and size are known."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from creative_gen.media.picture_set import PictureSet, picture_set_bytes

SIDE = 12
CLASSES = ("disc", "bar")

Floats = NDArray[np.float64]


def toy_set(
    count: int, seed: int = 0, channels: int = 1, side: int = SIDE, named: bool = True
) -> PictureSet:
    """Discs and bars by turns, with smooth edges.

    The attributes are "size", the radius of a disc and half the height of a bar, in pixels, and
    "across", how far right of the middle the shape is.

    Args:
        count: how many.
        seed: of their places, sizes and colours.
        channels: 1 and 3 are on white paper; 4 is transparent around the shape.
        side: of a picture, in pixels.
        named: whether discs and bars are two classes, or all are of one.
    """
    random = np.random.default_rng(seed)
    labels = (np.arange(count) % len(CLASSES)).astype(np.int16)
    sizes = random.uniform(0.18, 0.36, count) * side
    across, down = random.uniform(-0.1, 0.1, (2, count)) * side
    ink = _ink(side, labels, sizes, across, down)[..., None]
    colors = random.uniform(0, 0.8, (count, 1, 1, 1 if channels == 1 else 3))
    colors = np.zeros_like(colors) if channels == 1 else colors
    if channels == 4:
        pictures = np.concatenate([np.broadcast_to(colors, (*ink.shape[:3], 3)), ink], axis=3)
    else:
        pictures = 1 - ink * (1 - colors)
    return PictureSet(
        np.rint(255 * pictures).astype(np.uint8),
        labels if named else np.zeros_like(labels),
        CLASSES if named else ("shape",),
        {"size": sizes.astype(np.float32), "across": across.astype(np.float32)},
    )


def write_toy_set(folder: Path, channels: int = 1, side: int = SIDE, named: bool = True) -> Path:
    """Write `train.npz` and `valid.npz` into a new folder, and return it."""
    folder.mkdir(parents=True)
    for seed, (split, count) in enumerate({"train": 200, "valid": 40}.items()):
        content = picture_set_bytes(toy_set(count, seed, channels, side, named))
        (folder / f"{split}.npz").write_bytes(content)
    return folder


def write_toy_sets(data: Path) -> Path:
    """Write four sets: `toys` (grey), `shapes` (grey, one class), `colors` and `sprites`."""
    for name, channels in (("toys", 1), ("colors", 3), ("sprites", 4)):
        write_toy_set(data / name, channels)
    write_toy_set(data / "shapes", named=False)
    return data


def _ink(
    side: int, labels: NDArray[np.int16], sizes: Floats, across: Floats, down: Floats
) -> Floats:
    """How much of each pixel (N, side, side) is covered."""
    places = np.arange(side) - (side - 1) / 2
    x = places[None, None, :] - across[:, None, None]
    y = places[None, :, None] - down[:, None, None]
    size = sizes[:, None, None]
    disc = size - np.hypot(x, y)
    bar = np.minimum(size - np.abs(y), size / 3 - np.abs(x))
    inside = np.where(labels[:, None, None] == 0, disc, bar)
    return np.clip(inside + 0.5, 0, 1)
