import numpy as np

from creative_gen.kernels.packing import JS_STEP, pack_matrices


def unpacked(strips, depth):
    return strips.reshape(-1, depth, 32).transpose(1, 0, 2).reshape(depth, -1)


def random_matrix(depth=7, columns=64):
    return np.random.default_rng(0).normal(size=(depth, columns)).astype(np.float32)


def test_float32_stays_float32():
    matrix = random_matrix()
    packed = pack_matrices((matrix,), True)
    assert packed.strips[0].dtype == np.float32 and packed.scale == 1.0
    assert packed.strips[0].ctypes.data % 64 == 0
    assert (unpacked(packed.strips[0], 7) == matrix).all()


def test_float16_numbers_lose_nothing():
    matrix = random_matrix().astype(np.float16).astype(np.float32)
    packed = pack_matrices((matrix,), True)
    assert packed.strips[0].dtype == np.uint16
    restored = unpacked(packed.strips[0].view(np.float16), 7)
    assert (restored.astype(np.float32) == matrix).all()
    assert pack_matrices((matrix,), False).strips[0].dtype == np.float32
    too_large = np.full((1, 32), 1e6, np.float32)
    assert pack_matrices((too_large,), True).strips[0].dtype == np.float32


def test_js_steps_lose_nothing():
    steps = np.random.default_rng(1).integers(-32768, 32768, (5, 32))
    matrix = (steps * JS_STEP).astype(np.float32)
    packed = pack_matrices((matrix,), True)
    assert packed.strips[0].dtype == np.int16 and packed.scale == JS_STEP
    assert (unpacked(packed.strips[0], 5) == steps).all()


def test_one_wide_matrix_makes_all_wide():
    half = random_matrix().astype(np.float16).astype(np.float32)
    packed = pack_matrices((half, random_matrix()), True)
    assert [strips.dtype for strips in packed.strips] == [np.float32, np.float32]
