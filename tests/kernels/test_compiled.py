import pytest

pytest.importorskip("numba")

from creative_gen.kernels.compiled import compiled


def test_compiles_where_no_cache_can_be_kept():
    # Numba finds no place to cache for a function that comes from no file.
    namespace = {}
    exec(compile("def twice(x):\n    return 2 * x", "<nowhere>", "exec"), namespace)
    assert compiled(namespace["twice"])(21) == 42
