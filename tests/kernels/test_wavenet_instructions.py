from typing import NamedTuple

import numpy as np
import pytest
from scipy.special import expit

pytest.importorskip("numba")

from numba import njit
from numpy.typing import NDArray

from creative_gen.kernels.packing import pack_bfloat16, pack_strips, to_bfloat16
from creative_gen.kernels.wavenet_forward import multiply
from creative_gen.kernels.wavenet_instructions import addresses, gated_units, softmax_terms


class Arrays(NamedTuple):
    first: NDArray[np.generic]
    second: NDArray[np.float32]
    third: NDArray[np.float32]
    fourth: NDArray[np.float32]


@njit
def products(arrays, depth, columns, lowest, rows):
    a = addresses(arrays)
    multiply(a.first, depth, a.second, depth, a.third, columns, a.fourth, columns, lowest, rows)


@njit
def gates(arrays, count):
    a = addresses(arrays)
    gated_units(a.first, a.second, count, a.third)


@njit
def exponentials(arrays, count, scale):
    a = addresses(arrays)
    return softmax_terms(a.first, count, scale, a.second)


def floats(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


@pytest.mark.parametrize("bfloat16", [False, True])
@pytest.mark.parametrize("columns", [32, 64, 96])
@pytest.mark.parametrize("depth", [2, 18, 64])
def test_products_have_the_same_bits_in_any_tile(depth, columns, bfloat16):
    matrix = floats(depth, columns)
    packed = pack_bfloat16(matrix) if bfloat16 else pack_strips(matrix)
    inputs, begin = floats(16, depth, seed=1), floats(16, columns, seed=2)
    exact = to_bfloat16(matrix) if bfloat16 else matrix
    expected = np.maximum(begin + inputs.astype(np.float64) @ exact, -0.5)
    results = {}
    for rows in (1, 2, 4, 5, 8, 13, 16):
        out = np.zeros((16, columns), np.float32)
        products(Arrays(packed, inputs, begin, out), depth, columns, np.float32(-0.5), rows)
        np.testing.assert_allclose(out[:rows], expected[:rows], atol=1e-5)
        results[rows] = out[:rows]
    for rows, out in results.items():
        assert (out == results[16][:rows]).all()


def test_gated_units_are_tanh_times_sigmoid():
    sums, bias = floats(2, 16) * 5, floats(2, 16, seed=1)
    sums[0, :4], sums[1, :4] = (-100, 100, 30, 0), (100, -100, 8, 0)
    out = np.zeros(16, np.float32)
    gates(Arrays(sums, bias, out, out), 16)
    z = sums.astype(np.float64) + bias
    np.testing.assert_allclose(out, np.tanh(z[0]) * expit(z[1]), atol=1e-6)


def test_softmax_terms_are_exponentials():
    logits, terms = floats(256) * 10, np.zeros(256 + 16, np.float32)
    logits[:3] = (-1e4, 40.0, 39.9999)
    largest = exponentials(Arrays(logits, terms, terms, terms), 256, np.float32(1.3))
    assert largest == 40.0
    exact = np.exp((logits.astype(np.float64) - 40.0) * np.float32(1.3))
    seen = exact > 1e-37
    np.testing.assert_allclose(terms[:256][seen], exact[seen], rtol=1e-5)
    assert (terms[:256][~seen] < 2e-37).all() and terms[1] == 1.0
    np.testing.assert_allclose(terms[256:], exact.reshape(16, 16).sum(axis=0), rtol=1e-5)
