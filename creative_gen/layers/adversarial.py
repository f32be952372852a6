"""Two players' losses: what a generator and a discriminator play against each other for.

Both are written as losses of one step, so that they train by `compute_loss` on any backend: the
discriminator sees `stop_gradient` of what was made, the generator plays against `frozen` weights.
"""

from __future__ import annotations

from keras import ops, random


def relativistic_losses(real, made):
    """The losses of both players from the discriminator's logits of pairs.

    Relativistic pairing (Jolicoeur-Martineau, 2019): not whether a picture is real is judged, but
    which of two is; it has no mode collapse to run into (Huang et al., 2024, "R3GAN").

    Args:
        real: (N, ...). Logits of real pictures.
        made: (N, ...). Logits of made ones.

    Returns:
        The losses of the discriminator and of the generator, in nats.
    """
    difference = real - made
    return ops.mean(ops.softplus(-difference)), ops.mean(ops.softplus(difference))


def smoothness_penalty(discriminator, pictures, logits, seed, deviation=0.02):
    """How much the logits change under noise: the R1 and R2 penalties without second derivatives.

    For small noise the squared change is its variance times the squared norm of the gradient (Lin
    et al., 2025, "Diffusion adversarial post-training", 3.4), which R1 keeps small at real
    pictures and R2 at made ones (Mescheder et al., 2018).

    Args:
        discriminator: callable. Pictures to logits.
        pictures: (N, H, W, C).
        logits: its logits of these.
        seed: keras.random.SeedGenerator.
        deviation: float. Of the noise.

    Returns:
        The mean squared change, divided by the variance of the noise.
    """
    noise = random.normal(ops.shape(pictures), 0.0, deviation, seed=seed)
    return ops.mean(ops.square(discriminator(pictures + noise) - logits)) / deviation**2


def frozen(model):
    """A function like the model's call that passes gradients on to its inputs alone."""
    weights = [ops.stop_gradient(variable) for variable in model.trainable_variables]
    others = [ops.stop_gradient(variable) for variable in model.non_trainable_variables]

    def call(pictures):
        made, _ = model.stateless_call(weights, others, pictures)
        return made

    return call
