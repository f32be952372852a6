from __future__ import annotations

import numpy as np
import pytest
from scipy.ndimage import label

from creative_gen.models.colorizer.regions import regions_of


@pytest.mark.parametrize("share", [0.0, 0.3, 0.5, 0.6, 0.7, 0.95, 1.0])
@pytest.mark.parametrize("shape", [(40, 60), (1, 30), (30, 1), (1, 1)])
def test_regions_are_those_of_scipy(share: float, shape: tuple[int, int]):
    inside = np.random.default_rng(7).random(shape) < share
    found, count = regions_of(inside)
    expected, expected_count = label(inside)
    assert count == expected_count
    np.testing.assert_array_equal(found > 0, inside)
    pairs = np.unique(np.stack([found[inside], expected[inside]]), axis=1)
    assert pairs.shape[1] == count == (found.max() if inside.any() else 0)


def test_a_spiral_is_one_region():
    inside = np.zeros((41, 41), bool)
    for ring in range(0, 20, 2):
        inside[ring, ring : 41 - ring] = inside[40 - ring, ring : 41 - ring] = True
        inside[ring : 41 - ring, 40 - ring] = True
        inside[ring + 2 : 41 - ring, ring] = True
        inside[ring + 2, ring + 1] = True
    assert regions_of(inside)[1] == label(inside)[1] == 1
