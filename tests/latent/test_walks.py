from __future__ import annotations

from typing import Literal

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from creative_gen.latent.walks import interpolate

Path = Literal["spherical", "linear"]


def vectors(size: int = 4) -> st.SearchStrategy[NDArray[np.float32]]:
    numbers = st.floats(-3, 3, width=32)
    return st.lists(numbers, min_size=size, max_size=size).map(lambda v: np.array(v, np.float32))


@given(first=vectors(), second=vectors(), path=st.sampled_from(["spherical", "linear"]))
def test_a_walk_starts_and_ends_at_its_ends(
    first: NDArray[np.float32], second: NDArray[np.float32], path: Path
) -> None:
    walk = interpolate(first, second, 5, path)
    assert walk.shape == (5, 4)
    assert walk.dtype == np.float32
    assert np.isfinite(walk).all()
    np.testing.assert_allclose(walk[0], first, atol=1e-3)
    np.testing.assert_allclose(walk[-1], second, atol=1e-3)


def test_the_middle_of_a_quarter_circle() -> None:
    walk = interpolate(np.array([2.0, 0.0], "f4"), np.array([0.0, 2.0], "f4"), 3, "spherical")
    np.testing.assert_allclose(walk[1], [np.sqrt(2), np.sqrt(2)], rtol=1e-6)


def test_a_spherical_walk_turns_by_equal_angles() -> None:
    random = np.random.default_rng(0)
    first, second = random.normal(size=(2, 16))
    first, second = first / np.linalg.norm(first), second / np.linalg.norm(second)
    walk = interpolate(first.astype("f4"), second.astype("f4"), 9, "spherical")
    np.testing.assert_allclose(np.linalg.norm(walk, axis=1), 1, rtol=1e-5)
    turns = np.arccos(np.clip((walk[:-1] * walk[1:]).sum(axis=1), -1, 1))
    np.testing.assert_allclose(turns, np.arccos(first @ second) / 8, rtol=1e-3)


def test_a_linear_walk_has_equal_steps() -> None:
    walk = interpolate(np.array([0.0, 8.0], "f4"), np.array([4.0, 0.0], "f4"), 5, "linear")
    np.testing.assert_allclose(walk, [[0, 8], [1, 6], [2, 4], [3, 2], [4, 0]])


@pytest.mark.parametrize("second", [[1.0, 0.0], [3.0, 0.0], [-1.0, 0.0]])
def test_where_no_arc_is_defined_the_walk_is_straight(second: list[float]) -> None:
    first = np.array([1.0, 0.0], "f4")
    ends = first, np.array(second, "f4")
    np.testing.assert_allclose(
        interpolate(*ends, 5, "spherical"), interpolate(*ends, 5, "linear"), atol=1e-6
    )
