"""The settings of an upscaler's network."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

Scale = Literal[2, 3, 4]


class UpscalerConfig(BaseModel):
    """What shapes an upscaler; in its asset's card as `settings`.

    Args:
        kind: what pictures it is for, the category of its asset: "photo", "artwork" ...
        scales: by how much it enlarges. One trunk serves all of them.
        channels: of every layer of the trunk.
        depth: 3 x 3 convolutions between the first and the last one.
        slope: of the leaky rectifiers.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str = "photo"
    scales: tuple[Scale, ...] = (2, 3, 4)
    channels: int = Field(32, ge=4, le=256)
    depth: int = Field(9, ge=1, le=64)
    slope: float = Field(0.1, ge=0.0, lt=1.0)

    @property
    def halo(self) -> int:
        """The receptive field's radius in pixels of the small picture."""
        return self.depth + 2
