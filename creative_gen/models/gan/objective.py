"""What game the players play, and how fast they learn."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from creative_gen.fitting.learning_rate import warm_cosine


class Objective(BaseModel):
    """Settings of the training that the exported network does not need.

    Args:
        game: "minimax", where the generator lowers log(1 - D(made)), or "non-saturating", where it
            raises log D(made); see `layers.adversarial`.
        batch: real pictures a step, and as many made ones.
        discriminator_steps: of which only the last one moves the generator too (k of the paper's
            algorithm 1).
        learning_rate: the highest, of both players; it rises over the first steps, then falls as a
            cosine.
        momentum: of Adam (beta 1).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    game: Literal["minimax", "non-saturating"] = "non-saturating"
    batch: int = Field(128, ge=1)
    discriminator_steps: int = Field(1, ge=1, le=100)
    learning_rate: float = Field(2e-4, gt=0.0)
    momentum: float = Field(0.5, ge=0.0, lt=1.0)

    def learning_rate_at(self, step: int, done: float) -> float:
        """The learning rate of a step, when a share `done` of the run has passed."""
        return warm_cosine(self.learning_rate, step, done)
