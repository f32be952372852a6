"""What the players of a DCGAN play for, and how fast they learn."""

from __future__ import annotations

from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from creative_gen.fitting.learning_rate import warm_cosine


class Objective(BaseModel):
    """Settings of the training that the exported networks do not need.

    The defaults are those of the modern recipe; `recipes/paper.toml` has the paper's.

    Args:
        batch: pictures a step, of each of real and made ones.
        game: "relativistic" (Jolicoeur-Martineau, 2019), or "non-saturating" (Goodfellow et al.,
            2014), which the paper plays.
        smoothness: weight of the R1 and R2 penalties (gamma); 0 leaves them out.
        penalised: the share of a batch that they are measured on.
        augmentation: how strong the differentiable augmentation is; 0 leaves it out.
        learning_rate: of both players.
        falling: whether it falls to 0 as a cosine; the paper's stays.
        betas: of Adam.
        average: momentum of the generator's moving average, which is exported; 0 leaves it out.
        start_share: the share of the time in which the generator first learns as the decoder of an
            autoencoder, at the beginning (the initialization phase of Chen et al., 2018,
            "CartoonGAN"); 0 begins with the game.
        start_learning_rate: of the autoencoder.
        deviation: standard deviation of a picture's values around the autoencoder's.
        encoder_share: the share of the time in which the encoder is trained, at the end.
        encoder_learning_rate: of the encoder.
        held: weight of how far a picture's latent vector is from the prior, for the encoder.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    batch: int = Field(64, ge=2)
    game: Literal["relativistic", "non-saturating"] = "relativistic"
    smoothness: float = Field(0.01, ge=0.0)
    penalised: float = Field(0.25, gt=0.0, le=1.0)
    augmentation: float = Field(1.0, ge=0.0)
    learning_rate: float = Field(5e-4, gt=0.0)
    falling: bool = True
    betas: tuple[float, float] = (0.0, 0.99)
    average: float = Field(0.998, ge=0.0, lt=1.0)
    start_share: float = Field(0.2, ge=0.0, lt=1.0)
    start_learning_rate: float = Field(1e-3, gt=0.0)
    deviation: float = Field(0.25, gt=0.0)
    encoder_share: float = Field(0.2, ge=0.0, lt=1.0)
    encoder_learning_rate: float = Field(1e-3, gt=0.0)
    held: float = Field(0.02, ge=0.0)

    @model_validator(mode="after")
    def _leaves_time_to_play(self) -> Self:
        if self.start_share + self.encoder_share >= 1:
            raise ValueError("start_share and encoder_share leave no time for the game")
        return self

    @property
    def game_share(self) -> float:
        """The share of the time that the game takes."""
        return 1 - self.start_share - self.encoder_share

    def learning_rate_at(self, step: int, done: float) -> float:
        """The players' learning rate at a step, when a share `done` of the run has passed."""
        return warm_cosine(self.learning_rate, step, done) if self.falling else self.learning_rate

    def start_learning_rate_at(self, step: int, done: float) -> float:
        """The autoencoder's learning rate, likewise."""
        return warm_cosine(self.start_learning_rate, step, done)

    def encoder_learning_rate_at(self, step: int, done: float) -> float:
        """The encoder's learning rate, likewise."""
        return warm_cosine(self.encoder_learning_rate, step, done)
