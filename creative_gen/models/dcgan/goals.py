"""What the players of a DCGAN are trained to do, and its encoder."""

from __future__ import annotations

from functools import partial

import keras
from keras import ops, random

from creative_gen.layers.adversarial import (
    frozen,
    non_saturating_losses,
    relativistic_losses,
    smoothness_penalty,
)
from creative_gen.layers.differentiable_augmentation import augmented
from creative_gen.models.dcgan.config import DCGANConfig
from creative_gen.models.dcgan.network import (
    Discriminator,
    Encoder,
    FirstEncoder,
    Generator,
)
from creative_gen.models.dcgan.objective import Objective
from creative_gen.models.dcgan.paper import PaperDiscriminator, PaperGenerator

GAMES = {"relativistic": relativistic_losses, "non-saturating": non_saturating_losses}


def generator_of(config):
    """The generator of a network's style."""
    kind = Generator if config.style == "modern" else PaperGenerator
    return kind(config, name="generator")


class Start(keras.Model):
    """Trains the generator as the decoder of a variational autoencoder.

    What it then makes is blurred, but of the right shapes and colours. Metrics: `picture`, the mean
    absolute error, and `kl` from the prior in nats a picture.
    """

    def __init__(self, config: DCGANConfig, objective: Objective, **kwargs):
        super().__init__(**kwargs)
        self.config, self.objective = config, objective
        self.generator = generator_of(config)
        self.encoder = FirstEncoder(config, name="encoder")
        self.noise = keras.random.SeedGenerator(0)
        self.measured = {name: keras.metrics.Mean(name=name) for name in ("picture", "kl")}

    @property
    def metrics(self):
        return [*super().metrics, *self.measured.values()]

    def build(self, _shape: object = None) -> None:
        self.generator.build()
        self.encoder.build()
        self.built = True

    def call(self, batch, training=None):
        """What is made of draws from the posteriors, and these."""
        mean, log_variance = self.encoder(batch["picture"], batch["label"])
        drawn = random.normal(ops.shape(mean), seed=self.noise)
        latent = mean + ops.exp(0.5 * log_variance) * drawn
        made = self.generator(latent, batch["label"])
        return {"made": made, "mean": mean, "log_variance": log_variance}

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        error = y_pred["made"] - x["picture"]
        mean, log_variance = y_pred["mean"], y_pred["log_variance"]
        each = ops.square(mean) + ops.exp(log_variance) - log_variance - 1
        kl = 0.5 * ops.sum(each, 1)
        self.measured["picture"].update_state(ops.mean(ops.abs(error), (1, 2, 3)))
        self.measured["kl"].update_state(kl)
        nats = 0.5 * ops.sum(ops.square(error), (1, 2, 3)) / self.objective.deviation**2
        return ops.mean(nats + kl)


class Game(keras.Model):
    """Trains both players at once, each on what the other was before the step.

    Metrics: both players' losses in nats, and `real` and `made`, the mean logits. The validation
    loss says nothing of quality: it is the discriminator's.
    """

    def __init__(self, config: DCGANConfig, objective: Objective, **kwargs):
        super().__init__(**kwargs)
        self.config, self.objective = config, objective
        self.generator = generator_of(config)
        judge = Discriminator if config.style == "modern" else PaperDiscriminator
        self.discriminator = judge(config, name="discriminator")
        self.noise = keras.random.SeedGenerator(0)
        names = ("discriminator_nats", "generator_nats", "real", "made")
        self.played = {name: keras.metrics.Mean(name=name) for name in names}

    @property
    def metrics(self):
        return [*super().metrics, *self.played.values()]

    def build(self, _shape: object = None) -> None:
        self.generator.build()
        self.discriminator.build()
        self.built = True

    def call(self, batch, training=None):
        """Pictures made for a batch's labels."""
        label = batch["label"]
        latent = random.normal((ops.shape(label)[0], self.config.latent), seed=self.noise)
        return self.generator(latent, label)

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        label, goal = x["label"], self.objective
        real, made = self.seen(x["picture"]), self.seen(y_pred)
        still, judge = ops.stop_gradient(made), self.discriminator
        real_logits, made_logits = judge((real, label)), judge((still, label))
        losses = GAMES[goal.game]
        ours, _ = losses(real_logits, made_logits)
        _, theirs = losses(ops.stop_gradient(real_logits), frozen(judge)((made, label)))
        for name, value in zip(self.played, (ours, theirs, real_logits, made_logits), strict=True):
            self.played[name].update_state(value)
        if goal.smoothness:
            ours += 0.5 * goal.smoothness * self.roughness(real, real_logits, label)
            ours += 0.5 * goal.smoothness * self.roughness(still, made_logits, label)
        return ours + theirs

    def seen(self, pictures):
        """What the discriminator sees of pictures."""
        strength = self.objective.augmentation
        return augmented(pictures, self.noise, color=strength) if strength else pictures

    def roughness(self, pictures, logits, label):
        """The penalty on the first pictures of a batch."""
        few = max(round(self.objective.penalised * self.objective.batch), 1)
        label = label[:few]
        return smoothness_penalty(
            lambda near: self.discriminator((near, label)),
            pictures[:few],
            logits[:few],
            self.noise,
        )


class EncoderTraining(keras.Model):
    """Trains an encoder against a generator that stays as it is.

    Half of what it sees are real pictures, for which what it finds has to give the same picture;
    half are made ones, whose latent vectors are known. Metrics: `picture`, the mean absolute error
    of the last look at real pictures, and `latent`, the squared error of the known vectors.
    """

    def __init__(self, config: DCGANConfig, objective: Objective, generator: keras.Model, **kwargs):
        super().__init__(**kwargs)
        self.config, self.objective = config, objective
        # Not tracked: the encoder's checkpoint must not bring back what the generator was.
        self.generated = partial(generator, training=False)
        self.encoder = Encoder(config, name="encoder")
        self.noise = keras.random.SeedGenerator(0)
        self.errors = {name: keras.metrics.Mean(name=name) for name in ("picture", "latent")}

    @property
    def metrics(self):
        return [*super().metrics, *self.errors.values()]

    def build(self, _shape: object = None) -> None:
        self.encoder.build()
        self.built = True

    def call(self, batch, training=None):
        """All latent vectors that are found, look by look, and what is made of them."""
        pictures, labels = batch["picture"], batch["label"]
        known = random.normal((ops.shape(labels)[0], self.config.latent), seed=self.noise)
        made = self.generated(known, labels)
        looks = self.looks(ops.concatenate([pictures, made]), ops.concatenate([labels, labels]))
        return {"known": known, "wanted": pictures, "looks": looks}

    def looks(self, pictures, labels):
        """Pairs of latent vectors and pictures, each better than the one before."""
        latent = ops.zeros((ops.shape(labels)[0], self.config.latent))
        made, found = ops.zeros_like(pictures), []
        for _ in range(self.config.refinements):
            latent = self.encoder(
                pictures, ops.stop_gradient(made), labels, ops.stop_gradient(latent)
            )
            made = self.generated(latent, labels)
            found.append((latent, made))
        return found

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        known, wanted, loss = y_pred["known"], y_pred["wanted"], 0.0
        count = ops.shape(known)[0]
        for latent, made in y_pred["looks"]:
            picture = ops.mean(ops.abs(made[:count] - wanted))
            distance = ops.mean(ops.square(latent[count:] - known))
            far = ops.mean(ops.square(latent[:count]))
            loss += 10 * picture + 0.3 * distance + self.objective.held * far
        self.errors["picture"].update_state(picture)
        self.errors["latent"].update_state(distance)
        return loss / self.config.refinements
