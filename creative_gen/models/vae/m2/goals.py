"""What M2 is trained to do: to find examples likely, and to name the few whose labels are known."""

from __future__ import annotations

import math

import keras
from keras import ops, random

from creative_gen.models.vae.goals import WarmUp
from creative_gen.models.vae.m2.network import M2, as_vectors


class M2Training(M2):
    """Trains on batches of "known" (N, *shape), their "label" (N, K), and "unknown" (M, *shape).

    Metrics: `labelled` and `unlabelled`, the negative bounds in nats an example, and `nats`, the
    classifier's cross-entropy.

    Args:
        config: M2Config.
        objective: M2Objective.
        share: float. Of the examples of the set that are labelled: how much the mean bound of the
            labelled ones counts, beside that of the others.
    """

    def __init__(self, config, objective, share, **kwargs):
        super().__init__(config, **kwargs)
        self.objective = objective
        self.share = share
        self.noise = keras.random.SeedGenerator(0)
        self.warm_up = WarmUp(2 * objective.warm_up, name="warm_up")
        names = ("labelled", "unlabelled", "nats")
        self.measured = {name: keras.metrics.Mean(name=name) for name in names}

    @property
    def metrics(self):
        return [*super().metrics, *self.measured.values()]

    def call(self, batch, training=False):
        if not isinstance(batch, dict):
            return self.classifier(batch, training=training)
        # One call, so that both kinds of examples are seen by the same weights at once.
        both = ops.concatenate([batch["known"], batch["unknown"]])
        logits = self.classifier(both, training=training)
        count = ops.shape(batch["known"])[0]
        return {"known": logits[:count], "unknown": logits[count:]}

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        label, classes = x["label"], ops.eye(self.config.classes)
        labelled = self.bound_of(x["known"], label[:, None])[:, 0]
        each = self.bound_of(x["unknown"], classes[None])
        unlabelled = unlabelled_bound(each, y_pred["unknown"], self.guidance())
        nats = -ops.sum(label * ops.log_softmax(y_pred["known"]), 1)
        self.measured["labelled"].update_state(labelled)
        self.measured["unlabelled"].update_state(unlabelled)
        self.measured["nats"].update_state(nats)
        bound = self.share * ops.mean(labelled) + (1 - self.share) * ops.mean(unlabelled)
        return bound + self.objective.alpha * ops.mean(nats)

    def bound_of(self, examples, labels):
        """The negative bound of log p(x, y), in nats (N, Y); see `labelled_bound`.

        All labels of an example share their noise, so that they differ by what they say alone.

        Args:
            examples: (N, *shape).
            labels: (N or 1, Y, K). One-hot.
        """
        mean, log_variance = self.encoder(examples, labels)
        shape = (ops.shape(mean)[0], 1, self.config.latent)
        latent = mean + ops.exp(0.5 * log_variance) * random.normal(shape, seed=self.noise)
        values = self.decoder(latent, labels)
        deviation = getattr(self.decoder, "log_deviation", None)
        likelihood = log_likelihood(as_vectors(examples)[:, None], values, deviation)
        return labelled_bound(likelihood, mean, log_variance, self.config.classes)

    def guidance(self):
        """How much the bound teaches the classifier in the next step, as `M2Objective` says."""
        return self.objective.guidance * ops.maximum(0.0, 2 * self.warm_up.risen() - 1)


def log_likelihood(examples, values, log_deviation=None):
    """log p(x | y, z) in nats (N, Y).

    Args:
        examples: (N, 1, D).
        values: (N, Y, D). Logits of a Bernoulli likelihood, or means of a Gaussian one.
        log_deviation: (D,). Of the Gaussian.
    """
    if log_deviation is None:
        return ops.sum(examples * values - ops.softplus(values), 2)
    distance = (examples - values) * ops.exp(-log_deviation)
    return ops.sum(-0.5 * (ops.square(distance) + math.log(2 * math.pi)) - log_deviation, 2)


def labelled_bound(likelihood, mean, log_variance, classes):
    """-L(x, y) of equation 6, in nats (N, Y), with all classes equally likely.

    Args:
        likelihood: (N, Y). log p(x | y, z) of a draw of z.
        mean, log_variance: (N, Y, Z). Of q(z | x, y).
        classes: int.
    """
    each = ops.square(mean) + ops.exp(log_variance) - log_variance - 1
    return 0.5 * ops.sum(each, 2) - likelihood + math.log(classes)


def unlabelled_bound(each, logits, guidance=1.0):
    """-U(x) of equation 7, in nats (N,): the mean over q(y | x) less its entropy.

    Args:
        each: (N, K). -L(x, y) of every class.
        logits: (N, K). Of q(y | x).
        guidance: how much of its gradient the classifier is given; the value stays.
    """
    logits = guidance * logits + ops.stop_gradient((1 - guidance) * logits)
    logs = ops.log_softmax(logits)
    return ops.sum(ops.exp(logs) * (each + logs), 1)
