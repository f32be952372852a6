"""What makes one WaveNet differ from another: the settings of the network."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

LEVELS = 256


class WaveNetConfig(BaseModel):
    """Settings of a WaveNet (van den Oord et al. 2016); the defaults are the note asset's."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kinds: tuple[str, ...] = Field(
        (), description="Names of the instruments or drums it is told of (global conditioning)."
    )
    sample_rate: int = Field(16_000, ge=1000, le=192_000, description="Hz.")
    head: Literal["mu_law", "logistics"] = Field(
        "mu_law",
        description="A softmax over 256 mu-law levels, or a discretised mixture of logistics "
        "over the 65,536 levels of 16 bits.",
    )
    mixtures: int = Field(10, ge=1, description="Logistics in the mixture.")
    pre_emphasis: float = Field(
        0.85,
        ge=0,
        lt=1,
        description="a of u_t = y_t - a y_(t-1), in which the network works: the quantisation "
        "noise of its output gets the spectrum of sounds, and is heard less.",
    )
    stacks: int = Field(2, ge=1, description="How often dilations 1, 2, 4 ... are gone through.")
    layers: int = Field(10, ge=1, le=14, description="Layers of a stack.")
    residual_channels: int = Field(32, ge=1)
    skip_channels: int = Field(64, ge=1)
    head_units: int = Field(64, ge=1, description="Units of the layer between skips and output.")
    condition_units: int = Field(64, ge=1, description="Width of the conditioning vector.")
    frame: int = Field(80, ge=1, description="Samples that share a conditioning vector.")
    harmonics: tuple[int, ...] = Field(
        (1, 2, 4, 8),
        description="Harmonics of the note whose sine and cosine the network hears at every "
        "sample; none: it is not told a pitch's phase.",
    )

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
        plays_pitches = ("audio.render",) if self.harmonics else ()
        return (*plays_pitches, "audio.generate", "audio.continue")
