"""The options of the sketch tasks."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from creative_gen.interface.options import Options, SeededOptions

Temperature = Annotated[float, Field(ge=0.0, le=2.0)]
Category = Annotated[
    str | None, Field(description="What the drawing is of, such as cat; guessed by default.")
]
_TEMPERATURE = "0 draws the likeliest line, 1 as varied as the drawings the model learnt from."


class CompleteOptions(SeededOptions):
    """Options of sketch.complete."""

    category: Category = None
    count: int = Field(9, ge=1, le=100, description="How many ways to finish the drawing.")
    best_of: int | None = Field(
        None,
        ge=1,
        le=1000,
        description="Draw this many, at least the count, and keep the best.  Four times the count "
        "by default.",
    )
    temperature: Temperature = Field(0.4, description=_TEMPERATURE)
    frame: Literal["document", "fit", "drawing"] = Field(
        "document",
        description="What the finished drawing fills: the document's frame, a frame fitted to "
        "the strokes by the model, or no more than the strokes' own bounding box.",
    )
    continue_stroke: bool = Field(
        False, description="Go on with the last stroke instead of lifting the pen after it."
    )


class ReconstructOptions(SeededOptions):
    """Options of sketch.reconstruct."""

    category: Category = None
    count: int = Field(4, ge=1, le=100, description="How many times to draw it.")
    temperature: Temperature = Field(0.2, description=_TEMPERATURE)


class InterpolateOptions(SeededOptions):
    """Options of sketch.interpolate."""

    category: Category = None
    steps: int = Field(8, ge=2, le=100, description="How many drawings, both ends included.")
    path: Literal["spherical", "linear"] = Field(
        "spherical", description="How to walk from one latent vector to the other."
    )
    temperature: Temperature = Field(0.1, description=_TEMPERATURE)


class GenerateOptions(SeededOptions):
    """Options of sketch.generate."""

    category: str | None = Field(
        None, description="What to draw, such as pig; a different one each time by default."
    )
    count: int = Field(9, ge=1, le=10_000, description="How many sketches.")
    tries: int = Field(
        4, ge=1, le=100, description="Draw each sketch this many times, and keep the best."
    )
    temperature: Temperature = Field(0.4, description=_TEMPERATURE)


class ClassifyOptions(Options):
    """Options of sketch.classify."""

    top: int = Field(5, ge=1, le=1000, description="How many of the likeliest categories to name.")
