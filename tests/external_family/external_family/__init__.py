"""A model family from outside creative_gen: finishes a sketch with its mirror image."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

import numpy as np
from pydantic import Field

from creative_gen.interface.families import AssetFiles, Family, Reference
from creative_gen.interface.hooks import hookimpl
from creative_gen.interface.jobs import Output, Progress, Request, Step
from creative_gen.interface.sketch_options import CompleteOptions
from creative_gen.media.sketch import Sketch


class MirrorOptions(CompleteOptions):
    """The options of sketch.complete, and where the mirror stands."""

    side: Literal["right", "bottom"] = Field("right", description="Where the mirror stands.")


class Mirror:
    """Mirrors the strokes about a side of the frame, each time a gap further away."""

    def __init__(self, asset: AssetFiles) -> None:
        self.gap = float(asset.settings["gap"])

    def run(self, request: Request) -> Iterator[Step]:
        """Yield one finished sketch for each that was asked for."""
        options = MirrorOptions.model_validate(request.options.model_dump())
        sketch = request.inputs["sketch"]
        assert isinstance(sketch, Sketch)
        outputs = []
        for index in range(options.count):
            yield Progress(index / options.count)
            outputs.append(Output(mirrored(sketch, options.side, index * self.gap)))
        yield tuple(outputs)


def mirrored(sketch: Sketch, side: str, gap: float) -> Sketch:
    """The sketch and its mirror image, `gap` drawing units beyond a side of its frame."""
    axis = 0 if side == "right" else 1
    signs, offset = np.ones(2, np.float32), np.zeros(2, np.float32)
    signs[axis], offset[axis] = -1, 2 * (sketch.size[axis] + gap)
    images = tuple(stroke * signs + offset for stroke in sketch.strokes)
    return Sketch((*sketch.strokes, *images), sketch.size)


@hookimpl
def register_models(register: Callable[[Family], None]) -> None:
    """Announce the family."""
    register(
        Family(
            name="mirror",
            summary="Finishes a sketch with its mirror image.",
            tasks=("sketch.complete",),
            generator=Reference(f"{__name__}:Mirror"),
            options={"sketch.complete": MirrorOptions},
        )
    )
