"""What a Sketch-RNN is trained to minimise, and how fast: the settings of a training run."""

from __future__ import annotations

import math
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator


class Objective(BaseModel):
    """Settings of training; Magenta's name is given where it differs.

    The loss is L_R + kl_weight * annealing(step) * max(L_KL, kl_floor) + class_weight * L_class,
    with L_R and L_KL divided by N_max and N_z as in the paper (equations 9-11). On validation
    drawings the annealing is 1, so that losses early and late in a run can be compared.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kl_weight: float = Field(0.5, ge=0, description="w_KL.")
    kl_floor: float = Field(0.2, ge=0, description="KL_min: L_KL below it is free (kl_tolerance).")
    kl_weight_start: float = Field(
        0.01,
        ge=0,
        le=1,
        description="eta_min, annealing at step 0 (kl_weight_start / kl_weight).",
    )
    kl_decay_rate: float = Field(0.99995, gt=0, le=1, description="R, how fast annealing nears 1.")
    class_weight: float = Field(0.2, ge=0, description="Weight of the classifier's cross-entropy.")
    batch_size: int = Field(100, ge=1)
    learning_rate: float = Field(1e-3, gt=0)
    min_learning_rate: float = Field(1e-5, ge=0)
    decay_rate: float | None = Field(
        None,
        gt=0,
        le=1,
        description="Factor on the learning rate each step; by default a half cosine over the run.",
    )
    clip_norm: float = Field(1.0, ge=0, description="Largest norm of all gradients; 0: any.")
    clip_value: float = Field(0.0, ge=0, description="Largest gradient (grad_clip); 0: any.")
    random_scale: float = Field(
        0.15, ge=0, lt=1, description="Stretch of each axis at most (random_scale_factor)."
    )
    drop_points: float = Field(
        0.1, ge=0, lt=1, description="Share of points merged into the next (augment_stroke_prob)."
    )

    @model_validator(mode="after")
    def _one_clip(self) -> Self:
        if self.clip_norm and self.clip_value:
            raise ValueError("gradients are clipped one way: set clip_norm or clip_value to 0")
        return self

    def annealing(self, step: Any) -> Any:
        """The KL term's factor at a step, 1 - (1 - eta_min) R^step; a step may be a tensor."""
        return 1 - (1 - self.kl_weight_start) * self.kl_decay_rate**step

    def learning_rate_at(self, step: int, done: float) -> float:
        """The learning rate after `step` steps, when the share `done` of the run has passed."""
        cosine = (1 + math.cos(math.pi * done)) / 2
        factor = cosine if self.decay_rate is None else self.decay_rate**step
        return self.min_learning_rate + (self.learning_rate - self.min_learning_rate) * factor
