"""What a colorizer is trained for, and how fast it learns."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from creative_gen.fitting.learning_rate import warm_cosine


class Objective(BaseModel):
    """Settings of the training that the exported network does not need.

    Args:
        batch: pictures of a step.
        likelihood: weight of the cross-entropy of the palettes, in nats; errors of colour, in
            units of 110, weigh 1.
        rebalancing: how much rarer colours weigh more (lambda of Zhang et al., 2016, eq. 4: the
            share of the prior that is not uniform; 1 weighs by the whole prior, 0 not at all).
        most_hints: of a picture; how many there are is uniform in its logarithm.
        unhinted: the share of pictures without any hint.
        recolored: the share of the pictures with some hints whose hues are turned at random, so
            that the network believes its hints.
        learning_rate: the highest; it rises over the first steps, then falls as a cosine.
        clip_norm: the largest norm of the gradients of all weights.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    batch: int = Field(16, ge=1)
    likelihood: float = Field(0.03, ge=0.0)
    rebalancing: float = Field(0.5, ge=0.0, le=1.0)
    most_hints: int = Field(60, ge=1)
    unhinted: float = Field(0.2, ge=0.0, le=1.0)
    recolored: float = Field(0.3, ge=0.0, le=1.0)
    learning_rate: float = Field(8e-4, gt=0.0)
    clip_norm: float = Field(1.0, gt=0.0)

    def learning_rate_at(self, step: int, done: float) -> float:
        """The learning rate of a step, when a share `done` of the run has passed."""
        return warm_cosine(self.learning_rate, step, done)
