"""How the small picture of a training pair is made from the large one.

`bicubic` is what the benchmarks measure. `box` and `point` are how artists' pictures often come:
averaged by another program, or sampled without any filter, as pixel art is. `scan` is the
first-order degradation of Real-ESRGAN (Wang et al. 2021, equation 1), blur, shrink, noise and
JPEG, with the widths of blur of SRMD (Zhang et al. 2018): from 0.2 to the scale.
"""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from creative_gen.media.bicubic import shrink

Pixels = NDArray[np.uint8]
Floats = NDArray[np.float32]
Degradation = Callable[[Floats, int, np.random.Generator], Floats]

NARROWEST = 0.2
"""The least standard deviation of a scan's blur, in large pixels."""
READ_NOISE = 8.0
SHOT_NOISE = 10.0
"""The most noise of black, and what light adds to white, as standard deviations of 255."""
GRAY_NOISE = 0.4
"""How often the noise of a scan is the same in all channels, as in Real-ESRGAN."""
QUALITY = (40, 95)


def degrade(name: str, large: Pixels, scale: int, rng: np.random.Generator) -> Pixels:
    """Make the small picture of a pair.

    Args:
        name: one of DEGRADATIONS.
        large: uint8 (height, width, 3). Its sides are multiples of `scale`.
        scale: int. How many times smaller the result is.
        rng: Generator. Of what is random; only `scan` draws from it.

    Returns:
        uint8 (height / scale, width / scale, 3).

    Raises:
        ValueError: there is no degradation of this name, or `scale` does not divide a side.
    """
    if name not in DEGRADATIONS:
        raise ValueError(f"'{name}' is not one of {', '.join(DEGRADATIONS)}.")
    height, width = large.shape[:2]
    if height % scale or width % scale:
        raise ValueError(f"{width} x {height} pixels cannot be divided by {scale}.")
    return _rounded(DEGRADATIONS[name](large.astype(np.float32), scale, rng))


def bicubic(large: Floats, scale: int, rng: np.random.Generator) -> Floats:
    """MATLAB's `imresize`, which all benchmarks use."""
    return shrink(large, scale)


def box(large: Floats, scale: int, rng: np.random.Generator) -> Floats:
    """The mean of the large pixels that a small one covers."""
    height, width, channels = large.shape
    cells = large.reshape(height // scale, scale, width // scale, scale, channels)
    return np.asarray(cells.mean(axis=(1, 3)), np.float32)


def point(large: Floats, scale: int, rng: np.random.Generator) -> Floats:
    """The large pixel at a small one's centre, or below and right of it if there are four."""
    return large[scale // 2 :: scale, scale // 2 :: scale]


def scan(large: Floats, scale: int, rng: np.random.Generator) -> Floats:
    """What a scanner or a camera makes: blur, fewer pixels, noise, and JPEG."""
    sharp = shrink(gaussian_blur(large, rng.uniform(NARROWEST, scale)), scale)
    return _jpeg(_rounded(_noisy(sharp, rng)), int(rng.integers(QUALITY[0], QUALITY[1] + 1)))


DEGRADATIONS: dict[str, Degradation] = {
    "bicubic": bicubic,
    "box": box,
    "point": point,
    "scan": scan,
}


def gaussian_blur(pixels: Floats, sigma: float) -> Floats:
    """Blur (height, width, channels); beyond its edges the picture is mirrored.

    Args:
        pixels: float32.
        sigma: float. Standard deviation in pixels; what is further than four times it away
            counts for nothing.
    """
    radius = int(4 * sigma + 0.5)
    weights = np.exp(-0.5 * (np.arange(-radius, radius + 1) / sigma) ** 2)
    weights /= weights.sum()
    for axis in (0, 1):
        size = pixels.shape[axis]
        around = [(radius, radius) if each == axis else (0, 0) for each in range(3)]
        padded = np.moveaxis(np.pad(pixels, around, mode="symmetric"), axis, 0)
        blurred = sum(
            np.float32(weight) * padded[first : first + size]
            for first, weight in enumerate(weights)
        )
        pixels = np.moveaxis(np.asarray(blurred), 0, axis)
    return pixels


def _noisy(pixels: Floats, rng: np.random.Generator) -> Floats:
    """Noise of a sensor, whose variance grows with the light (Foi et al. 2008, equation 1)."""
    read, shot = rng.uniform(0, READ_NOISE), rng.uniform(0, SHOT_NOISE)
    channels = 1 if rng.random() < GRAY_NOISE else pixels.shape[2]
    noise = rng.standard_normal((*pixels.shape[:2], channels), np.float32)
    variance = read**2 + shot**2 * pixels.clip(0, 255) / 255
    return np.asarray(pixels + noise * np.sqrt(variance), np.float32)


def _jpeg(pixels: Pixels, quality: int) -> Floats:
    file = BytesIO()
    Image.fromarray(pixels).save(file, "JPEG", quality=quality)
    with Image.open(file) as image:
        return np.asarray(image, np.float32)


def _rounded(pixels: Floats) -> Pixels:
    return np.asarray(np.rint(pixels.clip(0, 255)), np.uint8)
