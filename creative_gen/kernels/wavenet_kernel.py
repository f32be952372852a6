"""A compiled WaveNet that reads or generates passages: the loops around `wavenet_forward`.

A stream alone waits for its weights. Those of 30 layers of 64 channels are 3.8 MB in float32: more
than the level 2 cache of most cores, and level 3 gives one core 30 GB/s or so. `speculate` asks a
copy of the network in bfloat16, which does fit, for the next samples, and then the network itself
about all of them in one reading of its weights. Both draw with the same random numbers, so they
mostly agree; what the network says is what counts, and its samples are the very bits that it would
have made alone (Leviathan et al., "Fast Inference from Transformers via Speculative Decoding",
2023, with common random numbers in place of rejection).

Numba's cache of this module is renewed when this file changes, not when the modules it takes
functions from do: while working on those, clear `__pycache__`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from creative_gen.kernels.compiled import compiled
from creative_gen.kernels.wavenet_draws import draw, log_likelihood
from creative_gen.kernels.wavenet_forward import ROWS, Network, Scratch, forward, undo
from creative_gen.kernels.wavenet_instructions import addresses, shifted

Float = NDArray[np.float32]
Integer = NDArray[np.int64]

PAST = 2
"""Codes of a passage that come before it."""


class Streams(NamedTuple):
    """The arrays of a `wavenet_passage.Passage` of N streams and T steps, and their sizes.

    Attributes:
        length, frames, phases_width: T, F and I - 2.
        frame_samples: steps of a frame.
        temperature, pre_emphasis: numbers.
    """

    length: int
    frames: int
    phases_width: int
    frame_samples: int
    temperature: float
    pre_emphasis: float
    queue: Float
    seeds: NDArray[np.uint64]
    steps: Integer
    last: Float
    codes: NDArray[np.int32]
    biases: Float
    phases: Float
    audio: Float


@compiled
def generate(arrays: Network, working: Scratch, passage: Streams) -> None:
    """Generate the passage: rows are streams, 16 at a time."""
    network, scratch, streams = addresses(arrays), addresses(working), addresses(passage)
    count = len(passage.seeds)
    width = PAST + streams.length
    # Typed, because Numba would compile `forward` again for a literal.
    none = int(np.int64(0))
    for t in range(streams.length):
        for first in range(0, count, ROWS):
            rows = min(count - first, ROWS)
            for r in range(rows):
                enter(network, scratch, streams, first + r, t, r)
            ahead = streams.length - t if count == 1 else none
            forward(network, scratch, streams.queue, streams.biases, none, rows, ahead)
            for r in range(rows):
                at = (first + r) * width + PAST + t
                streams.codes[at] = drawn(network, scratch, streams, first + r, t, r)
    for s in range(count):
        sound(network, streams, s)


@compiled
def read(
    arrays: Network,
    working: Scratch,
    passage: Streams,
    likelihoods: NDArray[np.float64],
    outputs: Float,
) -> None:
    """Read the passage: rows are 16 neighbouring steps of a stream.

    `likelihoods` is (N, T); `outputs` (N, T, O), or (N, 0, O) if nobody asks.
    """
    network, scratch, streams = addresses(arrays), addresses(working), addresses(passage)
    width = PAST + streams.length
    # Typed, because Numba would compile `forward` again for a literal.
    none = int(np.int64(0))
    for s in range(len(passage.seeds)):
        for first in range(0, streams.length, ROWS):
            rows = min(streams.length - first, ROWS)
            for r in range(rows):
                enter(network, scratch, streams, s, first + r, r)
            forward(network, scratch, streams.queue, streams.biases, none, rows, none)
            for r in range(rows):
                code = streams.codes[s * width + PAST + first + r]
                likelihoods[s, first + r] = log_likelihood(
                    shifted(scratch.outputs, r * network.outputs),
                    network.mixtures,
                    code,
                    scratch.terms,
                )
                if outputs.shape[1] > 0:
                    for j in range(outputs.shape[2]):
                        outputs[s, first + r, j] = scratch.outputs[r * network.outputs + j]


@compiled
def speculate(arrays: Network, guessing: Network, working: Scratch, passage: Streams) -> None:
    """Generate the passage, 16 steps at a time that `guessing` draws first; the same bits."""
    network, guess = addresses(arrays), addresses(guessing)
    scratch, streams = addresses(working), addresses(passage)
    width = PAST + streams.length
    # Typed, because Numba would compile `forward` again for a literal.
    none, one = int(np.int64(0)), int(np.int64(1))
    for s in range(len(passage.seeds)):
        t = none
        while t < streams.length:
            rows = min(streams.length - t, ROWS)
            codes = s * width + PAST + t
            for layer in range(network.layers):
                scratch.ready[layer] = 0
            for r in range(rows):
                enter(network, scratch, streams, s, t + r, r)
                forward(guess, scratch, streams.queue, streams.biases, r, one, rows - r)
                streams.codes[codes + r] = drawn(network, scratch, streams, s, t + r, r)
            undo(network, scratch, streams.queue, none, rows)
            forward(network, scratch, streams.queue, streams.biases, none, rows, none)
            right, guessed = none, True
            while guessed and right < rows:
                code = drawn(network, scratch, streams, s, t + right, right)
                guessed = code == streams.codes[codes + right]
                streams.codes[codes + right] = code
                right += 1
            undo(network, scratch, streams.queue, right, rows - right)
            t += right
        sound(network, streams, s)


@compiled
def enter(network: Network, scratch: Scratch, streams: Streams, s: int, t: int, row: int) -> None:
    """Make step t of stream s a row of the scratch."""
    step = streams.steps[s] + t
    frame = s * streams.frames + step // streams.frame_samples
    frame -= streams.steps[s] // streams.frame_samples
    scratch.steps[row] = step
    scratch.slots[row] = s * network.queue * network.units
    scratch.biases[row] = frame * network.layers * 2 * network.units
    code = s * (PAST + streams.length) + PAST + t
    at = row * network.inputs
    for k in range(PAST):
        scratch.inputs[at + k] = network.companded[streams.codes[code - 1 - k]]
    phases = (s * streams.length + t) * streams.phases_width
    for k in range(streams.phases_width):
        scratch.inputs[at + PAST + k] = streams.phases[phases + k]


@compiled
def drawn(network: Network, scratch: Scratch, streams: Streams, s: int, t: int, row: int) -> int:
    """The code that a row's outputs and its stream's seed draw."""
    return draw(
        shifted(scratch.outputs, row * network.outputs),
        network.mixtures,
        streams.temperature,
        streams.seeds[s],
        streams.steps[s] + t,
        scratch.terms,
    )


@compiled
def sound(network: Network, streams: Streams, s: int) -> None:
    """Turn a stream's codes into its sound: y_t = u_t + a y_(t-1)."""
    first = s * (PAST + streams.length) + PAST
    a, y = np.float32(streams.pre_emphasis), streams.last[s]
    for t in range(streams.length):
        y = network.values[streams.codes[first + t]] + a * y
        streams.audio[s * streams.length + t] = y
