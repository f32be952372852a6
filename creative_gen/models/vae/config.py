"""The settings of a VAE's network."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Likelihood = Literal["bernoulli", "gaussian", "logistic"]


class VAEConfig(BaseModel):
    """What the weights' shapes follow from, and how the output is read.

    Args:
        side: pixels of a picture's height and width.
        channels: 1 is grey, 3 is RGB, 4 is premultiplied RGB and alpha.
        latent: size of the latent vector.
        classes: names of the classes that it is conditional on (a CVAE); none if it is not.
        widths: channels of the levels, the first at the pictures' own size.
        blocks: residual blocks a level, below the first.
        likelihood: of a channel's value: "bernoulli", as of ink or no ink; "gaussian" of one
            variance that is learnt; "logistic", discretised to 256 levels, of one scale that is
            learnt (Salimans et al., 2017).
        classifier_widths: channels of the classifier's levels, where there are classes.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    side: int = Field(28, ge=8, le=256)
    channels: Literal[1, 3, 4] = 1
    latent: int = Field(32, ge=1, le=1024)
    classes: tuple[str, ...] = ()
    widths: tuple[int, ...] = Field((32, 64, 128), min_length=2)
    blocks: int = Field(1, ge=0, le=8)
    likelihood: Likelihood = "bernoulli"
    classifier_widths: tuple[int, ...] = Field((16, 32, 64), min_length=2)

    @model_validator(mode="after")
    def _halves_evenly(self) -> Self:
        for widths in (self.widths, self.classifier_widths):
            if self.side % 2 ** (len(widths) - 1):
                raise ValueError(
                    f"{self.side} pixels cannot be halved {len(widths) - 1} times: "
                    "give fewer widths, or another side"
                )
        return self

    @property
    def base(self) -> int:
        """Height and width of the smallest level."""
        return self.side >> (len(self.widths) - 1)
