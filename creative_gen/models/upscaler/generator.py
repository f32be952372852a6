"""Answers image.upscale with a trained upscaler."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import cast

from creative_gen.interface.errors import UnknownTask
from creative_gen.interface.families import AssetFiles
from creative_gen.interface.image_options import UpscaleOptions
from creative_gen.interface.jobs import Output, Request, Step
from creative_gen.media.image import Image
from creative_gen.models.upscaler.enlargement import Enlargement
from creative_gen.models.upscaler.player import Player


class UpscalerGenerator:
    """Plays an upscaler; see `interface.jobs.Generator`."""

    def __init__(self, asset: AssetFiles) -> None:
        self.player = Player(asset)

    def run(self, request: Request) -> Iterator[Step]:
        """Answer a request with progress and, at last, one picture."""
        if not isinstance(request.options, UpscaleOptions):
            raise UnknownTask(f"An upscaler does not do {request.task}.", "Choose another asset.")
        return self.upscale(cast(Image, request.inputs["image"]), request.options)

    def upscale(self, image: Image, options: UpscaleOptions) -> Iterator[Step]:
        """Enlarge a picture; on paper it stays as large as it was, with finer pixels."""
        enlargement = Enlargement(self.player, image, options.scale, options.ensemble)
        larger = yield from enlargement.run()
        if image.dpi is not None:
            x, y = image.dpi
            larger = replace(larger, dpi=(x * options.scale, y * options.scale))
        details = {"scale": options.scale, "kind": self.player.config.kind}
        yield (Output(larger, details),)
