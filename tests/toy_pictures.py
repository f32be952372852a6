"""Pictures for tests, drawn in code: the same seed gives the same picture at any size."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

Pixels = NDArray[np.uint8]

FILLS = ["#e4572e", "#29335c", "#f3a712", "#669bbc", "#a8c686", "#b56bb0", "#f7d6bf", "#3f784c"]
_OVERSAMPLING = 4


def photo(height: int = 96, width: int = 128, seed: int = 0) -> Pixels:
    """A scene with a sky, a sun, hills and grass: uint8 (height, width, 3), no flat areas."""
    random = np.random.default_rng(seed)
    y, x = np.mgrid[: float(height), : float(width)]
    y, x = (y + 0.5) / height, (x + 0.5) / width
    sun = np.exp(-30 * ((x - random.uniform(0.2, 0.8)) ** 2 + (y - 0.2) ** 2))[..., None]
    sky = _mixed([0.25, 0.45, 0.85], [0.85, 0.85, 0.8], y) + sun * [0.7, 0.5, 0.1]
    horizon = 0.55 + 0.08 * np.sin(7 * x + random.uniform(0, 6)) + 0.03 * np.sin(23 * x)
    ground = _mixed([0.45, 0.5, 0.25], [0.15, 0.3, 0.08], (y - horizon) / 0.45)
    ground *= (0.9 + 0.12 * np.sin(90 * x + 40 * y) * np.sin(70 * y))[..., None]
    scene = np.where((y > horizon)[..., None], ground, sky)
    scene += random.normal(0, 0.01, (height, width, 1))
    return np.round(255 * scene.clip(0, 1)).astype(np.uint8)


def clip_art(side: int = 96, seed: int = 0) -> Pixels:
    """Flat shapes with sharp edges on white: uint8 (side, side, 3)."""
    return _drawing(side, seed, lines=False, fills=True)


def line_drawing(side: int = 96, seed: int = 0) -> Pixels:
    """Black outlines on white: uint8 (side, side, 3), a drawing that `colored` fills."""
    return _drawing(side, seed, lines=True, fills=False)


def colored(side: int = 96, seed: int = 0) -> Pixels:
    """The coloured picture of the same `line_drawing`: uint8 (side, side, 3)."""
    return _drawing(side, seed, lines=True, fills=True)


def tile(side: int = 16, seed: int = 0) -> Pixels:
    """A sprite as games have them: uint8 (side, side, 4), few colours, alpha 0 or 255.

    What cannot be seen is magenta, as old tiles have it: it must not bleed into what can.
    """
    random = np.random.default_rng(seed)
    y, x = np.mgrid[:side, :side]
    inside = (x - side / 2 + 0.5) ** 2 + (y - side / 2 + 0.5) ** 2 < (0.45 * side) ** 2
    colors = random.integers(0, 256, (4, 3))
    cells = random.integers(0, 4, (4, 4))[y * 4 // side, x * 4 // side]
    pixels = np.full((side, side, 4), (255, 0, 255, 0), np.uint8)
    pixels[inside, :3] = colors[cells[inside]]
    pixels[inside, 3] = 255
    return pixels


def hints(height: int = 96, width: int = 96) -> Pixels:
    """Two strokes of colour, red above and blue below, on nothing: uint8 (height, width, 4)."""
    image = Image.new("RGBA", (width, height))
    pen = ImageDraw.Draw(image)
    for part, color in ((0.3, "#c83020"), (0.7, "#2848c0")):
        box = (0.25 * width, part * height, 0.6 * width, (part + 0.08) * height)
        pen.rectangle([round(place) for place in box], fill=color)
    return np.array(image)


def _mixed(first: list[float], last: list[float], share: NDArray[np.float64]) -> NDArray:
    share = share.clip(0, 1)[..., None]
    return (1 - share) * first + share * last


def _drawing(side: int, seed: int, lines: bool, fills: bool) -> Pixels:
    """A head with ears, eyes and a mouth, somewhere near the middle."""
    random = np.random.default_rng(seed)
    large = side * _OVERSAMPLING
    image = Image.new("RGB", (large, large), "white")
    pen = ImageDraw.Draw(image)
    colors = random.permutation(FILLS)
    x, y, radius = random.uniform([0.4, 0.45, 0.25], [0.6, 0.6, 0.36]) * large
    ear = 0.45 * radius

    def disc(dx: float, dy: float, size: float, color: str) -> None:
        box = [x + dx - size, y + dy - size, x + dx + size, y + dy + size]
        ink = "black" if lines else None
        pen.ellipse(box, color if fills else "white", ink, max(large // 64, 1))

    for ear_side in (-1, 1):
        disc(ear_side * 0.8 * radius, -0.8 * radius, ear, colors[0])
    disc(0, 0, radius, colors[1])
    for eye_side in (-1, 1):
        disc(eye_side * 0.4 * radius, -0.2 * radius, 0.18 * radius, colors[2])
    disc(0, 0.4 * radius, 0.3 * radius, colors[3])
    return np.array(image.resize((side, side), Image.Resampling.BOX))
