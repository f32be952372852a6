"""The settings of a colorizer's network."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class ColorizerConfig(BaseModel):
    """What shapes a colorizer; in its asset's card as `settings`. See `palettes` for its palettes.

    Args:
        size: the long side of the picture that the network sees, in pixels; a multiple of 32.
        widths: channels at a half, a quarter, an eighth and a sixteenth of the size.
        blocks: residual blocks at these sizes on the way down; one each is on the way up.
        tone_spacing: distance of the colours that tones are classified into, in a* and b*.
        line_spacing: that of the colours of line drawings' fills, in a*, b* and L*.
        mean_color: the mean a* and b* of what it was trained on; measured by the training.
        tone_weights: how much more each tone counted in the training than how often it came
            says, as many as there are in its palette, likewise; none if all counted the same.
        line_weights: the same of fills.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    size: int = Field(128, ge=32, multiple_of=32)
    widths: tuple[int, int, int, int] = (24, 64, 112, 176)
    blocks: tuple[int, int, int, int] = (0, 1, 2, 2)
    tone_spacing: float = Field(16.0, gt=0.0)
    line_spacing: float = Field(25.0, gt=0.0)
    mean_color: tuple[float, float] = (0.0, 0.0)
    tone_weights: tuple[float, ...] = ()
    line_weights: tuple[float, ...] = ()
