import numpy as np

from creative_gen.kernels.packing import (
    aligned_concatenation,
    bfloat16_bits,
    pack_bfloat16,
    to_bfloat16,
)


def test_bfloat16_is_the_nearest_number_and_the_even_one_halfway():
    values = np.random.default_rng(0).normal(size=1000).astype(np.float32)
    fraction, exponent = np.frexp(values.astype(np.float64))
    nearest = np.ldexp(np.rint(fraction * 256) / 256, exponent)
    assert (to_bfloat16(values) == nearest).all()
    halfway = np.array([1 + 2**-8, 1 + 3 * 2**-8, -1 - 2**-8, 0.0, -0.0], np.float32)
    assert (to_bfloat16(halfway) == [1.0, 1 + 2**-6, -1.0, 0.0, 0.0]).all()
    assert (bfloat16_bits(np.array([1.0, -2.0])) == [0x3F80, 0xC000]).all()


def test_pairs_are_columns_sixteen_apart():
    matrix = np.random.default_rng(1).normal(size=(6, 64)).astype(np.float32)
    packed = pack_bfloat16(matrix).reshape(2, 6, 16)
    assert packed.dtype == np.uint32
    expected = to_bfloat16(matrix)
    for strip in range(2):
        low = (packed[strip] << np.uint32(16)).view(np.float32)
        high = (packed[strip] & np.uint32(0xFFFF0000)).view(np.float32)
        assert (low == expected[:, 32 * strip : 32 * strip + 16]).all()
        assert (high == expected[:, 32 * strip + 16 : 32 * strip + 32]).all()


def test_concatenations_start_on_a_cache_line():
    parts = [np.arange(3, dtype=np.float32), np.arange(5, dtype=np.float32)]
    whole = aligned_concatenation(parts)
    assert whole.ctypes.data % 64 == 0 and whole.tolist() == [0, 1, 2, 0, 1, 2, 3, 4]
