"""Two pieces of LLVM code on vectors of 16 floats, for kernels that Numba compiles.

Numba's own loops do not keep a tile of a matrix product in registers. LLVM splits the vectors on
machines whose registers are narrower. Matrices come packed by `packing.pack_strips`.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.core import cgutils as untyped_cgutils

from creative_gen.kernels import activation
from creative_gen.kernels.compiled import instruction
from creative_gen.kernels.packing import STRIP

cgutils: Any = untyped_cgutils
LANES = 16
FLOAT = ir.FloatType()
VECTOR = ir.VectorType(FLOAT, LANES)


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
                broadcast = _splat(builder, scalar)
                for v, column in enumerate(columns):
                    total = sums[r * vectors + v]
                    product = _multiply_add(builder, broadcast, column, builder.load(total))
                    builder.store(product, total)
        for r in range(row_count):
            position = builder.add(at_, builder.mul(pitch_, depth_.type(r)))
            for v in range(vectors):
                target = builder.gep(out, [builder.add(position, depth_.type(v * LANES))])
                _store(builder, builder.load(sums[r * vectors + v]), target)
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
        factor = _splat(builder, scale_)
        places = [builder.add(at_, at_.type(gate * STRIP)) for gate in range(4)]
        i, f, g, o = (
            _multiply_add(
                builder,
                _load(builder, builder.gep(sums, [place])),
                factor,
                _load(builder, builder.gep(biases, [place])),
            )
            for place in places
        )
        target = builder.gep(c, [cell_])
        kept = builder.fmul(_sigmoid(builder, f), _load(builder, target))
        new_c = _multiply_add(builder, _sigmoid(builder, i), _tanh(builder, g), kept)
        _store(builder, new_c, target)
        new_h = builder.fmul(_sigmoid(builder, o), _tanh(builder, new_c))
        _store(builder, new_h, builder.gep(sums, [places[0]]))
        return context.get_dummy_value()

    return signature, generate


def _load(builder: Any, pointer: Any) -> Any:
    return builder.load(builder.bitcast(pointer, VECTOR.as_pointer()), align=4)


def _store(builder: Any, vector: Any, pointer: Any) -> None:
    builder.store(vector, builder.bitcast(pointer, VECTOR.as_pointer()), align=4)


def _load_weights(builder: Any, pointer: Any, dtype: Any) -> Any:
    """Sixteen packed weights as floats."""
    if dtype == types.float32:
        return _load(builder, pointer)
    stored = ir.IntType(16) if dtype == types.int16 else ir.HalfType()
    vector = ir.VectorType(stored, LANES)
    packed = builder.load(builder.bitcast(pointer, vector.as_pointer()), align=2)
    if dtype == types.int16:
        return builder.sitofp(packed, VECTOR)
    return builder.fpext(packed, VECTOR)


def _splat(builder: Any, scalar: Any) -> Any:
    one = builder.insert_element(ir.Constant(VECTOR, ir.Undefined), scalar, ir.IntType(32)(0))
    return builder.shuffle_vector(one, one, ir.Constant(ir.VectorType(ir.IntType(32), LANES), None))


def _multiply_add(builder: Any, a: Any, b: Any, c: Any) -> Any:
    # fmuladd, not fma: without the instruction LLVM would call a slow library function.
    kind = ir.FunctionType(VECTOR, [VECTOR] * 3)
    function = cgutils.get_or_insert_function(builder.module, kind, "llvm.fmuladd.v16f32")
    return builder.call(function, [a, b, c])


def _constant(value: float) -> Any:
    return ir.Constant(VECTOR, [FLOAT(float(value))] * LANES)


def _tanh(builder: Any, x: Any) -> Any:
    """activation.tanh on a vector."""
    for name, bound in (("minnum", activation.TANH_LIMIT), ("maxnum", -activation.TANH_LIMIT)):
        kind = ir.FunctionType(VECTOR, [VECTOR] * 2)
        clip = cgutils.get_or_insert_function(builder.module, kind, f"llvm.{name}.v16f32")
        x = builder.call(clip, [x, _constant(float(bound))])
    square = builder.fmul(x, x)
    p, q = (_polynomial(builder, square, letter) for letter in "PQ")
    return builder.fdiv(builder.fmul(x, p), q)


def _polynomial(builder: Any, x: Any, letter: str) -> Any:
    coefficients = [float(getattr(activation, f"TANH_{letter}{power}")) for power in range(5)]
    value = _constant(coefficients[-1])
    for coefficient in reversed(coefficients[:-1]):
        value = _multiply_add(builder, value, x, _constant(coefficient))
    return value


def _sigmoid(builder: Any, x: Any) -> Any:
    half = _constant(float(activation.HALF))
    return _multiply_add(builder, _tanh(builder, builder.fmul(x, half)), half, half)
