"""Pieces of LLVM code on vectors of 16 floats that instructions are made of.

LLVM splits the vectors on machines whose registers are narrower.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]
from numba.core import cgutils as untyped_cgutils

from creative_gen.kernels import activation

cgutils: Any = untyped_cgutils
LANES = 16
FLOAT = ir.FloatType()
VECTOR = ir.VectorType(FLOAT, LANES)
INTEGERS = ir.VectorType(ir.IntType(32), LANES)


def load(builder: Any, pointer: Any) -> Any:
    """Sixteen floats from anywhere in memory."""
    return builder.load(builder.bitcast(pointer, VECTOR.as_pointer()), align=4)


def store(builder: Any, vector: Any, pointer: Any) -> None:
    """Put sixteen floats anywhere in memory."""
    builder.store(vector, builder.bitcast(pointer, VECTOR.as_pointer()), align=4)


def splat(builder: Any, scalar: Any) -> Any:
    """One float sixteen times."""
    one = builder.insert_element(ir.Constant(VECTOR, ir.Undefined), scalar, ir.IntType(32)(0))
    return builder.shuffle_vector(one, one, ir.Constant(INTEGERS, None))


def constant(value: float) -> Any:
    """One number sixteen times."""
    return ir.Constant(VECTOR, [FLOAT(float(value))] * LANES)


def multiply_add(builder: Any, a: Any, b: Any, c: Any) -> Any:
    """a * b + c."""
    # fmuladd, not fma: without the instruction LLVM would call a slow library function.
    return call(builder, "llvm.fmuladd", a, b, c)


def larger(builder: Any, a: Any, b: Any) -> Any:
    """The larger of each pair, b where a is not a number."""
    return builder.select(builder.fcmp_ordered(">", a, b), a, b)


def smaller(builder: Any, a: Any, b: Any) -> Any:
    """The smaller of each pair, b where a is not a number."""
    return builder.select(builder.fcmp_ordered("<", a, b), a, b)


def call(builder: Any, name: str, *vectors: Any) -> Any:
    """Call one of LLVM's own functions that take and return vectors."""
    kind = ir.FunctionType(VECTOR, [VECTOR] * len(vectors))
    function = cgutils.get_or_insert_function(builder.module, kind, f"{name}.v16f32")
    return builder.call(function, vectors)


def polynomial(builder: Any, x: Any, coefficients: list[float]) -> Any:
    """Horner's rule; the constant term comes first."""
    value = constant(coefficients[-1])
    for coefficient in reversed(coefficients[:-1]):
        value = multiply_add(builder, value, x, constant(coefficient))
    return value


def tanh_fraction(builder: Any, x: Any) -> tuple[Any, Any]:
    """Numerator and denominator of activation.tanh."""
    x = smaller(builder, x, constant(float(activation.TANH_LIMIT)))
    x = larger(builder, x, constant(-float(activation.TANH_LIMIT)))
    square = builder.fmul(x, x)
    p, q = (polynomial(builder, square, coefficients(letter)) for letter in "PQ")
    return builder.fmul(x, p), q


def coefficients(letter: str) -> list[float]:
    """The coefficients of activation.tanh's polynomial P or Q."""
    return [float(getattr(activation, f"TANH_{letter}{power}")) for power in range(5)]


def tanh(builder: Any, x: Any) -> Any:
    """activation.tanh on a vector."""
    return builder.fdiv(*tanh_fraction(builder, x))


def sigmoid(builder: Any, x: Any) -> Any:
    """activation.sigmoid on a vector."""
    half = constant(float(activation.HALF))
    return multiply_add(builder, tanh(builder, builder.fmul(x, half)), half, half)
