"""The settings of a DCGAN's networks."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class DCGANConfig(BaseModel):
    """What the weights' shapes follow from.

    Args:
        side: pixels of a picture's height and width.
        channels: 1 is grey, 3 is RGB, 4 is premultiplied RGB and alpha.
        latent: size of the latent vector.
        classes: names of the classes that it is conditional on; none if it is not.
        style: "modern", or "paper" for the guidelines of Radford et al. (2016).
        widths: channels of the generator's levels, the first at the pictures' own size.
        judge_widths: of the discriminator's.
        encoder_widths: of the encoder's.
        blocks: residual blocks a level of each, below the first; the paper has none.
        refinements: how often the encoder looks at what its latent vector gives, and betters it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    side: int = Field(32, ge=8, le=256)
    channels: Literal[1, 3, 4] = 4
    latent: int = Field(64, ge=1, le=1024)
    classes: tuple[str, ...] = ()
    style: Literal["modern", "paper"] = "modern"
    widths: tuple[int, ...] = Field((32, 64, 128, 192), min_length=2)
    judge_widths: tuple[int, ...] = Field((24, 48, 96, 192), min_length=2)
    encoder_widths: tuple[int, ...] = Field((24, 48, 96, 192), min_length=2)
    blocks: int = Field(0, ge=0, le=8)
    refinements: int = Field(3, ge=1, le=16)

    @model_validator(mode="after")
    def _halves_evenly(self) -> Self:
        for widths in (self.widths, self.judge_widths, self.encoder_widths):
            if self.side % 2 ** (len(widths) - 1):
                raise ValueError(
                    f"{self.side} pixels cannot be halved {len(widths) - 1} times: "
                    "give fewer widths, or another side"
                )
        return self

    @property
    def base(self) -> int:
        """Height and width of the generator's smallest level."""
        return self.side >> (len(self.widths) - 1)
