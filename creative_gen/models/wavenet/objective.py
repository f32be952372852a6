"""How a WaveNet is trained: the settings of a training run."""

from __future__ import annotations

import math

import numpy as np
from pydantic import BaseModel, ConfigDict, Field


class Objective(BaseModel):
    """Settings of training; the loss is the negative log-likelihood of the samples, in nats."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    batch_size: int = Field(4, ge=1, description="Crops of clips in a step.")
    crop_frames: int = Field(100, ge=2, description="Conditioning frames of a crop.")
    at_onset: float = Field(0.4, ge=0, le=1, description="Share of crops that begin with the note.")
    unknown_kind: float = Field(
        0.05, ge=0, le=1, description="Share of crops whose kind the network is not told."
    )
    unknown_source: float = Field(
        0.2, ge=0, le=1, description="Share of crops whose source the network is not told."
    )
    noisy: float = Field(
        0.5, ge=0, le=1, description="Share of crops in which the network's past is blurred."
    )
    noise_decibels: tuple[float, float] = Field(
        (-40.0, -15.0),
        description="How loud that noise is, below what it blurs: so that the network forgives "
        "its own errors when it goes on from them.",
    )
    level_decibels: tuple[float, float] = Field(
        (-6.0, 12.0),
        description="How much louder or softer than it was that past is made: so that the network "
        "returns to the level that it is told.",
    )
    learning_rate: float = Field(2e-3, gt=0)
    min_learning_rate: float = Field(2e-5, ge=0)
    warm_up_steps: int = Field(50, ge=0, description="Steps in which the learning rate rises.")
    clip_norm: float = Field(1.0, gt=0, description="Largest norm of all gradients.")

    def random_blur(self, rng: np.random.Generator) -> tuple[float, float]:
        """The factor on the past of one crop, and the noise relative to it; 1 and 0 for none."""
        if rng.random() >= self.noisy:
            return 1.0, 0.0
        decibels = rng.uniform(*self.level_decibels), rng.uniform(*self.noise_decibels)
        level, noise = (float(10 ** (one / 20)) for one in decibels)
        return level, noise

    def learning_rate_at(self, step: int, done: float) -> float:
        """The learning rate after `step` steps, when the share `done` of the run has passed."""
        cosine = (1 + math.cos(math.pi * done)) / 2
        rate = self.min_learning_rate + (self.learning_rate - self.min_learning_rate) * cosine
        return rate * min((step + 1) / (self.warm_up_steps + 1), 1.0)
