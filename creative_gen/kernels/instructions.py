"""Two pieces of LLVM code on vectors of 16 floats, for kernels that Numba compiles.

Numba's own loops do not keep a tile of a matrix product in registers. LLVM splits the vectors on
machines whose registers are narrower. Matrices come packed by `packing.pack_strips`.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]
from numba import types

from creative_gen.kernels.compiled import instruction
from creative_gen.kernels.packing import STRIP
from creative_gen.kernels.vector_code import (
    LANES,
    VECTOR,
    cgutils,
    load,
    multiply_add,
    sigmoid,
    splat,
    store,
    tanh,
)


@instruction
def multiply_strips(
    typing_context: Any,
    weights: Any,
    first: Any,
    depth: Any,
    inputs: Any,
    offset: Any,
    stride: Any,
    result: Any,
    at: Any,
    pitch: Any,
    rows: Any,
    strips: Any,
) -> Any:
    """Multiply `rows` input rows with `strips` neighbouring strips of 32 columns.

    result[at + r * pitch + j] = sum over k < depth, in that order, of
    inputs[offset + k * stride + r] * W[k, j], for r < rows and j < 32 * strips. A row's sum has
    the same bits for every `rows`. All arrays are one-dimensional; `inputs` and `result` float32.

    Args:
        weights: packed strips as float32, int16, or float16 bits in uint16.
        first: index of the first strip's first weight.
        depth: rows of the packed matrix.
        rows, strips: integer literals; rows * strips * 2 vectors should fit the registers.
    """
    if not isinstance(rows, types.IntegerLiteral) or not isinstance(strips, types.IntegerLiteral):
        return None
    row_count, vectors = rows.literal_value, strips.literal_value * STRIP // LANES
    index = types.intp
    signature = types.void(
        weights, index, index, inputs, index, index, result, index, index, rows, strips
    )

    def generate(context: Any, builder: Any, _: Any, arguments: Any) -> Any:
        w, first_, depth_, x, offset_, stride_, out, at_, pitch_, _, _ = arguments
        w, x, out = (
            context.make_array(kind)(context, builder, value).data
            for kind, value in ((weights, w), (inputs, x), (result, out))
        )
        sums = [
            cgutils.alloca_once_value(builder, ir.Constant(VECTOR, None))
            for _ in range(row_count * vectors)
        ]
        strip_size = builder.mul(depth_, depth_.type(STRIP))
        with cgutils.for_range(builder, depth_) as loop:
            row = builder.add(first_, builder.mul(loop.index, depth_.type(STRIP)))
            columns = []
            for v in range(vectors):
                strip, half = divmod(v * LANES, STRIP)
                position = builder.add(row, builder.mul(strip_size, depth_.type(strip)))
                position = builder.add(position, depth_.type(half))
                columns.append(_load_weights(builder, builder.gep(w, [position]), weights.dtype))
            position = builder.add(offset_, builder.mul(loop.index, stride_))
            for r in range(row_count):
                scalar = builder.load(builder.gep(x, [builder.add(position, depth_.type(r))]))
                broadcast = splat(builder, scalar)
                for v, column in enumerate(columns):
                    total = sums[r * vectors + v]
                    product = multiply_add(builder, broadcast, column, builder.load(total))
                    builder.store(product, total)
        for r in range(row_count):
            position = builder.add(at_, builder.mul(pitch_, depth_.type(r)))
            for v in range(vectors):
                target = builder.gep(out, [builder.add(position, depth_.type(v * LANES))])
                store(builder, builder.load(sums[r * vectors + v]), target)
        return context.get_dummy_value()

    return signature, generate


@instruction
def lstm_units(
    typing_context: Any, gates: Any, bias: Any, at: Any, scale: Any, cells: Any, cell: Any
) -> Any:
    """Turn 16 units' gate sums into the next c and h.

    The sums of gates i, f, g and o start at `at`, `at` + 32, + 64 and + 96 of `gates`; a gate is
    sum * scale + bias, with the bias at the same places of `bias`. c is read from and written to
    `cells` from `cell` on; h is written over the sums of i.
    """
    index = types.intp
    signature = types.void(gates, bias, index, types.float32, cells, index)

    def generate(context: Any, builder: Any, _: Any, arguments: Any) -> Any:
        gates_, bias_, at_, scale_, cells_, cell_ = arguments
        sums, biases, c = (
            context.make_array(kind)(context, builder, value).data
            for kind, value in ((gates, gates_), (bias, bias_), (cells, cells_))
        )
        factor = splat(builder, scale_)
        places = [builder.add(at_, at_.type(gate * STRIP)) for gate in range(4)]
        i, f, g, o = (
            multiply_add(
                builder,
                load(builder, builder.gep(sums, [place])),
                factor,
                load(builder, builder.gep(biases, [place])),
            )
            for place in places
        )
        target = builder.gep(c, [cell_])
        kept = builder.fmul(sigmoid(builder, f), load(builder, target))
        new_c = multiply_add(builder, sigmoid(builder, i), tanh(builder, g), kept)
        store(builder, new_c, target)
        new_h = builder.fmul(sigmoid(builder, o), tanh(builder, new_c))
        store(builder, new_h, builder.gep(sums, [places[0]]))
        return context.get_dummy_value()

    return signature, generate


def _load_weights(builder: Any, pointer: Any, dtype: Any) -> Any:
    """Sixteen packed weights as floats."""
    if dtype == types.float32:
        return load(builder, pointer)
    stored = ir.IntType(16) if dtype == types.int16 else ir.HalfType()
    vector = ir.VectorType(stored, LANES)
    packed = builder.load(builder.bitcast(pointer, vector.as_pointer()), align=2)
    if dtype == types.int16:
        return builder.sitofp(packed, VECTOR)
    return builder.fpext(packed, VECTOR)
