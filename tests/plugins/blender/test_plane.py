from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

FILE = Path(__file__).parents[3] / "plugins" / "blender" / "creative_gen_blender" / "plane.py"
spec = importlib.util.spec_from_file_location("creative_gen_plane", FILE)
assert spec is not None
assert spec.loader is not None
plane = importlib.util.module_from_spec(spec)
sys.modules[spec.name] = plane
spec.loader.exec_module(plane)

SHEET = np.array([[0, 0], [3, 0], [3, 2], [1, 5], [0, 2]], float)


def test_front_view_is_kept_exactly() -> None:
    points = np.stack([SHEET[:, 0], np.full(5, 7.0), SHEET[:, 1]], axis=1)
    found = plane.plane_of(points)
    np.testing.assert_array_equal(found.right, [1, 0, 0])
    np.testing.assert_array_equal(found.up, [0, 0, 1])
    np.testing.assert_array_equal(found.space(found.flat(points))[:, 1], points[:, 1])


@pytest.mark.parametrize(
    ("across", "up"),
    [
        ([1, 0, 0], [0, 0, 1]),
        ([1, 0, 0], [0, 1, 0]),
        ([0, 1, 0], [0, 0, 1]),
    ],
    ids=["front", "top", "right"],
)
def test_views_are_seen_as_blender_shows_them(across: list[int], up: list[int]) -> None:
    found = plane.plane_of(SHEET @ np.array([across, up], float) + (1, 2, 3))
    np.testing.assert_allclose(found.right, across, atol=1e-12)
    np.testing.assert_allclose(found.up, up, atol=1e-12)


@given(
    st.tuples(*[st.floats(-180, 180)] * 3),
    st.tuples(*[st.floats(-100, 100)] * 3),
    st.floats(1e-3, 1e3),
)
def test_any_plane_is_found(
    angles: tuple[float, ...], move: tuple[float, ...], scale: float
) -> None:
    rotation = Rotation.from_euler("xyz", angles, degrees=True).as_matrix()
    points = scale * np.pad(SHEET, ((0, 0), (0, 1))) @ rotation.T + move
    found = plane.plane_of(points)
    axes = np.stack([found.right, found.up])
    np.testing.assert_allclose(axes @ axes.T, np.eye(2), atol=1e-9)
    np.testing.assert_allclose(found.space(found.flat(points)), points, atol=2e-3 * scale)
    lengths = np.linalg.norm(np.diff(found.flat(points), axis=0), axis=1)
    np.testing.assert_allclose(
        lengths, scale * np.linalg.norm(np.diff(SHEET, axis=0), axis=1), rtol=1e-3
    )


@pytest.mark.parametrize("line", [[1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 1]])
def test_lines_and_dots_lie_in_a_plane(line: list[int]) -> None:
    points = np.outer([0, 1, 3], line).astype(float)
    found = plane.plane_of(points)
    np.testing.assert_allclose(found.space(found.flat(points)), points, atol=1e-9)
    dot = plane.plane_of(points[:1])
    np.testing.assert_array_equal(dot.up, [0, 0, 1])
