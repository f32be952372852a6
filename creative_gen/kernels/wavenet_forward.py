"""One step of a compiled WaveNet, for up to 16 rows at once.

A row is one step of one stream. The rows of a call are the same step of several streams, or, when
the samples are given, neighbouring steps of one stream: a layer takes its rows in order through
the streams' queues (Paine et al., "Fast WaveNet Generation Algorithm", 2016), so both are alike.
Each sum's order depends on the network alone, so a row has the same bits beside any others.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from creative_gen.kernels.compiled import compiled
from creative_gen.kernels.packing import STRIP
from creative_gen.kernels.vector_code import LANES
from creative_gen.kernels.wavenet_instructions import (
    exchange_units,
    gated_units,
    multiply_rows,
    shifted,
)

Float = NDArray[np.float32]
Integer = NDArray[np.int64]

ROWS = 16
NO_FLOOR = np.float32(-np.inf)
ZERO = np.float32(0.0)


class Network(NamedTuple):
    """A packed network. R, S, H and O are multiples of 32.

    Attributes:
        layers, units, inputs, skip, head, outputs: L, R, I rounded up to even, S, H and O.
        mixtures: logistics of the head; 0 if it has levels.
        queue: rows of a stream's queue, the sum of the dilations.
        weights: packed matrices one after another: input (I, R); of each layer the past's share of
            the kernel (R, 2R), the present's (R, 2R) and the residual (R, R); skip (L R, S), head
            (S, H) and output (H, O).
        dilations: (L,).
        queue_starts: (L,) the row at which each layer's part of the queue begins.
        residual_bias: (L R,); the other biases are as wide as their sums.
        zeros: (2R,).
        values, companded: of each code.
    """

    layers: int
    units: int
    inputs: int
    skip: int
    head: int
    outputs: int
    mixtures: int
    queue: int
    weights: NDArray[np.generic]
    dilations: Integer
    queue_starts: Integer
    input_bias: Float
    residual_bias: Float
    skip_bias: Float
    head_bias: Float
    output_bias: Float
    zeros: Float
    values: Float
    companded: Float


class Scratch(NamedTuple):
    """What a call works with: one value, or one array of the named width, for each of 16 rows.

    Attributes:
        slots, steps, biases: where a row's queue begins, its step, and where its biases begin.
        inputs, h, sums, gated, skip, head, outputs: I, R, 2R, L R, S, H and O values; the gated
            units of all layers are side by side.
        pairs: (L * 16 * 2R,) what went out of the queues and into them, layer by layer.
        foreseen: (L * 16 * 2R,) the past's share of the sums of coming steps, layer by layer.
        ready, used: (L,) how many foreseen sums are left, and how many were used.
        terms: of the softmax; see `wavenet_instructions.softmax_terms`.
    """

    slots: Integer
    steps: Integer
    biases: Integer
    inputs: Float
    h: Float
    sums: Float
    gated: Float
    skip: Float
    head: Float
    outputs: Float
    pairs: Float
    foreseen: Float
    ready: Integer
    used: Integer
    terms: Float


def make_scratch(network: Network) -> Scratch:
    """Allocate what a call works with."""
    n = network
    wide = n.layers * n.units

    def values(width: int) -> Float:
        return np.zeros(ROWS * width, np.float32)

    return Scratch(
        slots=np.zeros(ROWS, np.int64),
        steps=np.zeros(ROWS, np.int64),
        biases=np.zeros(ROWS, np.int64),
        inputs=values(n.inputs),
        h=values(n.units),
        sums=values(2 * n.units),
        gated=values(wide),
        skip=values(n.skip),
        head=values(n.head),
        outputs=values(n.outputs),
        pairs=values(2 * wide),
        foreseen=values(2 * wide),
        ready=np.zeros(n.layers, np.int64),
        used=np.zeros(n.layers, np.int64),
        terms=np.zeros(n.outputs + LANES, np.float32),
    )


@compiled
def forward(
    network: Network, scratch: Scratch, queue: Float, biases: Float, row: int, rows: int, ahead: int
) -> None:
    """Turn `inputs` of the rows from `row` on into `outputs`, through the layers and queues.

    All arrays are addresses. With `ahead` > 0 there is one row, and as many steps of its stream
    will follow from it on in this call: the past's share of a layer's sums, known `dilation` steps
    before, is then made for up to eight of them by one reading of the weights.
    """
    n, units, double, wide = (
        network,
        network.units,
        2 * network.units,
        network.layers * network.units,
    )
    # Typed, because Numba would compile `multiply` again for a literal.
    none = int(np.int64(0))
    h, sums = shifted(scratch.h, row * units), shifted(scratch.sums, row * double)
    gated = shifted(scratch.gated, row * wide)
    w = n.weights
    inputs = shifted(scratch.inputs, row * n.inputs)
    multiply(w, n.inputs, inputs, n.inputs, n.input_bias, none, h, units, NO_FLOOR, rows)
    w = shifted(w, n.inputs * units)
    for layer in range(n.layers):
        past = shifted(scratch.pairs, (layer * ROWS + row) * double)
        present = shifted(past, units)
        if ahead > 0 and scratch.ready[layer] == 0:
            foresee(n, scratch, queue, layer, w, row, ahead)
        take_turns(n, scratch, queue, layer, row, rows)
        begin = sums
        if ahead > 0:
            begin = shifted(scratch.foreseen, (layer * ROWS + scratch.used[layer]) * double)
            scratch.used[layer] += 1
            scratch.ready[layer] -= 1
        else:
            multiply(w, units, past, double, n.zeros, none, sums, double, NO_FLOOR, rows)
        w = shifted(w, units * double)
        multiply(w, units, present, double, begin, double, sums, double, NO_FLOOR, rows)
        w = shifted(w, units * double)
        out = shifted(gated, layer * units)
        for r in range(rows):
            bias = shifted(biases, scratch.biases[row + r] + layer * double)
            for k in range(0, units, LANES):
                target = shifted(out, r * wide + k)
                gated_units(shifted(sums, r * double + k), shifted(bias, k), units, target)
        multiply(w, units, out, wide, h, units, h, units, NO_FLOOR, rows)
        w = shifted(w, units * units)
    skip, head = shifted(scratch.skip, row * n.skip), shifted(scratch.head, row * n.head)
    outputs = shifted(scratch.outputs, row * n.outputs)
    multiply(w, wide, gated, wide, n.skip_bias, none, skip, n.skip, ZERO, rows)
    w = shifted(w, wide * n.skip)
    multiply(w, n.skip, skip, n.skip, n.head_bias, none, head, n.head, ZERO, rows)
    w = shifted(w, n.skip * n.head)
    multiply(w, n.head, head, n.head, n.output_bias, none, outputs, n.outputs, NO_FLOOR, rows)


@compiled
def take_turns(
    network: Network, scratch: Scratch, queue: Float, layer: int, row: int, rows: int
) -> None:
    """Exchange the rows' h for what is in a layer's queue: `pairs` (past, present)."""
    units = network.units
    for r in range(row, row + rows):
        slot = slot_of(network, scratch, queue, layer, r)
        pair = shifted(scratch.pairs, (layer * ROWS + r) * 2 * units)
        for k in range(0, units, LANES):
            exchange_units(
                shifted(slot, k),
                shifted(scratch.h, r * units + k),
                shifted(network.residual_bias, layer * units + k),
                shifted(pair, k),
                shifted(pair, units + k),
            )


@compiled
def slot_of(network: Network, scratch: Scratch, queue: Float, layer: int, row: int) -> Float:
    """The address of a row's place in a layer's queue."""
    place = network.queue_starts[layer] + scratch.steps[row] % network.dilations[layer]
    slot: Float = shifted(queue, scratch.slots[row] + place * network.units)
    return slot


@compiled
def foresee(
    network: Network,
    scratch: Scratch,
    queue: Float,
    layer: int,
    weights: NDArray[np.generic],
    row: int,
    ahead: int,
) -> None:
    """Make the past's share of a layer's sums for the row's step and some after it."""
    n, units, dilation = network, network.units, network.dilations[layer]
    none = int(np.int64(0))
    # What comes next in the queue, as far as that does not go back to its begin.
    known = min(ahead, dilation - scratch.steps[row] % dilation)
    count = 8 if known >= 8 else 4 if known >= 4 else 1
    slot = slot_of(n, scratch, queue, layer, row)
    target = shifted(scratch.foreseen, layer * ROWS * 2 * units)
    multiply(weights, units, slot, units, n.zeros, none, target, 2 * units, NO_FLOOR, count)
    scratch.ready[layer] = count
    scratch.used[layer] = 0


@compiled
def undo(network: Network, scratch: Scratch, queue: Float, row: int, rows: int) -> None:
    """Put back into the queues what the rows from `row` on took out, the last row first."""
    for layer in range(network.layers):
        for r in range(row + rows - 1, row - 1, -1):
            slot = slot_of(network, scratch, queue, layer, r)
            pair = shifted(scratch.pairs, (layer * ROWS + r) * 2 * network.units)
            for k in range(network.units):
                slot[k] = pair[k]


@compiled
def multiply(
    weights: NDArray[np.generic],
    depth: int,
    inputs: Float,
    stride: int,
    begin: Float,
    begin_pitch: int,
    result: Float,
    columns: int,
    lowest: np.float32,
    rows: int,
) -> None:
    """Do `multiply_rows` for all columns, with the widest tile that fits the registers.

    Rows up to the tile's size, 4 or 8, are multiplied for nothing.
    """
    for j in range(0, columns, STRIP if rows > 1 else 2 * STRIP):
        w, start, out = shifted(weights, j * depth), shifted(begin, j), shifted(result, j)
        if rows > 4:
            for r in range(0, rows, 8):
                x = shifted(inputs, r * stride)
                first, to = shifted(start, r * begin_pitch), shifted(out, r * columns)
                multiply_rows(w, depth, x, stride, first, begin_pitch, to, columns, lowest, 8, 1, 1)
        elif rows > 1:
            multiply_rows(
                w, depth, inputs, stride, start, begin_pitch, out, columns, lowest, 4, 1, 2
            )
        elif j + STRIP < columns:
            multiply_rows(
                w, depth, inputs, stride, start, begin_pitch, out, columns, lowest, 1, 2, 2
            )
        else:
            multiply_rows(
                w, depth, inputs, stride, start, begin_pitch, out, columns, lowest, 1, 1, 2
            )
