"""What colourings are held against: one colour for all, and the mean of the classes."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from creative_gen.media.bicubic import resize
from creative_gen.media.color_space import lab_to_srgb, lightness, srgb_to_lab, with_lightness
from creative_gen.models.colorizer.examples import Example
from creative_gen.models.colorizer.hint_sampling import BRIGHT
from creative_gen.models.colorizer.player import Player

ANNEALED: Final = 0.38
"""The temperature T that Zhang et al. (2016) choose between the mean and the mode."""

Float = NDArray[np.float32]


def painted(example: Example, lab: Float) -> Float:
    """A picture in other colours: sRGB (H, W, 3) in [0, 1].

    Args:
        example: Example. Grey tones keep their lightness; a line drawing is multiplied by the
            colours, as a layer above them.
        lab: (H, W, 3), or of a shape that broadcasts to it.
    """
    colors = np.broadcast_to(lab, example.true.shape)
    if example.mode == "lines":
        return np.asarray(lab_to_srgb(colors).clip(0, 1) * example.given.rgb(), np.float32)
    pixels = with_lightness(colors[..., 1:], example.given.pixels[..., 0])
    return np.asarray(pixels / 255, np.float32)


def mean_color(example: Example) -> Float:
    """The mean CIELAB colour (3,) of the true picture, off the lines of a drawing."""
    lab = srgb_to_lab(example.true)
    if example.mode == "lines":
        lab = lab[lightness(example.given.rgb()) > BRIGHT]
    return np.asarray(lab.reshape(-1, 3).mean(axis=0), np.float32)


def annealed_mean(logits: Float, palette: Float, temperature: float = ANNEALED) -> Float:
    """The mean of a palette's colours, likely ones more (Zhang et al., 2016, equation 5).

    Args:
        logits: (h, w, K).
        palette: (K, C).
        temperature: float. 1 gives the mean, and next to 0 the likeliest. Defaults to 0.38.

    Returns:
        (h, w, C).
    """
    weights = np.exp((logits - logits.max(axis=-1, keepdims=True)) / temperature)
    return np.asarray(weights @ palette / weights.sum(axis=-1, keepdims=True), np.float32)


def class_mean(player: Player, example: Example) -> Float:
    """A picture in the colours that Zhang et al. (2016) take of a network's classes.

    The network is asked once, without hints; the annealed mean of its classes, a quarter as large
    as what it sees, is enlarged and put on the picture: sRGB (H, W, 3) in [0, 1].
    """
    drawn = example.mode == "lines"
    given = example.given.rgb()
    size = player.size_of(*given.shape[:2])
    # Of a drawing the network sees the ink's share, and of tones how light they look.
    light = 100 * given.mean(axis=2) if drawn else lightness(given)
    seen = resize(light[..., None], *size)[..., 0].clip(0, 100)
    logits = player.predict(seen, np.zeros((*size, 4), np.float32), drawn).logits
    means = annealed_mean(logits, player.line_palette if drawn else player.tone_palette)
    if not drawn:
        means = np.concatenate([np.zeros_like(means[..., :1]), means], axis=-1)
    return painted(example, resize(means, *given.shape[:2]))
