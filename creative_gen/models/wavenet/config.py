"""What makes one WaveNet differ from another: the settings of the network."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

LEVELS = 256


class WaveNetConfig(BaseModel):
    """Settings of a WaveNet (van den Oord et al. 2016); the defaults are the note asset's."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kinds: tuple[str, ...] = Field(
        (), description="Names of the instruments or drums it is told of (global conditioning)."
    )
    pitches: tuple[tuple[float, float], ...] = Field(
        (), description="The lowest and highest pitch of each kind it learnt; -1 if it has none."
    )
    sample_rate: int = Field(16_000, ge=1000, le=192_000, description="Hz.")
    head: Literal["mu_law", "logistics"] = Field(
        "logistics",
        description="A softmax over 256 mu-law levels, or a discretised mixture of logistics "
        "over the 65,536 levels of 16 bits.",
    )
    mixtures: int = Field(4, ge=1, description="Logistics in the mixture.")
    pre_emphasis: float = Field(
        0.0,
        ge=0,
        lt=1,
        description="a of u_t = y_t - a y_(t-1), which the mu-law levels are of: their noise gets "
        "the spectrum of sounds, and is heard less. 0 for logistics, which have 16 bits.",
    )
    stacks: int = Field(2, ge=1, description="How often dilations 1, 2, 4 ... are gone through.")
    layers: int = Field(10, ge=1, le=14, description="Layers of a stack.")
    residual_channels: int = Field(32, ge=1)
    skip_channels: int = Field(64, ge=1)
    head_units: int = Field(64, ge=1, description="Units of the layer between skips and output.")
    condition_units: int = Field(96, ge=1, description="Width of the conditioning vector.")
    frame: int = Field(80, ge=1, description="Samples that share a conditioning vector.")
    partials: int = Field(
        24,
        ge=0,
        description="Sinusoids at the multiples of a pitch, as loud as the conditioning says; the "
        "network makes what is left of the sound. None: it makes all of it.",
    )
    phases: int = Field(
        4, ge=0, description="The first partials whose cosine and sine the network hears."
    )
    filter_order: int = Field(
        0,
        ge=0,
        le=64,
        description="Order of a linear prediction whose coefficients the conditioning says, and "
        "whose errors the network makes; 0: none.",
    )
    variants: tuple[int, ...] = Field(
        (), description="The kind of each recorded source that it can be told of; none: of none."
    )
    temperature: float = Field(
        1.0, ge=0, le=2, description="What it is played at when nothing is said."
    )

    @model_validator(mode="after")
    def _settings_that_fit(self) -> Self:
        if self.head == "logistics" and self.pre_emphasis:
            raise ValueError("logistics are of the samples themselves: set pre_emphasis to 0")
        if self.filter_order > self.frame:
            raise ValueError("a filter looks back no further than a frame")
        if self.phases > self.partials:
            raise ValueError("phases are those of partials: there are not so many")
        if len(self.pitches) != len(self.kinds):
            raise ValueError("each kind has its pitches")
        return self

    @property
    def dilations(self) -> tuple[int, ...]:
        """How many samples back each layer looks."""
        return tuple(2**layer for layer in range(self.layers)) * self.stacks

    @property
    def receptive_field(self) -> int:
        """How many past samples an output depends on; the input layer sees two."""
        return sum(self.dilations) + 2

    @property
    def outputs(self) -> int:
        """Width of the output layer."""
        return LEVELS if self.head == "mu_law" else 3 * self.mixtures

    @property
    def tasks(self) -> tuple[str, ...]:
        """The tasks that such a network can do."""
        plays_pitches = ("audio.render",) if self.partials else ()
        return (*plays_pitches, "audio.generate", "audio.continue")
