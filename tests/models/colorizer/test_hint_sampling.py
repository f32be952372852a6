import numpy as np
import pytest

from creative_gen.models.colorizer.hint_sampling import fills, hints_for, sample_hints


def halves(count: int = 1, side: int = 128) -> np.ndarray:
    """Pictures (N, side, side, 3) of a red left and a blue right half, a little noisy."""
    rng = np.random.default_rng(0)
    lab = np.empty((count, side, side, 3), np.float32)
    lab[:, :, : side // 2] = 50, 60, 40
    lab[:, :, side // 2 :] = 30, 20, -60
    return lab + rng.normal(0, 1, lab.shape).astype(np.float32)


def colors(hints: np.ndarray) -> np.ndarray:
    """The Lab colours (K, 3) at hinted pixels."""
    marked = hints[hints[..., 3] == 1]
    return (marked[:, :3] + (1, 0, 0)) * (50, 110, 110)


def test_hinted_pixels_have_about_the_true_colours_and_the_others_nothing():
    lab = halves(4)
    hints = hints_for(np.random.default_rng(1), lab, np.full(4, 30))
    marked = hints[..., 3] == 1
    assert hints.shape == (4, 128, 128, 4)
    assert hints.dtype == np.float32
    assert not hints[~marked].any()
    assert marked.any(axis=(1, 2)).all()
    assert np.abs(colors(hints) - lab[marked]).max() < 8


def test_each_picture_gets_its_count_and_none_means_nothing():
    lab = halves(3)
    # Far apart in colour from pixel to pixel, so that a hint is its middle and nothing else.
    lab[..., 1] = np.arange(128)[:, None] * 50
    lab[..., 2] = np.arange(128)[None, :] * 50
    hints = hints_for(np.random.default_rng(2), lab, np.array([0, 1, 7]))
    assert hints[..., 3].sum(axis=(1, 2)).tolist() == [0, 1, 7]
    assert np.allclose(colors(hints[1:]), lab[hints[..., 3] == 1], atol=1e-2)


def test_a_hint_is_the_mean_of_what_it_covers():
    lab = halves()[0]
    hints = sample_hints(np.random.default_rng(3), lab, 1)
    marked = hints[..., 3] == 1
    assert marked.sum() > 1
    assert np.allclose(colors(hints), lab[marked].mean(axis=0), atol=1e-3)


def test_no_hint_reaches_over_an_edge():
    lab = halves(8)
    for one in hints_for(np.random.default_rng(4), lab, np.full(8, 1)):
        columns = np.nonzero(one[..., 3])[1]
        assert (columns < 64).all() or (columns >= 64).all()


@pytest.mark.parametrize(("side", "longest"), [(64, 5), (128, 9), (256, 19)])
def test_strokes_grow_with_the_picture(side: int, longest: int) -> None:
    lab = np.full((1, side, side, 3), 40, np.float32)
    sizes = []
    for seed in range(200):
        rows, columns = np.nonzero(sample_hints(np.random.default_rng(seed), lab[0], 1)[..., 3])
        sizes.append(max(np.ptp(rows), np.ptp(columns)) + 1)
    assert min(sizes) == 1
    assert longest - 1 <= max(sizes) <= longest


def test_the_first_hints_are_those_of_a_smaller_count():
    lab = halves()[0]
    few, many = (sample_hints(np.random.default_rng(5), lab, n)[..., 3] for n in (10, 50))
    assert (many >= few).all()
    assert many.sum() > few.sum()


def test_the_same_seed_gives_the_same_hints_and_another_others():
    lab = halves(2)
    first, second, other = (
        hints_for(np.random.default_rng(seed), lab, np.array([3, 5])) for seed in (6, 6, 7)
    )
    assert np.array_equal(first, second)
    assert not np.array_equal(first, other)


def test_hints_lie_mostly_where_they_are_wanted():
    lab = halves(20)
    wanted = np.zeros((20, 128, 128), bool)
    wanted[:, :, :64] = True
    hints = hints_for(np.random.default_rng(8), lab, np.full(20, 10), wanted)
    left, right = hints[:, :, :64, 3].sum(), hints[:, :, 64:, 3].sum()
    # One place in two is wanted, and four are tried.
    assert 0.02 < right / (left + right) < 0.12


def test_fills_are_neither_paper_nor_lines():
    lab = np.array([[[100, 0, 0], [60, 50, 30], [98, 0, 12], [0, 0, 0]]], np.float32)
    drawing = np.array([[100, 100, 100, 0]], np.float32)
    assert fills(lab, drawing).tolist() == [[False, True, True, False]]
