"""LLVM code on vectors of 16 floats for the WaveNet sampler that Numba compiles.

Matrices come packed by `packing.pack_strips`, in bfloat16 by `packing.pack_bfloat16`.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]
from numba import types

from creative_gen.kernels.compiled import instruction
from creative_gen.kernels.packing import STRIP
from creative_gen.kernels.vector_code import (
    FLOAT,
    INTEGERS,
    LANES,
    VECTOR,
    call,
    cgutils,
    constant,
    larger,
    load,
    multiply_add,
    polynomial,
    splat,
    store,
    tanh_fraction,
)

PARTS = 2
"""A sum over k is made of this many sums over neighbouring k, so depths are even."""
PREFETCH = 8192
"""How many bytes ahead a matrix is fetched that several rows share: they leave the time for it."""

# exp(x) = 2^n exp(r), n = round(x / ln 2): ln 2 in two parts, so that n ln 2 is exact enough, and
# Taylor's series, whose error on |r| <= ln(2) / 2 is below float32's.
LOG2_E = 1.4426950408889634
LN2_HIGH, LN2_LOW = 0.693359375, -2.12194440054690583e-4
EXP_TERMS = [1.0, 1.0, 1 / 2, 1 / 6, 1 / 24, 1 / 120, 1 / 720, 1 / 5040]
EXP_LOWEST = -87.0


@instruction
def addresses(typing_context: Any, arrays: Any) -> Any:
    """A named tuple with the addresses of its arrays' first elements; other fields stay.

    Numba counts the references to every array that it takes out of a tuple or passes on, which
    costs more than a small matrix. The arrays must outlive the addresses: arguments of a compiled
    function do.
    """
    untyped: Any = types
    kinds = [
        untyped.CPointer(kind.dtype) if isinstance(kind, types.Array) else kind for kind in arrays
    ]
    result = untyped.NamedTuple(kinds, arrays.instance_class)

    def generate(context: Any, builder: Any, _: Any, arguments: Any) -> Any:
        values = cgutils.unpack_tuple(builder, arguments[0])
        places = [
            context.make_array(kind)(context, builder, value).data
            if isinstance(kind, types.Array)
            else value
            for kind, value in zip(arrays, values, strict=True)
        ]
        return context.make_tuple(builder, result, places)

    return result(arrays), generate


@instruction
def shifted(typing_context: Any, place: Any, by: Any) -> Any:
    """The address `by` elements further; two bfloat16 weights in a uint32 are two elements."""
    signature = place(place, types.intp)

    def generate(context: Any, builder: Any, _: Any, arguments: Any) -> Any:
        pointer, count = arguments
        if place.dtype == types.uint32:
            count = builder.ashr(count, count.type(1))
        return builder.gep(pointer, [count])

    return signature, generate


@instruction
def multiply_rows(
    typing_context: Any,
    weights: Any,
    depth: Any,
    inputs: Any,
    stride: Any,
    begin: Any,
    begin_pitch: Any,
    result: Any,
    pitch: Any,
    lowest: Any,
    rows: Any,
    strips: Any,
    together: Any,
) -> Any:
    """Multiply `rows` input rows with `strips` neighbouring strips of 32 columns.

    result[r * pitch + j] = max(lowest, begin[r * begin_pitch + j] + sum over k < depth of
    inputs[r * stride + k] * W[k, j]), for r < rows and j < 32 * strips. The sum over k is that over
    its first half plus that over its second half, each in order: the same bits for every `rows`,
    `strips` and `together`. Arrays are addresses.

    Args:
        weights: packed strips as float32, or pairs of bfloat16 in uint32.
        depth: rows of the packed matrix, even.
        rows, strips: integer literals.
        together: integer literal, how many halves to sum at a time, 1 or 2. Two hide the time that
            an addition takes where there are few others; rows * strips * 2 * together vectors
            should fit the registers.
    """
    literals = (rows, strips, together)
    if not all(isinstance(literal, types.IntegerLiteral) for literal in literals):
        return None
    row_count, strip_count, chains = (literal.literal_value for literal in literals)
    index = types.intp
    signature = types.void(
        *(weights, index, inputs, index, begin, index, result, index, types.float32, *literals)
    )
    row_size = STRIP // 2 if weights.dtype == types.uint32 else STRIP
    vectors = strip_count * STRIP // LANES
    tiles = [(r, v) for r in range(row_count) for v in range(vectors)]

    def generate(context: Any, builder: Any, _: Any, arguments: Any) -> Any:
        w, depth_, x, stride_, start, start_pitch, out, pitch_, lowest_ = arguments[:9]
        integer = depth_.type
        half = builder.udiv(depth_, integer(PARTS))
        strip_size = builder.mul(depth_, integer(row_size))
        totals, *sums = (
            {tile: cgutils.alloca_once(builder, VECTOR) for tile in tiles}
            for _ in range(1 + chains)
        )

        def clear(chain: Any) -> None:
            for total in chain.values():
                builder.store(ir.Constant(VECTOR, None), total)

        def add(chain: Any, k: Any) -> None:
            columns = []
            for s in range(strip_count):
                position = builder.mul(strip_size, integer(s))
                position = builder.add(position, builder.mul(k, integer(row_size)))
                columns += load_strip_row(builder, w, position, weights.dtype)
                if row_count > 1:
                    for element in range(0, row_size, LANES):
                        line = builder.add(position, integer(element))
                        prefetch(builder, builder.gep(w, [line]))
            for r in range(row_count):
                position = builder.add(builder.mul(stride_, integer(r)), k)
                broadcast = splat(builder, builder.load(builder.gep(x, [position])))
                for v, column in enumerate(columns):
                    total = chain[r, v]
                    value = multiply_add(builder, broadcast, column, builder.load(total))
                    builder.store(value, total)

        clear(totals)
        with cgutils.for_range(builder, integer(PARTS // chains)) as part:
            low = builder.mul(part.index, builder.mul(half, integer(chains)))
            for chain in sums:
                clear(chain)
            with cgutils.for_range(builder, half) as loop:
                for c, chain in enumerate(sums):
                    k = builder.add(low, builder.mul(half, integer(c)))
                    add(chain, builder.add(k, loop.index))
            for chain in sums:
                for tile, total in totals.items():
                    value = builder.fadd(builder.load(total), builder.load(chain[tile]))
                    builder.store(value, total)
        floor = splat(builder, lowest_)
        for (r, v), total in totals.items():
            source, target = (
                builder.gep(array, [builder.add(builder.mul(step, integer(r)), integer(v * LANES))])
                for array, step in ((start, start_pitch), (out, pitch_))
            )
            value = builder.fadd(load(builder, source), builder.load(total))
            store(builder, larger(builder, value, floor), target)
        return context.get_dummy_value()

    return signature, generate


def prefetch(builder: Any, pointer: Any) -> None:
    """Ask for the cache line that lies PREFETCH bytes after the pointer."""
    byte, number = ir.IntType(8).as_pointer(), ir.IntType(32)
    kind = ir.FunctionType(ir.VoidType(), [byte, number, number, number])
    function = cgutils.get_or_insert_function(builder.module, kind, "llvm.prefetch.p0i8")
    place = builder.gep(builder.bitcast(pointer, byte), [ir.IntType(64)(PREFETCH)])
    builder.call(function, [place, number(0), number(3), number(1)])


def load_strip_row(builder: Any, weights: Any, position: Any, dtype: Any) -> list[Any]:
    """A row of a strip as two vectors of floats."""
    if dtype == types.float32:
        places = [position, builder.add(position, position.type(LANES))]
        return [load(builder, builder.gep(weights, [place])) for place in places]
    pointer = builder.bitcast(builder.gep(weights, [position]), INTEGERS.as_pointer())
    pairs = builder.load(pointer, align=4)
    sixteen = ir.Constant(INTEGERS, [16] * LANES)
    high = ir.Constant(INTEGERS, [0xFFFF0000] * LANES)
    halves = builder.shl(pairs, sixteen), builder.and_(pairs, high)
    return [builder.bitcast(half, VECTOR) for half in halves]


@instruction
def exchange_units(
    typing_context: Any, queue: Any, h: Any, bias: Any, past: Any, present: Any
) -> Any:
    """Sixteen units take their turn in a layer's queue; all arguments are addresses.

    `past` becomes what is in the queue, the queue and `present` become h, and h becomes h + bias.
    """
    signature = types.void(queue, h, bias, past, present)

    def generate(context: Any, builder: Any, _: Any, arguments: Any) -> Any:
        queued, entering, added, left, entered = arguments
        before, units = load(builder, queued), load(builder, entering)
        after = builder.fadd(units, load(builder, added))
        store(builder, before, left)
        store(builder, units, entered)
        store(builder, units, queued)
        store(builder, after, entering)
        return context.get_dummy_value()

    return signature, generate


@instruction
def gated_units(typing_context: Any, sums: Any, bias: Any, gate: Any, result: Any) -> Any:
    """Sixteen units' tanh(filter) * sigmoid(gate) (WaveNet, equation 2) at the address `result`.

    The filter is sums + bias, the gate the same `gate` elements further. One division makes both:
    with tanh(x) = p(x) / q(x), sigmoid(x) is (q + p) / 2q at x / 2.
    """
    signature = types.void(sums, bias, types.intp, result)

    def generate(context: Any, builder: Any, _: Any, arguments: Any) -> Any:
        values, biases, gate_, out = arguments
        x, y = (
            builder.fadd(
                load(builder, builder.gep(values, [step])),
                load(builder, builder.gep(biases, [step])),
            )
            for step in (gate_.type(0), gate_)
        )
        p, q = tanh_fraction(builder, x)
        gate_p, gate_q = tanh_fraction(builder, builder.fmul(y, constant(0.5)))
        numerator = builder.fmul(p, builder.fadd(gate_q, gate_p))
        denominator = builder.fmul(q, builder.fadd(gate_q, gate_q))
        store(builder, builder.fdiv(numerator, denominator), out)
        return context.get_dummy_value()

    return signature, generate


@instruction
def softmax_terms(typing_context: Any, logits: Any, count: Any, scale: Any, terms: Any) -> Any:
    """terms[j] = exp((logits[j] - largest) * scale) for j < count, a multiple of 16.

    terms[count + i], i < 16, is the sum of terms[i], terms[i + 16], ... in that order. Returns the
    largest logit. Arrays are addresses.
    """
    signature = types.float32(logits, types.intp, types.float32, terms)

    def generate(context: Any, builder: Any, _: Any, arguments: Any) -> Any:
        x, count_, scale_, out = arguments
        vectors = builder.udiv(count_, count_.type(LANES))
        lanes = cgutils.alloca_once_value(builder, load(builder, x))
        with cgutils.for_range(builder, vectors) as loop:
            place = builder.mul(loop.index, count_.type(LANES))
            vector = load(builder, builder.gep(x, [place]))
            builder.store(larger(builder, builder.load(lanes), vector), lanes)
        kind = ir.FunctionType(FLOAT, [VECTOR])
        name = "llvm.vector.reduce.fmax.v16f32"
        reduce = cgutils.get_or_insert_function(builder.module, kind, name)
        largest = builder.call(reduce, [builder.load(lanes)])
        shift, factor = splat(builder, largest), splat(builder, scale_)
        builder.store(ir.Constant(VECTOR, None), lanes)
        with cgutils.for_range(builder, vectors) as loop:
            place = builder.mul(loop.index, count_.type(LANES))
            vector = load(builder, builder.gep(x, [place]))
            term = exponential(builder, builder.fmul(builder.fsub(vector, shift), factor))
            store(builder, term, builder.gep(out, [place]))
            builder.store(builder.fadd(builder.load(lanes), term), lanes)
        store(builder, builder.load(lanes), builder.gep(out, [count_]))
        return largest

    return signature, generate


def exponential(builder: Any, x: Any) -> Any:
    """exp(x) for x <= 0, within 2 units in the last place; exp(-87) below that."""
    x = larger(builder, x, constant(EXP_LOWEST))
    n = call(builder, "llvm.rint", builder.fmul(x, constant(LOG2_E)))
    r = multiply_add(builder, n, constant(-LN2_HIGH), x)
    r = multiply_add(builder, n, constant(-LN2_LOW), r)
    series = polynomial(builder, r, EXP_TERMS)
    exponent = builder.shl(builder.fptosi(n, INTEGERS), ir.Constant(INTEGERS, [23] * LANES))
    return builder.bitcast(builder.add(builder.bitcast(series, INTEGERS), exponent), VECTOR)
