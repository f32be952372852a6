from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt

from creative_gen.latent.ink import cropped, distance, fitted, ink_of, line_width, with_lines

Bools = NDArray[np.bool_]


def ring(side: int = 160, radius: float = 50.0, width: float = 10.0) -> Bools:
    y, x = np.mgrid[:side, :side] - (side - 1) / 2
    return np.abs(np.hypot(x, y) - radius) <= width / 2


def seen(colors: NDArray[np.float64], alpha: float = 1.0) -> NDArray[np.float32]:
    """Pixels of colours (h, w, 3) as `premultiplied` gives them."""
    return np.dstack([colors * alpha, np.full(colors.shape[:2], alpha)]).astype(np.float32)


@pytest.mark.parametrize("most", [1, 3, 9, 40])
def test_distances_are_euclidean(most: int) -> None:
    targets = np.random.default_rng(0).random((40, 30)) < 0.02
    expected = np.minimum(distance_transform_edt(~targets), most)
    np.testing.assert_allclose(distance(targets, most), expected, rtol=1e-6)


def test_distances_of_nothing_are_the_most() -> None:
    assert (distance(np.zeros((4, 5), bool), 7) == 7).all()


@pytest.mark.parametrize(
    ("paper", "pen", "on_dark"),
    [
        ((1, 1, 1), (0, 0, 0), False),
        ((1, 1, 1), (1, 1, 0), False),
        ((0.1, 0.1, 0.1), (1, 1, 1), True),
        ((0.95, 0.9, 0.6), (0.2, 0.2, 0.7), False),
        ((1, 1, 1), (0.8, 0.8, 0.8), False),
    ],
)
def test_ink_is_what_differs_from_the_paper(
    paper: tuple[float, ...], pen: tuple[float, ...], on_dark: bool
) -> None:
    drawing = ring()
    ink = ink_of(seen(np.where(drawing[..., None], pen, paper)))
    assert ink is not None
    np.testing.assert_allclose(ink.amount, drawing, atol=1e-6)
    assert ink.on_dark == on_dark


def test_a_pen_that_covers_half_is_ink() -> None:
    pixels = np.zeros((160, 160, 4), np.float32)
    pixels[ring(), 3] = 0.5
    ink = ink_of(pixels)
    assert ink is not None
    np.testing.assert_allclose(ink.amount, ring())


def test_white_that_is_drawn_on_nothing_is_ink() -> None:
    pixels = np.zeros((160, 160, 4), np.float32)
    pixels[ring()] = 1
    ink = ink_of(pixels)
    assert ink is not None and ink.on_dark
    np.testing.assert_allclose(ink.amount, ring())


@pytest.mark.parametrize("value", [0.0, 0.4, 1.0])
def test_paper_alone_has_no_ink(value: float) -> None:
    noise = np.random.default_rng(0).uniform(-0.02, 0.02, (20, 30, 3))
    assert ink_of(seen((value + noise).clip(0, 1))) is None
    assert ink_of(np.zeros((5, 5, 4), np.float32)) is None
    assert ink_of(np.ones((1, 1, 4), np.float32)) is None


def test_the_smallest_rectangle_is_cut_out() -> None:
    amount = np.zeros((30, 40), np.float32)
    amount[5:12, 20:23] = 1
    assert cropped(amount).shape == (7, 3)


def test_ink_is_fitted_by_its_longer_side() -> None:
    line = np.zeros((500, 40), np.float32)
    line[:, 20] = 1
    small = fitted(line, 50)
    assert small.shape == (50, 4)
    # A thin line of a large drawing stays black.
    assert small.max() == 1
    assert fitted(np.ones((3, 900), np.float32), 20).shape == (1, 20)


@pytest.mark.parametrize("width", [4.0, 7.0, 12.0, 21.0])
def test_the_width_of_lines_is_measured(width: float) -> None:
    assert abs(line_width(ring(width=width), 40) - width) < 1.0


def test_an_area_has_no_lines() -> None:
    y, x = np.mgrid[:160, :160] - 79.5
    assert line_width(np.hypot(x, y) < 70, 20) == 20


@pytest.mark.parametrize("old", [3.0, 8.0, 16.0])
@pytest.mark.parametrize("new", [4.0, 8.0, 14.0])
def test_lines_get_another_width(old: float, new: float) -> None:
    drawn = with_lines(ring(width=old), line_width(ring(width=old), 40), new)
    expected = ring(width=new)
    # As wide as it should be, but for a pixel and a half, and at the same place.
    assert abs(drawn.sum() / expected.sum() - 1) * new < 1.5
    assert (drawn & expected).sum() / expected.sum() > 0.9


def test_thin_lines_survive_where_others_get_thinner() -> None:
    drawing = ring(width=16)
    drawing[:, 79:82] = True
    thinner = with_lines(drawing, line_width(drawing, 40), 6)
    assert thinner[60:100, 78:83].any(axis=1).all()


def test_areas_stay_areas() -> None:
    drawing = ring(width=8)
    y, x = np.mgrid[:160, :160] - 79.5
    drawing |= np.hypot(x, y) < 30
    assert with_lines(drawing, 8, 4)[60:100, 60:100].all()
