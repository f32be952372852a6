"""How likely a VAE finds pictures: the evidence lower bound, and the importance-weighted bound.

Both lie below log p(x). The bound of one importance sample is the ELBO on average, and that of k
rises with k towards log p(x) (Burda et al., 2016, "Importance weighted autoencoders", section 3).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Doubles = NDArray[np.float64]

Encode = Callable[[Floats], tuple[Floats, Floats]]
"""From pictures (N, ...) to the means and standard deviations (N, Z) of q(z | x)."""

Decode = Callable[[Floats], Floats]
"""From latent vectors (K, Z) to probabilities (K, ...) that values are 1."""

EPSILON = float(np.finfo(np.float32).eps)
"""Probabilities are kept this far from 0 and 1, next to which float32 has no more of them."""


@dataclass(frozen=True)
class Bounds:
    """What is known of log p(x) of N pictures, in nats a picture.

    Args:
        elbo: (N,). The evidence lower bound: the mean of log p(x | z), less `kl`.
        kl: (N,). The divergence of q(z | x) from the prior, in closed form.
        importance_weighted: (N,) by the number of samples k.
    """

    elbo: Doubles
    kl: Doubles
    importance_weighted: dict[int, Doubles]


def bounds(
    pictures: Floats,
    encode: Encode,
    decode: Decode,
    counts: Sequence[int] = (5000,),
    seed: int = 0,
    at_once: int = 500,
) -> Bounds:
    """The bounds of pictures under a decoder with a Bernoulli likelihood.

    A picture's draws do not depend on the other pictures, nor on `at_once`.

    Args:
        pictures: (N, ...), of zeros and ones.
        encode: Encode.
        decode: Decode. Of an exported decoder too: it gives probabilities, and not logits.
        counts: numbers of samples k. All share their draws: the first k of the largest k.
        seed: int.
        at_once: int. How many latent vectors are decoded at once: what memory depends on, rather
            than k.

    Raises:
        ValueError: a value is neither 0 nor 1, or there is no k.
    """
    if not np.isin(pictures, (0, 1)).all():
        raise ValueError("A bound on log p(x) needs pictures of zeros and ones: binarise them.")
    if min(counts, default=0) < 1:
        raise ValueError(f"A bound needs at least one sample, and not {min(counts, default=0)}.")
    means, deviations = encode(pictures)
    likelihoods, weights = np.empty((2, len(pictures), max(counts)))
    for row, picture in enumerate(pictures):
        start = 0
        for noise in draws(max(counts), means.shape[1], [seed, row], at_once):
            latent = means[row] + deviations[row] * noise
            these = slice(start, start + len(noise))
            likelihoods[row, these] = bernoulli_log_likelihood(picture, decode(latent))
            weights[row, these] = log_prior_ratio(latent, noise, deviations[row])
            start += len(noise)
    kl = kl_from_prior(means, deviations).sum(1)
    weights += likelihoods
    weighted = {k: log_mean_exp(weights[:, :k]) for k in counts}
    return Bounds(likelihoods.mean(1) - kl, kl, weighted)


def draws(count: int, size: int, seed: list[int], at_once: int) -> Iterator[Floats]:
    """Standard normal vectors (`count`, `size`), in passes of at most `at_once`."""
    rng = np.random.default_rng(seed)
    for start in range(0, count, at_once):
        yield rng.standard_normal((min(at_once, count - start), size), np.float32)


def bernoulli_log_likelihood(picture: Floats, probabilities: Floats) -> Doubles:
    """log p(x | z) in nats.

    Args:
        picture: (...), of zeros and ones.
        probabilities: (K, ...). That a value is 1.

    Returns:
        (K,).
    """
    likely = np.where(picture > 0.5, probabilities, 1 - probabilities)
    logs = np.log(np.clip(likely, EPSILON, 1 - EPSILON)).reshape(len(likely), -1)
    return np.asarray(logs.sum(1, dtype=np.float64))


def log_prior_ratio(latent: Floats, noise: Floats, deviation: Floats) -> Doubles:
    """log p(z) - log q(z | x), in nats.

    Args:
        latent: (K, Z). z = mean + deviation * noise.
        noise: (K, Z).
        deviation: (Z,).

    Returns:
        (K,).
    """
    squares = np.square(noise, dtype=np.float64) - np.square(latent, dtype=np.float64)
    return np.asarray(0.5 * squares.sum(1) + np.log(deviation, dtype=np.float64).sum())


def kl_from_prior(means: Floats, deviations: Floats) -> Doubles:
    """The divergence (N, Z) of each unit of q(z | x) from the standard normal prior, in nats."""
    variances = np.square(deviations, dtype=np.float64)
    return 0.5 * (np.square(means, dtype=np.float64) + variances - np.log(variances) - 1)


def log_mean_exp(values: Doubles) -> Doubles:
    """The log of the mean of exp over the last axis; nothing overflows."""
    largest = values.max(-1, keepdims=True)
    return np.asarray(np.log(np.exp(values - largest).mean(-1)) + largest[..., 0])
