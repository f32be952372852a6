"""Answers image.colorize with a trained colorizer."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import cast

from creative_gen.interface.errors import UnknownTask
from creative_gen.interface.families import AssetFiles
from creative_gen.interface.image_options import ColorizeOptions
from creative_gen.interface.jobs import Output, Progress, Request, Step
from creative_gen.interface.progress import between
from creative_gen.kernels.random import seeds_from
from creative_gen.media.color_profile import to_srgb
from creative_gen.media.image import Image
from creative_gen.models.colorizer.drawing_or_tones import crops, is_colored, is_line_drawing
from creative_gen.models.colorizer.line_art import LineArt
from creative_gen.models.colorizer.original import Original
from creative_gen.models.colorizer.player import Player
from creative_gen.models.colorizer.sampling import draw
from creative_gen.models.colorizer.strokes import Strokes
from creative_gen.models.colorizer.tones import Tones
from creative_gen.models.colorizer.waiting import patiently

READING = 0.1
"""The share of the work that is done when a picture has been read."""
DRAWING = 0.5
"""The share of a colouring that is done when its colours are drawn."""
LINES_TEMPERATURE = 1.0
TONES_TEMPERATURE = 0.5
"""What is drawn at by default. At 1, photographs come out too colourful: few were learnt from."""


class ColorizerGenerator:
    """Plays a colorizer; see `interface.jobs.Generator`."""

    def __init__(self, asset: AssetFiles) -> None:
        self.player = Player(asset)

    def run(self, request: Request) -> Iterator[Step]:
        """Answer a request with progress and, at last, as many pictures as it asks for."""
        if not isinstance(request.options, ColorizeOptions):
            raise UnknownTask(f"A colorizer does not do {request.task}.", "Choose another asset.")
        image = cast(Image, request.inputs["image"])
        hints = cast("Image | None", request.inputs.get("hints"))
        return self.colorize(image, hints, request.options)

    def colorize(
        self, image: Image, hints: Image | None, options: ColorizeOptions
    ) -> Iterator[Step]:
        """Colour a picture in several ways; hints are in all of them."""
        notes: list[str] = []
        original = Original(to_srgb(image))
        strokes = self._strokes(hints, image, notes)
        samples = crops(original.image)
        colored = is_colored(samples)
        if colored:
            notes.append("The picture is coloured already: its lightness is used.")
        drawing = is_line_drawing(samples) if options.mode == "auto" else options.mode == "lines"
        yield from between(original.read(), 0.0, READING)
        work: Tones | LineArt = yield from patiently(
            lambda: (
                LineArt(original, self.player, strokes, gray=colored)
                if drawing
                else Tones(original, self.player, strokes)
            ),
            READING,
        )
        if strokes is not None and not work.hints[..., 3].any():
            notes.append("The hints have no strokes: nothing in them is half opaque.")
        temperature = options.temperature
        if temperature is None:
            temperature = LINES_TEMPERATURE if drawing else TONES_TEMPERATURE
        outputs = []
        for index, seed in enumerate(map(int, seeds_from(options.seed, options.count))):
            made = self._colored(work, seed, temperature)
            start, end = (
                READING + (1 - READING) * (index + part) / options.count for part in (0, 1)
            )
            picture = yield from between(made, start, end)
            details = {"seed": seed, "mode": "lines" if drawing else "tones"}
            outputs.append(Output(picture, details, tuple(notes)))
        yield tuple(outputs)

    def _strokes(self, hints: Image | None, image: Image, notes: list[str]) -> Strokes | None:
        if hints is None:
            return None
        strokes = Strokes(to_srgb(hints), image.height, image.width)
        if strokes.stretched:
            notes.append(
                f"The hints were resized from {hints.width} x {hints.height} to "
                f"{image.width} x {image.height} pixels, the size of the picture."
            )
        return strokes

    def _colored(
        self, work: Tones | LineArt, seed: int, temperature: float
    ) -> Generator[Progress, None, Image]:
        drawn = draw(self.player, work.lightness, work.hints, work.lines, seed, temperature)
        said = yield from between(drawn, 0.0, DRAWING)
        image = yield from between(work.painted(said.color), DRAWING, 1.0)
        return image
