"""What the two players are trained to do: to tell made pictures from real ones, and to prevent it.

Both losses are one step's, so that they train by `compute_loss` on any backend; see
`layers.adversarial`.
"""

from __future__ import annotations

import keras
import numpy as np
from keras import ops, random

from creative_gen.layers.adversarial import frozen, minimax_losses, non_saturating_losses
from creative_gen.models.gan.network import GAN

LOSSES = {"minimax": minimax_losses, "non-saturating": non_saturating_losses}


class Game(GAN):
    """Plays an objective's game.

    Metrics: both players' losses in nats; `accuracy`, how often the discriminator is right about a
    picture; and `divergence`, the Jensen-Shannon divergence of real and made pictures in nats that
    it proves, of log 2 at most: (log 4 + V) / 2, where V is the value of the game.
    """

    def __init__(self, config, objective, **kwargs):
        super().__init__(config, **kwargs)
        self.objective = objective
        self.noise = keras.random.SeedGenerator(0)
        names = ("discriminator_nats", "generator_nats", "accuracy", "divergence")
        self.measured = {name: keras.metrics.Mean(name=name) for name in names}

    @property
    def metrics(self):
        return [*super().metrics, *self.measured.values()]

    def call(self, batch, training=None):
        """As many made pictures as the batch has real ones."""
        count = ops.shape(batch["picture"])[0]
        return super().call(random.normal((count, self.config.latent), seed=self.noise))

    def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
        losses, judge = LOSSES[self.objective.game], self.discriminator
        real_logits = judge(x["picture"], training=training)
        made_logits = judge(ops.stop_gradient(y_pred), training=training)
        ours, _ = losses(real_logits, made_logits)
        opposed = frozen(judge)(y_pred, training=training)
        _, theirs = losses(ops.stop_gradient(real_logits), opposed)
        right = ops.concatenate([real_logits > 0, made_logits < 0])
        self.measured["discriminator_nats"].update_state(ours)
        self.measured["generator_nats"].update_state(theirs)
        self.measured["accuracy"].update_state(ops.cast(right, "float32"))
        self.measured["divergence"].update_state((np.log(4) - ours) / 2)
        return ours + theirs


class TurnsAdam(keras.optimizers.Adam):
    """Adam that leaves one player as it is, but for every k-th step.

    Args:
        player: str. The layer that waits, as its weights' paths name it.
        every: int. k.
        learning_rate, options: those of Adam.
    """

    def __init__(self, player, every, learning_rate, **options):
        super().__init__(learning_rate, **options)
        self.player, self.every = player, every

    def apply(self, grads, trainable_variables=None):
        if self.every == 1:
            super().apply(grads, trainable_variables)
            return
        moves = (self.iterations + 1) % self.every == 0
        # Its moments wait with it.
        waiting = [
            v for v in (*self._trainable_variables, *self.variables) if self.player in v.path
        ]
        before = [ops.copy(variable) for variable in waiting]
        super().apply(grads, trainable_variables)
        for variable, values in zip(waiting, before, strict=True):
            variable.assign(ops.where(moves, ops.copy(variable), values))
