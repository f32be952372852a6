"""Two players' losses: what a generator and a discriminator play against each other for.

Both are written as losses of one step, so that they train by `compute_loss` on any backend: the
discriminator sees `stop_gradient` of what was made, the generator plays against `frozen` weights.
"""

from __future__ import annotations

from keras import ops, random


def minimax_losses(real, made):
    """The losses of the original game (Goodfellow et al., 2014, equation 1).

    The discriminator raises the value V = E[log D(real)] + E[log(1 - D(made))], whose maximum is
    -log 4 + 2 JSD(real, made), where JSD is the Jensen-Shannon divergence; the generator lowers it.
    Where the discriminator is sure of what was made, the generator's gradient vanishes.

    Args:
        real: (N, ...). Logits of real pictures.
        made: (M, ...). Logits of made ones.

    Returns:
        The losses in nats: the discriminator's is -V, the generator's the part of V that depends
        on it, E[log(1 - D(made))], which is negative.
    """
    caught = ops.mean(ops.softplus(made))
    return ops.mean(ops.softplus(-real)) + caught, -caught


def non_saturating_losses(real, made):
    """The original game with the generator's objective that does not saturate.

    The generator raises log D(made) instead of lowering log(1 - D(made)): the same fixed point, but
    a strong gradient where the discriminator is sure (Goodfellow et al., 2014, section 3).

    Args:
        real: (N, ...). Logits of real pictures.
        made: (M, ...). Logits of made ones.

    Returns:
        The losses in nats: the discriminator's is that of `minimax_losses`, the generator's is
        E[-log D(made)].
    """
    ours, _ = minimax_losses(real, made)
    return ours, ops.mean(ops.softplus(-made))


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

    def call(pictures, **options):
        made, _ = model.stateless_call(weights, others, pictures, **options)
        return made

    return call
