"""The settings of a GAN's two players."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class GANConfig(BaseModel):
    """What the weights' shapes follow from.

    Args:
        side: pixels of a picture's height and width.
        channels: 1 is grey, 3 is RGB, 4 is premultiplied RGB and alpha. One pixel of 2 channels is
            a point of a plane.
        latent: size of the latent vector, which is drawn from the standard normal distribution.
        generator: units of the generator's hidden layers, from the latent vector on.
        discriminator: units of the discriminator's hidden layers, from the picture on.
        slope: of the discriminator's leaky rectifiers.
        dropout: the share of the discriminator's hidden units that a step leaves out.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    side: int = Field(28, ge=1, le=256)
    channels: int = Field(1, ge=1, le=4)
    latent: int = Field(64, ge=1, le=1024)
    generator: tuple[int, ...] = Field((512, 512), min_length=1)
    discriminator: tuple[int, ...] = Field((512, 256), min_length=1)
    slope: float = Field(0.2, ge=0.0, lt=1.0)
    dropout: float = Field(0.3, ge=0.0, lt=1.0)

    @property
    def values(self) -> int:
        """Numbers that a picture has."""
        return self.side**2 * self.channels
