"""What a classifier is trained for, and how fast it learns."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from creative_gen.fitting.learning_rate import warm_cosine


class Objective(BaseModel):
    """Settings of the training that the exported network does not need.

    Args:
        batch: how many pictures a step sees.
        learning_rate: the highest; it rises over the first steps, then falls as a cosine.
        weight_decay: share of the weights that a step takes away, times the learning rate.
        clip_norm: the largest norm of the gradients of all weights.
        dropout: share of the features that a step does without.
        label_smoothing: share of the probability that is wanted for all classes alike.
        balance: how far rare classes weigh more: 0 is not at all, 1 makes all classes equal.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    batch: int = Field(128, ge=2)
    learning_rate: float = Field(2e-3, gt=0.0)
    weight_decay: float = Field(0.02, ge=0.0)
    clip_norm: float = Field(1.0, gt=0.0)
    dropout: float = Field(0.2, ge=0.0, lt=1.0)
    label_smoothing: float = Field(0.05, ge=0.0, lt=1.0)
    balance: float = Field(0.5, ge=0.0, le=1.0)

    def learning_rate_at(self, step: int, done: float) -> float:
        """The learning rate of a step, when a share `done` of the run has passed."""
        return warm_cosine(self.learning_rate, step, done)
