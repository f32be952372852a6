"""What a VAE is trained to do: to keep much of a picture in few nats."""

from __future__ import annotations

import keras
from keras import ops, random

from creative_gen.models.vae.config import VAEConfig
from creative_gen.models.vae.likelihoods import log_likelihood
from creative_gen.models.vae.network import VAE
from creative_gen.models.vae.objective import Objective


class VAETraining(VAE):
    """Trains for the evidence lower bound, and its classifier for the cross-entropy.

    Metrics, in nats a picture: `nll` of the reconstruction, `kl` from the prior, `elbo`, which is
    their sum (the negative bound), and the classifier's `error`, a share.
    """

    def __init__(self, config: VAEConfig, objective: Objective, **kwargs):
        super().__init__(config, **kwargs)
        self.objective = objective
        self.noise = keras.random.SeedGenerator(0)
        self.warm_up = WarmUp(objective.warm_up, name="warm_up")
        names = ("nll", "kl", "elbo", *(("error",) if config.classes else ()))
        self.measured = {name: keras.metrics.Mean(name=name) for name in names}

    @property
    def metrics(self):
        return [*super().metrics, *self.measured.values()]

    def call(self, batch, training=None):
        picture, label = batch["picture"], batch["label"]
        mean, log_variance = self.encoder(picture, label)
        drawn = random.normal(ops.shape(mean), seed=self.noise)
        latent = self.swapped(batch, mean) + ops.exp(0.5 * log_variance) * drawn
        return {"logits": self.decoder(latent, label), "mean": mean, "log_variance": log_variance}

    def swapped(self, batch, mean):
        """The means (N, Z), of which the first units tell of each picture's twin instead.

        From them the decoder is to make the twin, so that these units alone say what differs
        (Kulkarni et al., 2015, "Deep convolutional inverse graphics network", section 3.1).
        """
        if "twin" not in batch:
            return mean
        other = batch["twin_told"]
        same = ops.isnan(other) | (other == batch["told"])
        told = ops.where(same, mean[:, : other.shape[1]], other)
        return ops.concatenate([told, mean[:, other.shape[1] :]], 1)

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        picture, config = x.get("twin", x["picture"]), self.config
        scale = getattr(self.decoder, "log_scale", 0.0)
        nll = -log_likelihood(config.likelihood, picture, y_pred["logits"], scale)
        kl = kl_from_prior(y_pred["mean"], y_pred["log_variance"])
        self.measured["nll"].update_state(nll)
        self.measured["kl"].update_state(kl)
        self.measured["elbo"].update_state(nll + kl)
        beta = self.objective.beta * (self.warm_up.risen() if training else 1.0)
        loss = ops.mean(nll + beta * ops.maximum(kl, self.objective.free_nats))
        if "told" in x:
            loss += self.objective.told_weight * ops.mean(self.untold(x["told"], y_pred["mean"]))
        return loss + self.classification(x) if config.classes else loss

    def untold(self, told, mean):
        """The squared distance (N,) of the first units of the means from what they are to tell.

        What is not known of a picture, NaN, counts nothing.
        """
        # Left out before it is squared: the gradient of a square is NaN times whatever counts.
        distance = ops.where(ops.isnan(told), 0.0, mean[:, : told.shape[1]] - told)
        return ops.sum(ops.square(distance), 1)

    def classification(self, batch):
        """The weighted cross-entropy of the classifier, in nats."""
        logits = self.classifier(batch["picture"])
        wrong = ops.argmax(logits, 1) != ops.argmax(batch["label"], 1)
        self.measured["error"].update_state(ops.cast(wrong, "float32"))
        nats = -ops.sum(batch["label"] * ops.log_softmax(logits), 1)
        return self.objective.classification * ops.mean(nats)


class WarmUp(keras.layers.Layer):
    """Counts steps, over the first of which beta rises (Bowman et al., 2016).

    The optimizer counts them, too, but to a loss on JAX its count stays what it was at the start.

    Args:
        steps: int. At which it reaches 1.
    """

    def __init__(self, steps, **kwargs):
        super().__init__(**kwargs)
        self.steps = steps
        self.seen = self.add_weight((), "zeros", trainable=False, name="seen")

    def risen(self):
        """The share of beta that counts in the next step."""
        share = ops.minimum(1.0, self.seen / self.steps)
        self.seen.assign_add(1)
        return share


def kl_from_prior(mean, log_variance):
    """KL of the posteriors (N, Z) from the standard normal prior, in nats a picture."""
    each = ops.square(mean) + ops.exp(log_variance) - log_variance - 1
    return 0.5 * ops.sum(each, 1)
