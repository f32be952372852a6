"""Twins are drawn within their group, for half of the rows."""

import numpy as np

from creative_gen.fitting.twins import Twins


def test_twins_are_of_the_same_group_and_each_as_often():
    groups = np.array([7, np.nan, 7, 3, np.nan, 7, 3], np.float32)
    rows = np.repeat(np.arange(7), 6000)
    drawn = Twins(groups).drawn(rows, np.random.default_rng(0)).reshape(7, -1)
    found = [set(one.tolist()) for one in drawn]
    assert found == [{0, 2, 5}, {1}, {0, 2, 5}, {3, 6}, {4}, {0, 2, 5}, {3, 6}]
    # Half of the draws are the row itself, and the others any of its group, itself among them.
    shares = [np.bincount(one, minlength=7) / 6000 for one in drawn]
    np.testing.assert_allclose(shares[0][[0, 2, 5]], [2 / 3, 1 / 6, 1 / 6], atol=0.03)
    np.testing.assert_allclose(shares[6][[3, 6]], [0.25, 0.75], atol=0.03)
