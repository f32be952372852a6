import numpy as np
from scipy import stats

from creative_gen.kernels.random import normal_pair, uniform

SEEDS = np.arange(500, dtype=np.uint64)[:, None, None]
STEPS = np.arange(100, dtype=np.uint64)[None, :, None]
DRAWS = np.arange(4, dtype=np.uint64)


def test_the_hash_is_splitmix64():
    mask = 2**64 - 1

    def mix(z: int) -> int:
        z = (z ^ z >> 30) * 0xBF58476D1CE4E5B9 & mask
        z = (z ^ z >> 27) * 0x94D049BB133111EB & mask
        return z ^ z >> 31

    gamma = 0x9E3779B97F4A7C15
    for seed, step, draw in [(0, 0, 0), (1, 2, 3), (2**64 - 1, 10**6, 15)]:
        bits = mix(mix(seed + gamma & mask) + (16 * step + draw + 1) * gamma & mask)
        arguments = (np.array([value], np.uint64) for value in (seed, step, draw))
        assert uniform(*arguments)[0] == ((bits >> 12) + 0.5) / 2**52


def test_uniforms_are_uniform_and_uncorrelated():
    u = uniform(SEEDS, STEPS, DRAWS)
    assert u.min() > 0.0 and u.max() < 1.0
    assert len(np.unique(u)) == u.size
    assert stats.kstest(u.ravel(), "uniform").pvalue > 1e-3
    centred = u - 0.5
    for shifted in (centred[1:] * centred[:-1], centred[:, 1:] * centred[:, :-1]):
        assert abs(shifted.mean()) < 4 / 12 / np.sqrt(shifted.size)
    neighbours = centred[..., 1:] * centred[..., :-1]
    assert abs(neighbours.mean()) < 4 / 12 / np.sqrt(neighbours.size)


def test_normals_are_standard_and_independent():
    u = uniform(SEEDS, STEPS, DRAWS).reshape(-1, 4)
    n1, n2 = normal_pair(u[:, 0], u[:, 1])
    assert stats.kstest(n1, "norm").pvalue > 1e-3
    assert stats.kstest(n2, "norm").pvalue > 1e-3
    assert abs(np.corrcoef(n1, n2)[0, 1]) < 4 / np.sqrt(len(n1))
