from __future__ import annotations

import numpy as np
import pytest
from scipy.optimize import linear_sum_assignment

from creative_gen.latent.grid import cells_for, spread


def cost(points: np.ndarray, cells: np.ndarray, rows: int, columns: int) -> float:
    centers = (cells[:, ::-1] + 0.5) / [columns, rows]
    return float((((points - centers) * [columns, rows]) ** 2).sum())


def best_cost(points: np.ndarray, rows: int, columns: int) -> float:
    cells = np.argwhere(np.ones((rows, columns)))
    costs = [[cost(point[None], cell[None], rows, columns) for cell in cells] for point in points]
    return float(np.array(costs)[linear_sum_assignment(costs)].sum())


@pytest.mark.parametrize(("count", "rows", "columns"), [(1, 2, 2), (30, 5, 6), (40, 9, 7)])
@pytest.mark.parametrize("seed", [0, 1])
def test_everyone_has_a_cell_of_their_own(count: int, rows: int, columns: int, seed: int) -> None:
    points = np.random.default_rng(seed).random((count, 2))
    cells = cells_for(points, rows, columns)
    assert cells.shape == (count, 2)
    assert len({tuple(cell) for cell in cells}) == count
    assert (cells >= 0).all() and (cells < [rows, columns]).all()
    # Not much farther than can be, which SciPy finds.
    assert cost(points, cells, rows, columns) <= 1.5 * best_cost(points, rows, columns) + 0.5


def test_points_of_a_grid_get_their_own_cells() -> None:
    order = np.random.default_rng(0).permutation(35)
    cells = np.argwhere(np.ones((5, 7)))[order]
    points = (cells[:, ::-1] + 0.5) / [7, 5]
    np.testing.assert_array_equal(cells_for(points, 5, 7), cells)


def test_blocked_cells_stay_free() -> None:
    blocked = np.array([[1, 1], [1, 2], [2, 1], [2, 2]])
    cells = cells_for(np.full((12, 2), 0.5), 4, 4, blocked)
    assert not {tuple(cell) for cell in cells} & {tuple(cell) for cell in blocked}
    assert len({tuple(cell) for cell in cells}) == 12


def test_points_are_spread_and_keep_their_order() -> None:
    random = np.random.default_rng(0)
    points = random.normal(size=(50, 2)) ** 3
    even = spread(points)
    assert even.min() >= 0 and even.max() <= 1
    for axis in (0, 1):
        np.testing.assert_array_equal(even[:, axis].argsort(), points[:, axis].argsort())
    assert np.isfinite(spread(np.zeros((3, 2)))).all()
