"""What a VAE is trained for, and how fast it learns."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from creative_gen.fitting.learning_rate import warm_cosine


class Objective(BaseModel):
    """Settings of the training that the exported network does not need.

    Args:
        batch: pictures a step.
        beta: weight of the KL divergence (Higgins et al., 2017); 1 is the evidence lower bound.
        warm_up: steps over which beta rises from 0 to its value.
        free_nats: KL that costs nothing (Kingma et al., 2016), in nats a picture.
        binarise: whether the values of pictures are drawn as 0 or 1, with the value as the
            probability: anew at each step, and once for validation.
        classification: weight of the classifier's cross-entropy.
        told_weight: weight, in nats, of the squared distance of the first units of a latent vector
            from the attributes that the recipe tells it, in standard deviations.
        learning_rate: the highest; it rises over the first steps, then falls as a cosine.
        clip_norm: the largest norm of the gradients of all weights.
        average: momentum of the weights' moving average, which is validated and exported.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    batch: int = Field(64, ge=1)
    beta: float = Field(1.0, ge=0.0)
    warm_up: int = Field(1000, ge=1)
    free_nats: float = Field(0.0, ge=0.0)
    binarise: bool = False
    classification: float = Field(1.0, ge=0.0)
    told_weight: float = Field(10.0, ge=0.0)
    learning_rate: float = Field(1e-3, gt=0.0)
    clip_norm: float = Field(1000.0, gt=0.0)
    average: float = Field(0.998, ge=0.0, lt=1.0)

    def learning_rate_at(self, step: int, done: float) -> float:
        """The learning rate of a step, when a share `done` of the run has passed."""
        return warm_cosine(self.learning_rate, step, done)
