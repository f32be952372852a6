"""The options of the image tasks that work in a latent space: generate, edit and the like."""

from __future__ import annotations

import re
from typing import Annotated, Literal

from pydantic import Field, field_validator

from creative_gen.interface.options import Options, SeededOptions

Category = Annotated[
    str | None, Field(description="What the picture is of, such as cat; guessed by default.")
]
Scale = Annotated[
    int | None,
    Field(
        ge=1,
        le=32,
        description="How many times as large as the model draws: pixel art in whole squares, all "
        "else smoothly; what suits the asset by default.",
    ),
]
MOST_AMOUNT = 100.0
"""Standard deviations that an edit may go along a direction, either way."""

_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)"
_AMOUNT = re.compile(rf"({_NUMBER})(?:\.\.({_NUMBER}))?")


class PictureGenerateOptions(SeededOptions):
    """Options of image.generate."""

    category: str | None = Field(
        None, description="What to make, such as cat; a different one each time by default."
    )
    count: int = Field(16, ge=1, le=10_000, description="How many pictures.")
    temperature: float | None = Field(
        None,
        ge=0.0,
        le=2.0,
        description="0 makes the most typical picture, 1 as varied as those the model learnt "
        "from; what suits the asset by default.",
    )
    tries: int | None = Field(
        None,
        ge=1,
        le=100,
        description="Draw each picture this many times, and keep the one that shows its category "
        "best; what suits the asset by default.",
    )
    scale: Scale = None


class PictureReconstructOptions(SeededOptions):
    """Options of image.reconstruct."""

    category: Category = None
    count: int = Field(1, ge=1, le=100, description="How many times to make it.")
    temperature: float = Field(
        0.0,
        ge=0.0,
        le=2.0,
        description="0 makes the likeliest picture; 1 makes pictures as varied as the model is "
        "unsure.",
    )
    scale: Scale = None


class PictureInterpolateOptions(Options):
    """Options of image.interpolate."""

    category: Category = None
    steps: int = Field(12, ge=2, le=1000, description="How many pictures, both ends included.")
    path: Literal["spherical", "linear"] = Field(
        "spherical", description="How to walk from one latent vector to the other."
    )
    scale: Scale = None


class PictureEditOptions(Options):
    """Options of image.edit."""

    category: Category = None
    direction: str | None = Field(
        None, description="What to change, such as smile: a direction that the asset knows."
    )
    amount: str = Field(
        "-2..2",
        description="How far to go, in standard deviations of what is changed: one number, or "
        "from..to.",
    )
    steps: int = Field(9, ge=1, le=1000, description="How many pictures from..to gives.")
    from_: str = Field(
        "image",
        max_length=1000,
        description="What to start from: a sum of inputs and seeds with factors, such as "
        "'a - b + c' or '0.5*image + 0.5*7', where 7 is a seed.",
    )
    scale: Scale = None

    @field_validator("amount")
    @classmethod
    def _an_amount(cls, text: str) -> str:
        found = _AMOUNT.fullmatch(text.strip())
        if found is None or any(abs(float(one)) > MOST_AMOUNT for one in found.groups() if one):
            raise ValueError(f"an amount is a number or from..to, up to {MOST_AMOUNT:g} either way")
        return text.strip()

    @property
    def ends(self) -> tuple[float, float]:
        """Where the walk along the direction begins and ends."""
        found = _AMOUNT.fullmatch(self.amount)
        assert found is not None
        first, last = found.groups()
        return float(first), float(last if last is not None else first)

    @property
    def pictures(self) -> int:
        """How many pictures are made."""
        first, last = self.ends
        return 1 if self.direction is None or first == last else self.steps


class PictureMapOptions(Options):
    """Options of image.map."""

    category: str | None = Field(None, description="Only what is of this category; all by default.")
    count: int = Field(400, ge=1, le=2000, description="How many pictures to show, at most.")
    side: int = Field(2000, ge=256, le=8192, description="Pixels of the map's width and height.")


class PictureClassifyOptions(Options):
    """Options of image.classify."""

    top: int = Field(5, ge=1, le=1000, description="How many of the likeliest categories to name.")
