"""Measures a colorizer on pictures whose colours are known, beside simpler ways to colour them."""

from __future__ import annotations

import math
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from creative_gen.interface.errors import InvalidMedia
from creative_gen.interface.families import AssetFiles
from creative_gen.interface.image_options import ColorizeOptions
from creative_gen.interface.jobs import Progress, Request
from creative_gen.media.color_difference import ciede2000
from creative_gen.media.color_space import srgb_to_lab, with_lightness
from creative_gen.media.colorfulness import colorfulness
from creative_gen.media.image import Image
from creative_gen.models.colorizer.baselines import class_mean, mean_color, painted
from creative_gen.models.colorizer.examples import Example, example_paths, hint_image, read_example
from creative_gen.models.colorizer.generator import ColorizerGenerator
from creative_gen.models.colorizer.likeness import Likeness

HINTS = (0, 1, 10, 50)
COLORLESS = 5.0
"""Pictures less colourful than this (Hasler and Suesstrunk) are grey already and are left out."""
PIECES = 256
"""Of so many pieces of pictures a Frechet distance is made, if there are fewer pictures."""
SEED = 4
FIRST = 0.05
"""The share of the work that looks for pictures with colours."""
TRUE = "true"
WAYS = 5 + len(HINTS)

Float = NDArray[np.float32]
Pair = tuple[Path, Path | None]


def evaluate(asset: AssetFiles, data: Path) -> Iterator[Progress | dict[str, Any]]:
    """How near colourings come to the true ones with 0, 1, 10 and 50 hints of these.

    Args:
        asset: AssetFiles. What to measure.
        data: Path. Pictures that are made grey, or pairs of line drawings and colourings; see
            `examples.example_paths`.

    Yields:
        `Progress`, and at last the figures. "mean" has a row for each way to colour: "true";
        "grey", as the picture was given; "one color", the mean of these very pictures, than which
        no other is nearer to them all; "class mean", what the network decodes to as in Zhang et
        al. (2016); the likeliest colours with 0, 1, 10 and 50 hints; and "drawn", one as varied
        as the default temperature gives, without hints. Columns: `psnr` of RGB in dB;
        `ciede2000`, the mean over pixels; `colorfulness` (Hasler and Suesstrunk, 2003) and its
        `ratio` to that of the true pictures; `frechet`, the distance from these as a set (see
        `frechet`); `hints_95` and `hints_most`, the 95th percentile and the largest CIEDE2000
        between hints and what became of them.

    Raises:
        InvalidMedia: no picture has colours.
    """
    paths, color = yield from _colored(data)
    colorings = Colorings(asset, color)
    grid = math.ceil(math.sqrt(PIECES / len(paths)))
    ways: dict[str, Likeness] = {}
    for index, pair in enumerate(paths):
        example = read_example(*pair)
        for done, (name, made, hints) in enumerate(colorings.of(example, index), 1):
            way = ways.setdefault(name, Likeness(grid))
            way.add(made, example.true)
            if hints is not None:
                way.deviations.append(deviations(example, made, hints))
            yield Progress(FIRST + (1 - FIRST) * (index + done / WAYS) / len(paths))
    figures = {name: way.figures(ways[TRUE]) for name, way in ways.items()}
    yield {
        "asset": asset.name,
        "pictures": len(paths),
        "mode": example.mode,
        "mean": figures,
        "categories": {},
        "offered": {},
    }


def _colored(data: Path) -> Generator[Progress, None, tuple[list[Pair], Float]]:
    """Yields while it looks for pictures with colours; returns these and their mean colour."""
    pairs, colored, means = example_paths(data), [], []
    for index, pair in enumerate(pairs):
        yield Progress(FIRST * index / len(pairs))
        example = read_example(*pair)
        if colorfulness(example.true) >= COLORLESS:
            colored.append(pair)
            means.append(mean_color(example))
    if not colored:
        raise InvalidMedia(f"The pictures in '{data}' have no colours.", "Give coloured ones.")
    return colored, np.mean(means, axis=0, dtype=np.float32)


class Colorings:
    """All ways to colour a picture.

    Args:
        asset: AssetFiles. A colorizer's.
        color: (3,). CIELAB of the one colour for all.
    """

    def __init__(self, asset: AssetFiles, color: Float) -> None:
        self.generator = ColorizerGenerator(asset)
        self.color = color

    def of(self, example: Example, index: int) -> Iterator[tuple[str, Float, Float | None]]:
        """Each way's name, the colouring (H, W, 3), and the hint map (H, W, 4) if there are any."""
        yield TRUE, example.true, None
        yield "grey", example.given.rgb(), None
        yield "one color", painted(example, self.color), None
        yield "class mean", class_mean(self.generator.player, example), None
        for count in HINTS:
            hints = example.hints(count, [SEED, index]) if count else None
            yield f"{count} hints", self.made(example, hints), hints
        yield "drawn", self.made(example, None, temperature=None, seed=index), None

    def made(
        self, example: Example, hints: Float | None, temperature: float | None = 0.0, seed: int = 0
    ) -> Float:
        """What `image.colorize` makes of a picture."""
        options = ColorizeOptions(mode=example.mode, temperature=temperature, seed=seed)
        inputs = {"image": example.given}
        if hints is not None:
            inputs["hints"] = hint_image(hints)
        *_, outputs = self.generator.run(Request("image.colorize", inputs, options))
        assert isinstance(outputs, tuple) and isinstance(outputs[0].value, Image)
        return outputs[0].value.rgb()


def deviations(example: Example, made: Float, hints: Float) -> NDArray[np.float64]:
    """CIEDE2000 (P,) between hints and the colours they led to, of each hinted pixel.

    A grey picture keeps its own lightness: what is asked for is the hint's colour at that, as far
    as sRGB has it. A line drawing's hints are seen below its lines.
    """
    at = hints[..., 3] > 0
    asked = hint_image(hints).rgb()[at]
    if example.mode == "tones":
        levels = with_lightness(srgb_to_lab(asked)[:, 1:], example.given.pixels[at, 0])
        asked = np.asarray(levels / 255, np.float32)
    else:
        asked = asked * example.given.rgb()[at]
    return ciede2000(srgb_to_lab(asked), srgb_to_lab(made[at]))
