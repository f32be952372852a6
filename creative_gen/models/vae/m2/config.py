"""The settings of M2's networks, and what they are trained for."""

from __future__ import annotations

import math
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from creative_gen.fitting.learning_rate import warm_cosine


class M2Config(BaseModel):
    """What the weights' shapes follow from.

    Args:
        shape: of an example: (height, width, channels) of pictures with values in [0, 1], or
            (D,) of features, such as M1's.
        classes: how many there are; the prior finds them equally likely.
        latent: size of the latent vector z.
        hidden: units of the two hidden layers of q(z | x, y) and of p(x | y, z).
        likelihood: of a value: "bernoulli", or "gaussian" with a variance that is learnt.
        widths: channels of the levels of the classifier of pictures; with none, q(y | x) has two
            hidden layers too.
        blocks: residual blocks of a level of the classifier.
        dropout: share of what the classifier's last layer sees that is left out in training.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    shape: tuple[int, ...] = (28, 28, 1)
    classes: int = Field(10, ge=2)
    latent: int = Field(32, ge=1)
    hidden: int = Field(256, ge=1)
    likelihood: Literal["bernoulli", "gaussian"] = "bernoulli"
    widths: tuple[int, ...] = (16, 32, 64)
    blocks: int = Field(0, ge=0)
    dropout: float = Field(0.0, ge=0.0, lt=1.0)

    @property
    def values(self) -> int:
        """Numbers that an example has."""
        return math.prod(self.shape)


class M2Objective(BaseModel):
    """Settings of the training.

    Args:
        known, unknown: labelled and unlabelled examples a step.
        alpha: weight of the classifier's cross-entropy, in nats for nats of the bound.
        warm_up: steps in which the classifier learns from labels alone: the weight of what the
            unlabelled examples' bound says of it rises from 0 to `guidance` between that many
            steps and twice as many. Before the generative model knows what a class looks like,
            the bound is lowered as well by calling all examples one class.
        guidance: the weight that it rises to; 1 is the bound.
        learning_rate: the highest.
        average: momentum of the weights' moving average, which is what is kept.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    known: int = Field(50, ge=1)
    unknown: int = Field(50, ge=1)
    alpha: float = Field(50.0, ge=0.0)
    warm_up: int = Field(300, ge=1)
    guidance: float = Field(1.0, ge=0.0)
    learning_rate: float = Field(1e-3, gt=0.0)
    average: float = Field(0.99, ge=0.0, lt=1.0)

    def learning_rate_at(self, step: int, done: float) -> float:
        """The learning rate of a step, when a share `done` of the run has passed."""
        return warm_cosine(self.learning_rate, step, done)
