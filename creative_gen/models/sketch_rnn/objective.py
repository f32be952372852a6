"""What a Sketch-RNN is trained to minimise, and how fast: the settings of a training run."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class Objective(BaseModel):
    """Settings of training; Magenta's name is given where it differs.

    The loss is L_R + kl_weight * annealing(step) * max(L_KL, kl_floor) + class_weight * L_class,
    with L_R and L_KL divided by N_max and N_z as in the paper (equations 9-11).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kl_weight: float = Field(0.5, ge=0, description="w_KL.")
    kl_floor: float = Field(0.2, ge=0, description="KL_min: L_KL below it is free (kl_tolerance).")
    kl_weight_start: float = Field(0.01, ge=0, le=1, description="eta_min, annealing at step 0.")
    kl_decay_rate: float = Field(0.99995, gt=0, le=1, description="R, how fast annealing nears 1.")
    class_weight: float = Field(0.2, ge=0, description="Weight of the classifier's cross-entropy.")
    batch_size: int = Field(100, ge=1)
    learning_rate: float = Field(1e-3, gt=0)
    min_learning_rate: float = Field(1e-5, ge=0, description="(min_learning_rate)")
    decay_rate: float | None = Field(
        None,
        gt=0,
        le=1,
        description="Factor on the learning rate each step; by default a half cosine over the run.",
    )
    clip_norm: float | None = Field(1.0, gt=0, description="Largest norm of all gradients.")
    clip_value: float | None = Field(None, gt=0, description="Largest gradient value (grad_clip).")
    random_scale: float = Field(0.15, ge=0, lt=1, description="Stretch of each axis at most.")
    drop_points: float = Field(
        0.1, ge=0, lt=1, description="Share of points merged into the next (augment_stroke_prob)."
    )

    def annealing(self, step):
        """The KL term's factor at a step: 1 - (1 - eta_min) R^step. Takes tensors too."""
        return 1 - (1 - self.kl_weight_start) * self.kl_decay_rate**step

    def learning_rate_at(self, step: int, done: float) -> float:
        """The learning rate after `step` steps, when the share `done` of the run has passed."""
        from math import cos, pi

        factor = (1 + cos(pi * done)) / 2 if self.decay_rate is None else self.decay_rate**step
        return self.min_learning_rate + (self.learning_rate - self.min_learning_rate) * factor
