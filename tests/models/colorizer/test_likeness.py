import numpy as np
import pytest
from skimage.color import deltaE_ciede2000, rgb2lab
from skimage.metrics import peak_signal_noise_ratio

from creative_gen.media.color_space import srgb_to_lab
from creative_gen.media.colorfulness import colorfulness
from creative_gen.models.colorizer.likeness import CEILING, Likeness, mean_difference, pieces
from tests import toy_pictures


def picture(seed: int) -> np.ndarray:
    return toy_pictures.photo(40, 60, seed).astype(np.float32) / 255


def test_figures_are_means_over_pictures():
    true, made = Likeness(1), Likeness(1)
    pairs = [(picture(seed), picture(seed + 10)) for seed in range(4)]
    for one, other in pairs:
        true.add(one, one)
        made.add(other, one)
    figures = made.figures(true)
    decibels = [peak_signal_noise_ratio(one, other, data_range=1) for one, other in pairs]
    differences = [deltaE_ciede2000(rgb2lab(one), rgb2lab(other)).mean() for one, other in pairs]
    assert figures["psnr"] == pytest.approx(np.mean(decibels), abs=1e-3)
    assert figures["ciede2000"] == pytest.approx(np.mean(differences), abs=2e-2)
    ratio = sum(colorfulness(one) for _, one in pairs) / sum(colorfulness(one) for one, _ in pairs)
    assert figures["ratio"] == pytest.approx(ratio, abs=1e-3)
    assert figures["frechet"] > 0
    assert "hints_95" not in figures


def test_the_true_pictures_are_like_themselves():
    true = Likeness(2)
    for seed in range(3):
        true.add(picture(seed), picture(seed))
    figures = true.figures(true)
    assert figures["psnr"] == CEILING
    assert figures["ciede2000"] == figures["frechet"] == 0
    assert figures["ratio"] == 1


def test_large_pictures_are_measured_like_their_parts():
    one, other = (np.tile(picture(seed), (6, 5, 1)) for seed in (0, 1))
    expected = mean_difference(picture(0), picture(1))
    assert mean_difference(one, other) == pytest.approx(expected, abs=1e-4)


def test_pieces_cover_a_picture_in_order():
    rgb = np.zeros((130, 256, 3), np.float32)
    rgb[:65, 128:] = (1, 0, 0)
    parts = pieces(rgb, 2)
    assert parts.shape == (4, 64, 64, 3)
    red = srgb_to_lab(np.array([1, 0, 0], np.float32))
    assert np.allclose(parts[1], red, atol=1e-2)
    assert not parts[[0, 2, 3]].any()


def test_pieces_are_not_smaller_than_what_the_network_sees():
    assert len(pieces(picture(0), 4)) == 1
    assert len(pieces(np.zeros((64, 200, 3), np.float32), 4)) == 3


def test_deviations_at_hints_are_told_where_there_are_any():
    likeness = Likeness(1)
    for seed in range(2):
        likeness.add(picture(seed), picture(seed))
        likeness.deviations.append(np.linspace(0, 1, 101) + seed)
    figures = likeness.figures(likeness)
    assert figures["hints_most"] == 2
    assert figures["hints_95"] == pytest.approx(1.9, abs=0.02)


def test_one_picture_is_no_set():
    likeness = Likeness(1)
    likeness.add(picture(0), picture(1))
    assert "frechet" not in likeness.figures(likeness)
