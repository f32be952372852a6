"""The compiled Sketch-RNN decoder: LSTM, mixture and drawing in one loop, with no Python inside.

Unfinished drawings sit in slots. Each step multiplies all slots' (h, x) with the packed weights,
one strip of 32 columns at a time so that a strip is read once for all of them, then updates the
cells and draws every slot's next point. A slot whose drawing ends takes the next waiting drawing.
Every sum runs over k in order, so a drawing has the same bits in any slot and beside any others.

One drawing alone waits for its weights: the 4.2 MB of an LSTM of 512 units do not fit the 2 MB of
level 2 cache that a core of a current server has, and level 3 gives 30 GB/s. Measured there
(AVX-512, 250 points, ms a drawing alone / of 100): float32 27 / 4.0, float16 11 / 4.4, int16 steps
11 / 4.5; so `packing` uses 16 bits where they hold the very same weights. The fastest multiply for
a batch keeps 12 drawings x 32 columns in registers, alone 1 x 128; without AVX-512 3 x 32 and 1 x
64 (float32, AVX2: 29 / 11).

Arrays are copied in loops, because Numba compiles array assignments slowly (6 s against 4 s).
Numba's cache of this module is renewed when this file changes, not when the modules it takes
functions from do: while working on those, clear `__pycache__`.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from creative_gen.kernels import random
from creative_gen.kernels.compiled import compiled, inlined
from creative_gen.kernels.instructions import lstm_units, multiply_strips
from creative_gen.kernels.mixture import ATANH_RHO_LIMIT, LOG_SIGMA_LIMIT, LOG_TWO_PI
from creative_gen.kernels.packing import STRIP
from creative_gen.kernels.processor import WIDE_REGISTERS
from creative_gen.kernels.vector_code import LANES

Float = NDArray[np.float32]
Double = NDArray[np.float64]

GROUP = 12
ALONE_STRIPS = 4 if WIDE_REGISTERS else 2
SLOTS = 96
UNITS = 32
GATE_COLUMNS = 4 * UNITS
END = 2

inlined(random.mix)
uniform = inlined(random.uniform)
normal_pair = inlined(random.normal_pair)


@compiled
def advance(
    gate_weights: NDArray[np.generic],
    output_weights: NDArray[np.generic],
    scale: float,
    output_bias: Float,
    mixtures: int,
    column_order: NDArray[np.int64],
    h: Float,
    c: Float,
    x: Float,
    gate_bias: Float,
    seeds: NDArray[np.uint64],
    steps: NDArray[np.int64],
    finished: NDArray[np.bool_],
    given: bool,
    lengths: NDArray[np.int64],
    temperature: float,
    min_points: int,
    strokes: Float,
    likelihoods: Double,
) -> None:
    """Advance each unfinished drawing n by up to lengths[n] points.

    The state arrays are DecoderState's, changed in place. With `given` the points are read from
    `strokes` (N, T, 5), otherwise drawn and written there; `likelihoods` is (N, T). The packed
    gate matrix has K = H + 5 rows, kernel_h above kernel_x, and the columns that `column_order`
    names: for each 32 units their gates i, f, g and o (-1 pads). `output_bias` is padded likewise.
    """
    count, units = h.shape
    depth = units + 5
    columns = len(column_order)
    slots = min(count, SLOTS)
    groups = -(-slots // GROUP)
    pitch = 1 if count == 1 else GROUP
    inputs = np.zeros(groups * depth * pitch, np.float32)
    gates = np.zeros((groups * GROUP, columns), np.float32)
    biases = np.zeros((groups * GROUP, columns), np.float32)
    cells = np.zeros((groups * GROUP, columns // 4), np.float32)
    outputs = np.zeros((groups * GROUP, len(output_bias)), np.float32)
    row_of = np.zeros(slots, np.int64)
    time_of = np.zeros(slots, np.int64)
    terms = np.empty((2, max(mixtures, 3)), np.float64)
    factor = np.float32(scale)
    # Typed, because Numba would compile some functions twice, for a literal 0 and for the rest.
    waiting, active, turn = int(np.int64(0)), int(np.int64(0)), int(np.int64(0))
    while True:
        while active < slots and waiting < count:
            if lengths[waiting] > 0 and not finished[waiting]:
                row_of[active] = waiting
                time_of[active] = 0
                at = lane_start(active, depth, pitch)
                for k in range(units):
                    inputs[at + k * pitch] = h[waiting, k]
                    cells[active, k] = c[waiting, k]
                for k in range(5):
                    inputs[at + (units + k) * pitch] = x[waiting, k]
                for j in range(columns):
                    if column_order[j] >= 0:
                        biases[active, j] = gate_bias[waiting, column_order[j]]
                active += 1
            waiting += 1
        if active == 0:
            return
        multiply(gate_weights, depth, depth, inputs, pitch, gates, active, turn)
        update_cells(gates, biases, factor, cells, inputs, units, pitch, active)
        multiply(output_weights, units, depth, inputs, pitch, outputs, active, turn)
        turn += 1
        # Downwards, so that the slot moved into a free place has already had its turn.
        for slot in range(active - 1, -1, -1):
            row, time = row_of[slot], time_of[slot]
            output = outputs[slot]
            for j in range(len(output)):
                output[j] = output[j] * factor + output_bias[j]
            point = strokes[row, time]
            if not given:
                draw(
                    output, mixtures, seeds[row], steps[row], temperature, min_points, terms, point
                )
            likelihoods[row, time] = log_likelihood(output, mixtures, point, terms)
            at = lane_start(slot, depth, pitch)
            for k in range(5):
                x[row, k] = point[k]
                inputs[at + (units + k) * pitch] = point[k]
            steps[row] += 1
            time_of[slot] += 1
            finished[row] = pen_state(point) == END
            if finished[row] or time_of[slot] == lengths[row]:
                for k in range(units):
                    h[row, k] = inputs[at + k * pitch]
                    c[row, k] = cells[slot, k]
                active -= 1
                last = lane_start(active, depth, pitch)
                row_of[slot], time_of[slot] = row_of[active], time_of[active]
                for k in range(depth):
                    inputs[at + k * pitch] = inputs[last + k * pitch]
                for k in range(columns // 4):
                    cells[slot, k] = cells[active, k]
                for j in range(columns):
                    biases[slot, j] = biases[active, j]


@compiled
def lane_start(slot: int, depth: int, pitch: int) -> int:
    """Place of a slot's first input; the inputs of GROUP slots are interleaved."""
    return (slot // GROUP) * depth * pitch + slot % GROUP


@compiled
def update_cells(
    gates: Float,
    biases: Float,
    factor: np.float32,
    cells: Float,
    inputs: Float,
    units: int,
    pitch: int,
    active: int,
) -> None:
    """Turn gate sums into new cell states, and new hidden states among the inputs."""
    columns = gates.shape[1]
    flat_gates, flat_biases, flat_cells = gates.ravel(), biases.ravel(), cells.ravel()
    for slot in range(active):
        for unit in range(0, columns // 4, LANES):
            at = slot * columns + (unit // UNITS) * GATE_COLUMNS + unit % UNITS
            cell = slot * (columns // 4) + unit
            lstm_units(flat_gates, flat_biases, at, factor, flat_cells, cell)
        start = lane_start(slot, units + 5, pitch)
        for k in range(units):
            inputs[start + k * pitch] = gates[slot, (k // UNITS) * GATE_COLUMNS + k % UNITS]


@compiled
def multiply(
    weights: NDArray[np.generic],
    depth: int,
    input_depth: int,
    inputs: Float,
    pitch: int,
    result: Float,
    active: int,
    turn: int,
) -> None:
    """Multiply the first `depth` inputs of the active slots with a packed matrix: result [slot].

    Every other step goes through the columns backwards: a matrix somewhat larger than the cache
    then finds most of itself still there, where always going forwards would find nothing.
    """
    columns = result.shape[1]
    flat = result.ravel()
    width = ALONE_STRIPS * STRIP if active == 1 else STRIP
    for done in range(0, columns, width):
        j = columns - width - done if turn % 2 else done
        first = j * depth
        if active == 1:
            multiply_strips(
                weights, first, depth, inputs, 0, pitch, flat, j, columns, 1, ALONE_STRIPS
            )
            continue
        for slot in range(0, active, GROUP):
            lane = lane_start(slot, input_depth, pitch)
            at = slot * columns + j
            left = active - slot
            multiply_group(weights, first, depth, inputs, lane, pitch, flat, at, columns, left)


@compiled
def multiply_group(
    weights: NDArray[np.generic],
    first: int,
    depth: int,
    inputs: Float,
    lane: int,
    pitch: int,
    result: Float,
    at: int,
    columns: int,
    left: int,
) -> None:
    """Multiply up to GROUP of the `left` slots by one strip, in tiles that fit the registers.

    The lanes up to a tile's size are multiplied for nothing.
    """
    if not WIDE_REGISTERS:
        for row in range(0, min(left, GROUP), 3):
            start, place = lane + row, at + row * columns
            multiply_strips(
                weights, first, depth, inputs, start, pitch, result, place, columns, 3, 1
            )
    elif left > 8:
        multiply_strips(weights, first, depth, inputs, lane, pitch, result, at, columns, 12, 1)
    elif left > 4:
        multiply_strips(weights, first, depth, inputs, lane, pitch, result, at, columns, 8, 1)
    else:
        multiply_strips(weights, first, depth, inputs, lane, pitch, result, at, columns, 4, 1)


@compiled
def draw(
    output: Float,
    size: int,
    seed: np.uint64,
    step: int,
    temperature: float,
    min_points: int,
    terms: Double,
    point: Float,
) -> None:
    """Draw one point into `point` (5): mixture.Mixture's draw_pen and draw_offset for one row."""
    counter = np.uint64(step)
    uniform_pen = uniform(seed, counter, np.uint64(0))
    uniform_component = uniform(seed, counter, np.uint64(1))
    normals = normal_pair(
        uniform(seed, counter, np.uint64(2)), uniform(seed, counter, np.uint64(3))
    )
    for k in range(5):
        point[k] = 0.0
    # A calmer pen than equation 8's: see `stroke_numpy.pen_temperature`.
    pens = output[: 3 if step >= min_points else 2]
    pen = draw_category(pens, math.sqrt(temperature), uniform_pen, terms)
    point[2 + pen] = 1.0
    if pen == END:
        return
    k = 3 + draw_category(output[3 : 3 + size], temperature, uniform_component, terms)
    rho = math.tanh(clipped(output[k + 5 * size], ATANH_RHO_LIMIT))
    spread = math.sqrt(temperature)
    sigma_x = math.exp(clipped(output[k + 3 * size], LOG_SIGMA_LIMIT))
    sigma_y = math.exp(clipped(output[k + 4 * size], LOG_SIGMA_LIMIT))
    correlated = rho * normals[0] + math.sqrt(1.0 - rho * rho) * normals[1]
    point[0] = output[k + size] + spread * sigma_x * normals[0]
    point[1] = output[k + 2 * size] + spread * sigma_y * correlated


@compiled
def draw_category(logits: Float, temperature: float, u: float, terms: Double) -> int:
    """Index drawn from softmax(logits / temperature) by a uniform number."""
    largest = np.float64(logits[0])
    for k in range(1, len(logits)):
        largest = max(largest, np.float64(logits[k]))
    total = 0.0
    for k in range(len(logits)):
        total += math.exp((np.float64(logits[k]) - largest) / max(temperature, 1e-9))
        terms[0, k] = total
    for k in range(len(logits) - 1):
        if terms[0, k] > u * total:
            return k
    return len(logits) - 1


@compiled
def log_likelihood(output: Float, size: int, point: Float, terms: Double) -> float:
    """Log p of one point (5): mixture.Mixture's pen_log_probability and log_density."""
    pen = pen_state(point)
    largest = max(np.float64(output[0]), np.float64(output[1]), np.float64(output[2]))
    total = 0.0
    for k in range(3):
        total += math.exp(output[k] - largest)
    result = output[pen] - largest - math.log(total)
    if pen == END:
        return float(result)
    largest = np.float64(output[3])
    for k in range(1, size):
        largest = max(largest, np.float64(output[3 + k]))
    total = 0.0
    best = -np.inf
    for k in range(size):
        logit = np.float64(output[3 + k])
        log_sigma_x = clipped(output[3 + k + 3 * size], LOG_SIGMA_LIMIT)
        log_sigma_y = clipped(output[3 + k + 4 * size], LOG_SIGMA_LIMIT)
        a = clipped(output[3 + k + 5 * size], ATANH_RHO_LIMIT)
        dx = (point[0] - np.float64(output[3 + k + size])) * math.exp(-log_sigma_x)
        dy = (point[1] - np.float64(output[3 + k + 2 * size])) * math.exp(-log_sigma_y)
        e = math.exp(a)
        cosh, sinh = (e + 1.0 / e) / 2.0, (e - 1.0 / e) / 2.0
        skewed = dx * cosh - dy * sinh
        total += math.exp(logit - largest)
        terms[0, k] = logit - log_sigma_x - log_sigma_y - (skewed * skewed + dy * dy) / 2.0
        terms[1, k] = cosh
        best = max(best, terms[0, k])
    density = 0.0
    for k in range(size):
        density += terms[1, k] * math.exp(terms[0, k] - best)
    return float(result + best + math.log(density / total) - largest - LOG_TWO_PI)


@compiled
def clipped(value: float, limit: float) -> float:
    """Return the value, or the nearer of -limit and limit, in float64."""
    return float(min(max(np.float64(value), -limit), limit))


@compiled
def pen_state(point: Float) -> int:
    """Pen state of a stroke-5 point: 0 down, 1 up, 2 end."""
    if point[2] >= point[3] and point[2] >= point[4]:
        return 0
    return 1 if point[3] >= point[4] else 2
