"""What an upscaler is trained for, and how fast it learns."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from creative_gen.fitting.learning_rate import warm_cosine


class Objective(BaseModel):
    """Settings of the training that the exported network does not need.

    Args:
        patches: how many patches a step sees of each scale, in the order of the scales.
        patch: side of a patch of the small picture, in pixels.
        margin: pixels at a small patch's edge whose enlargement is not looked at, because there
            the network sees what is not the picture.
        chroma: weight of the errors in the two colour differences; those in luma weigh 1.
        learning_rate: the highest; it rises over the first steps, then falls as a cosine.
        clip_norm: the largest norm of the gradients of all weights.
        adversarial: weight of the generator's adversarial loss in nats; 0 trains for fidelity
            alone.
        smoothness: weight of the discriminator's penalties (gamma of R1 and R2).
        discriminator_channels: of its first layer; each of the next two has twice as many.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    patches: tuple[int, ...] = (6, 4, 6)
    patch: int = Field(48, ge=8, le=256)
    margin: int = Field(4, ge=0)
    chroma: float = Field(0.25, ge=0.0)
    learning_rate: float = Field(1e-3, gt=0.0)
    clip_norm: float = Field(1.0, gt=0.0)
    adversarial: float = Field(0.0, ge=0.0)
    smoothness: float = Field(1.0, ge=0.0)
    discriminator_channels: int = Field(24, ge=4)

    def learning_rate_at(self, step: int, done: float) -> float:
        """The learning rate of a step, when a share `done` of the run has passed."""
        return warm_cosine(self.learning_rate, step, done)
