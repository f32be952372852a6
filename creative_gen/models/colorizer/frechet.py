"""Features of pictures in a fixed random network, to measure a Frechet distance in.

Heusel et al. (2017) take the features of Inception, a network of ImageNet. Naeem et al. (2020,
"Reliable fidelity and diversity metrics for generative models", section 4) show that those of
a random network tell distributions apart as well and, off ImageNet, better. The one here looks
at CIELAB at 64 x 64, needs no download and is the same everywhere. Its distances compare with
each other alone, not with distances in other features.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

SIDE: Final = 64
"""Height and width of the pictures that the network looks at."""
WIDTHS: Final = (32, 64, 64)
"""Channels of its layers, 3 x 3 convolutions of stride 2."""
SEED: Final = 2020
_SCALES: Final = np.array([50, 40, 40], np.float32)
"""Divide L* - 50, a* and b*, so that all three matter."""
_AT_ONCE: Final = 32

Float32 = NDArray[np.float32]
Floats = NDArray[np.float64]


def features(lab: Float32) -> Floats:
    """What the network sees of pictures.

    Args:
        lab: float32 (N, 64, 64, 3). CIELAB.

    Returns:
        float64 (N, 64): the mean over the picture of each channel of the last layer.
    """
    batches = (lab[start : start + _AT_ONCE] for start in range(0, len(lab), _AT_ONCE))
    return np.concatenate([_seen(batch) for batch in batches])


def _seen(lab: Float32) -> Floats:
    planes = (lab - np.array([50, 0, 0], np.float32)) / _SCALES
    for kernel, bias in _layers():
        planes = np.maximum(_patches(planes) @ kernel + bias, 0)
    return np.asarray(planes.mean(axis=(1, 2), dtype=np.float64))


def _patches(planes: Float32) -> Float32:
    """The 3 x 3 neighbourhoods at every second pixel: (N, h, w, 9 * channels)."""
    windows = np.lib.stride_tricks.sliding_window_view(planes, (3, 3), axis=(1, 2))
    chosen = windows[:, ::2, ::2]
    return chosen.reshape(*chosen.shape[:3], -1)


@cache
def _layers() -> tuple[tuple[Float32, Float32], ...]:
    return tuple(_drawn_layers(np.random.Generator(np.random.PCG64(SEED))))


def _drawn_layers(rng: np.random.Generator) -> Iterator[tuple[Float32, Float32]]:
    """Kernels and biases, uniform and of He's variance (2015), which keeps the signal's size."""
    channels = 3
    for width in WIDTHS:
        bound = np.sqrt(6 / (9 * channels))
        kernel = bound * (2 * rng.random((9 * channels, width)) - 1)
        bias = 0.5 * (2 * rng.random(width) - 1)
        yield kernel.astype(np.float32), bias.astype(np.float32)
        channels = width
