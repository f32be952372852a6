"""Answers image.classify with a trained classifier."""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from creative_gen.interface.errors import UnknownTask
from creative_gen.interface.families import AssetFiles
from creative_gen.interface.jobs import Output, Request, Step
from creative_gen.interface.latent_options import PictureClassifyOptions
from creative_gen.interface.values import Labels
from creative_gen.latent.framing import framing
from creative_gen.media.image import Image
from creative_gen.models.classifier.player import Player


class ClassifierGenerator:
    """Plays a classifier; see `interface.jobs.Generator`."""

    def __init__(self, asset: AssetFiles) -> None:
        self.player = Player(asset)

    def run(self, request: Request) -> Iterator[Step]:
        """Answer a request with progress and, at last, the likeliest names."""
        if not isinstance(request.options, PictureClassifyOptions):
            raise UnknownTask(f"A classifier does not do {request.task}.", "Choose another asset.")
        image = cast(Image, request.inputs["image"])
        seen = yield from framing(image, self.player.config)
        named = self.player.labels(seen.picture).labels
        yield (Output(Labels(named[: request.options.top]), notes=seen.notes),)
