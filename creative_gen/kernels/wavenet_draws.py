"""What a step's outputs mean, compiled: draws and likelihoods of both heads.

`logistics` is the same for the mixture in NumPy, `wavenet_numpy` for the levels. Arrays are
addresses; probabilities of levels are float32, all else is float64.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from creative_gen.kernels import random
from creative_gen.kernels.compiled import compiled, inlined
from creative_gen.kernels.logistics import CODES, GRID, LOWEST, MAX_LOG_SCALE, MIN_LOG_SCALE
from creative_gen.kernels.vector_code import LANES
from creative_gen.kernels.wavenet_instructions import shifted, softmax_terms
from creative_gen.kernels.wavenet_weights import LEVELS

Float = NDArray[np.float32]

inlined(random.mix)
uniform = inlined(random.uniform)


@compiled
def draw(
    outputs: Float, mixtures: int, temperature: float, seed: int, step: int, terms: Float
) -> int:
    """The code drawn from a row of outputs: of `mixtures` logistics, or, if 0, of levels."""
    first = uniform(np.uint64(seed), np.uint64(step), np.uint64(0))
    second = uniform(np.uint64(seed), np.uint64(step), np.uint64(1))
    if mixtures > 0:
        return draw_sample(outputs, mixtures, temperature, first, second)
    return draw_level(outputs, temperature, first, second, terms)


@compiled
def draw_level(logits: Float, temperature: float, first: float, second: float, terms: Float) -> int:
    """A level drawn in two choices: which of 16 groups, then which of its levels.

    Group i has the levels i, i + 16 ... With a number for each choice, a draw rarely changes when
    the logits hardly do: `wavenet_kernel.speculate` lives by that.
    """
    if temperature == 0.0:
        best = 0
        for k in range(1, LEVELS):
            if logits[k] > logits[best]:
                best = k
        return best
    softmax_terms(logits, LEVELS, np.float32(1.0 / max(temperature, 1e-9)), terms)
    groups, each = int(np.int64(1)), int(np.int64(LANES))
    group = draw_term(shifted(terms, LEVELS), groups, first)
    return group + LANES * draw_term(shifted(terms, group), each, second)


@compiled
def draw_term(terms: Float, pitch: int, u: float) -> int:
    """Index drawn in proportion to 16 terms that are `pitch` apart."""
    total = np.float64(0.0)
    for i in range(LANES):
        total += np.float64(terms[i * pitch])
    below = np.float64(0.0)
    for i in range(LANES - 1):
        below += np.float64(terms[i * pitch])
        if below > u * total:
            return i
    return LANES - 1


@compiled
def draw_sample(outputs: Float, size: int, temperature: float, first: float, second: float) -> int:
    """A code from a mixture of logistics: logistics.draw for one row."""
    largest = largest_logit(outputs, size)
    sharpness = 1.0 / max(temperature, 1e-9)
    total = np.float64(0.0)
    for k in range(size):
        total += math.exp((np.float64(outputs[k]) - largest) * sharpness)
    chosen, below = size - 1, np.float64(0.0)
    for k in range(size - 1):
        below += math.exp((np.float64(outputs[k]) - largest) * sharpness)
        if below > first * total:
            chosen = k
            break
    spread = temperature * math.exp(log_scale(outputs[2 * size + chosen]))
    logistic = math.log(second) - math.log1p(-second)
    step = np.rint((np.float64(outputs[size + chosen]) + spread * logistic) * GRID)
    return int(min(max(step, np.float64(LOWEST)), np.float64(-LOWEST - 1))) - LOWEST


@compiled
def log_likelihood(outputs: Float, mixtures: int, code: int, terms: Float) -> float:
    """Log probability of a code in nats, under `mixtures` logistics, or, if 0, levels."""
    if mixtures > 0:
        return sample_likelihood(outputs, mixtures, code)
    largest = softmax_terms(outputs, LEVELS, np.float32(1.0), terms)
    total = np.float64(0.0)
    for i in range(LANES):
        total += np.float64(terms[LEVELS + i])
    return float(np.float64(outputs[code]) - np.float64(largest) - math.log(total))


@compiled
def sample_likelihood(outputs: Float, size: int, code: int) -> float:
    """Log probability of a code: logistics.log_probability for one row."""
    largest = largest_logit(outputs, size)
    weights, best = 0.0, -math.inf
    for k in range(size):
        weights += math.exp(np.float64(outputs[k]) - largest)
        best = max(best, component(outputs, size, k, code))
    total = np.float64(0.0)
    for k in range(size):
        total += math.exp(component(outputs, size, k, code) - best)
    return float(best + math.log(total) - largest - math.log(weights))


@compiled
def component(outputs: Float, size: int, k: int, code: int) -> float:
    """Mixture logit plus log probability of a code under one logistic."""
    inverse = math.exp(-log_scale(outputs[2 * size + k]))
    centred = np.float64(code + LOWEST) / GRID - np.float64(outputs[size + k])
    below = -softplus(-(centred + 0.5 / GRID) * inverse)
    above = -softplus((centred - 0.5 / GRID) * inverse)
    inner = below + above + math.log(-math.expm1(-inverse / GRID))
    probability = below if code == 0 else above if code == CODES - 1 else inner
    return float(np.float64(outputs[k]) + probability)


@compiled
def softplus(x: float) -> float:
    """log(1 + exp(x))."""
    return float(max(x, 0.0) + math.log1p(math.exp(-abs(x))))


@compiled
def log_scale(value: float) -> float:
    """A clipped log scale, in float64."""
    return float(min(max(np.float64(value), MIN_LOG_SCALE), MAX_LOG_SCALE))


@compiled
def largest_logit(outputs: Float, size: int) -> float:
    """The largest of `size` outputs, in float64."""
    largest = float(outputs[0])
    for k in range(1, size):
        largest = max(largest, float(outputs[k]))
    return largest
