from __future__ import annotations

import numpy as np
from scipy import stats

from creative_gen.latent.sampling import standard_normal


def test_draws_are_independent_standard_normals() -> None:
    drawn = standard_normal(np.arange(4000, dtype=np.uint64), 7)
    assert drawn.shape == (4000, 7)
    assert drawn.dtype == np.float32
    assert stats.kstest(drawn.ravel(), "norm").pvalue > 0.01
    np.testing.assert_allclose(np.corrcoef(drawn.T), np.eye(7), atol=0.06)
    assert abs(np.corrcoef(drawn[:-1].ravel(), drawn[1:].ravel())[0, 1]) < 0.02


def test_a_draw_depends_on_its_own_seed_only() -> None:
    seeds = np.array([5, 0, 2**32 - 1, 5], np.uint64)
    drawn = standard_normal(seeds, 9)
    for seed, row in zip(seeds, drawn, strict=True):
        np.testing.assert_array_equal(standard_normal(np.array([seed]), 9)[0], row)
    np.testing.assert_array_equal(drawn[0], drawn[3])
    # Odd sizes are the beginning of even ones.
    np.testing.assert_array_equal(standard_normal(seeds, 10)[:, :9], drawn)
