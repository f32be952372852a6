from __future__ import annotations

import numpy as np
import pytest
from scipy.ndimage import distance_transform_cdt

from creative_gen.models.colorizer import fills as fills_module
from creative_gen.models.colorizer.fills import Drawing, whitened


def boxes(gap: int = 0) -> np.ndarray:
    """Darkness (80, 120) of two boxes side by side, the first perhaps open above."""
    darkness = np.zeros((80, 120), np.float32)
    for left in (10, 65):
        darkness[10:70, left : left + 45] = 1
        darkness[13:67, left + 3 : left + 42] = 0
    darkness[10:13, 30 : 30 + gap] = 0
    return darkness


def said(noise: float = 4.0) -> np.ndarray:
    """White paper, a red box and a blue one, with noise and not quite in place."""
    random = np.random.default_rng(0)
    color = np.zeros((80, 120, 3), np.float32)
    color[..., 0] = 100
    color[8:66, 13:54] = (55, 70, 50)
    color[8:66, 68:109] = (40, 10, -50)
    coarse = random.normal(0, noise, (20, 30, 3)).astype(np.float32)
    return color + coarse.repeat(4, axis=0).repeat(4, axis=1)


def test_fills_are_flat_and_end_at_lines():
    fills = whitened(Drawing(boxes(), cell=4.0).fills(said()))[0]
    for left, color in ((10, (55, 70, 50)), (65, (40, 10, -50))):
        inside = fills[13:67, left + 3 : left + 42]
        assert np.ptp(inside, axis=(0, 1)).max() < 1.0
        np.testing.assert_allclose(inside[0, 0], color, atol=4)
    np.testing.assert_allclose(fills[:9], np.broadcast_to((100, 0, 0), (9, 120, 3)), atol=0.5)


def test_a_gap_in_a_line_does_not_empty_a_fill():
    fills = Drawing(boxes(gap=6), cell=4.0).fills(said())
    np.testing.assert_allclose(fills[20:60, 20:45].mean(axis=(0, 1)), (55, 70, 50), atol=6)
    assert fills[:5, :5, 0].min() > 95


def test_fills_go_on_under_the_lines():
    fills = Drawing(boxes(), cell=4.0).fills(said(0.0))
    middle = fills[40]
    np.testing.assert_allclose(middle[10 + 2], middle[30], atol=15)
    assert np.isfinite(fills).all()


def test_two_colours_of_a_region_stay_two():
    color = np.zeros((40, 60, 3), np.float32)
    color[:, :30], color[:, 30:] = (60, 50, 40), (60, -50, 40)
    fills = Drawing(np.zeros((40, 60), np.float32), cell=4.0).fills(color)
    np.testing.assert_allclose(fills[:, 5], np.broadcast_to(color[0, 0], (40, 3)), atol=3)
    np.testing.assert_allclose(fills[:, 55], np.broadcast_to(color[0, 59], (40, 3)), atol=3)


def test_hints_spread_to_the_lines():
    drawing = Drawing(boxes(), cell=4.0)
    weights = np.zeros((80, 120, 1), np.float32)
    weights[40, 30] = 1
    values = np.full((80, 120, 3), 7, np.float32)
    mean, reached = drawing.spread(values, weights, 12.0)
    np.testing.assert_allclose(mean[reached[..., 0] > 1e-6], 7, rtol=1e-3)
    assert reached[15:65, 15:50].min() > 100 * reached[15:65, 70:105].max()


def test_what_runs_over_a_line_is_not_meant():
    drawing = Drawing(boxes(), cell=4.0)
    stroke = np.zeros((80, 120), bool)
    stroke[38:42, 20:61] = True
    meant = drawing.meant(stroke)
    np.testing.assert_array_equal(np.nonzero(meant.any(axis=0))[0], np.arange(20, 52))
    # A stroke through both boxes is meant for both, but not for what is between, and paint all
    # over is meant everywhere.
    stroke[38:42, 55:100] = True
    meant = drawing.meant(stroke)[40]
    assert meant[30] and meant[90] and not meant[58]
    np.testing.assert_array_equal(drawing.meant(np.ones((80, 120), bool)), drawing.regions > 0)
    assert not drawing.meant(np.zeros((80, 120), bool)).any()


@pytest.mark.parametrize("level", [0.0, 1.0])
def test_a_sheet_all_of_one_kind(level: float):
    color = np.full((10, 12, 3), 40, np.float32)
    fills = Drawing(np.full((10, 12), level, np.float32), cell=2.0).fills(color)
    assert np.isfinite(fills).all()
    if level == 0:
        np.testing.assert_allclose(fills, 40, rtol=1e-3)


def test_nearly_white_is_white():
    fills = np.array([[99, 1, 0], [80, 0, 0], [95, 0, 1]], np.float32)
    white, tint = whitened(fills)
    np.testing.assert_allclose(white[:2], [[100, 0, 0], [80, 0, 0]])
    assert tint[0] == 0 and tint[1] == 1 and 0 < tint[2] < 1


def test_distances_are_those_of_scipy():
    lines = np.random.default_rng(0).random((30, 40)) < 0.02
    expected = distance_transform_cdt(~lines, "taxicab")
    np.testing.assert_array_equal(fills_module._distance(lines), expected)


def test_one_hint_is_enough_for_what_lines_enclose():
    drawing = Drawing(boxes(), cell=4.0)
    color = np.full((80, 120, 3), (60, 40, 30), np.float32)
    hinted = np.zeros((80, 120), bool)
    hinted[30:33, 20:30] = True  # In the first box,
    hinted[2:4, 5:10] = True  # and on the paper around both.
    before = drawing.fills(said(0.0))
    poured = drawing.poured(before, color, hinted)
    np.testing.assert_allclose(poured[13:67, 13:52], np.full((54, 39, 3), (60, 40, 30)), atol=1e-3)
    np.testing.assert_array_equal(poured[13:67, 68:107], before[13:67, 68:107])
    np.testing.assert_array_equal(poured[:9], before[:9])


def test_hints_that_differ_share_what_lines_enclose():
    drawing = Drawing(boxes(), cell=4.0)
    color = np.full((80, 120, 3), (60, 40, 30), np.float32)
    color[:, 30:] = (60, -40, 30)
    hinted = np.zeros((80, 120), bool)
    hinted[30:33, 20:40] = True
    before = drawing.fills(said(0.0))
    np.testing.assert_array_equal(
        drawing.poured(before, color, hinted)[13:67, 13:52], before[13:67, 13:52]
    )
