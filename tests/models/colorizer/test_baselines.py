from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from creative_gen.media.color_space import gray_level, lab_to_srgb, srgb_to_lab
from creative_gen.media.image import quantized
from creative_gen.models.colorizer.baselines import annealed_mean, mean_color, painted
from creative_gen.models.colorizer.examples import Example, example_paths, read_example


@pytest.fixture
def tones(color_folders: Path) -> Example:
    return read_example(*example_paths(color_folders / "photos")[0])


@pytest.fixture
def lines(color_folders: Path) -> Example:
    return read_example(*example_paths(color_folders / "drawings")[0])


def test_tones_keep_their_lightness_under_any_colour(tones: Example) -> None:
    made = quantized(painted(tones, np.array([0, 20, -30], np.float32)), 8)
    assert np.array_equal(gray_level(made), tones.given.pixels[..., 0])
    lab = srgb_to_lab(made.astype(np.float32) / 255)
    middle = np.abs(lab[..., 0] - 50) < 15
    assert np.allclose(np.median(lab[middle], axis=0)[1:], (20, -30), atol=1)


def test_tones_in_their_own_colours_are_the_true_picture(tones: Example) -> None:
    levels = 255 * np.abs(painted(tones, srgb_to_lab(tones.true)) - tones.true)
    # Blue says little of the lightness, so that it moves most when that is kept exactly.
    assert levels[..., :2].max() < 3.5
    assert levels.max() < 16
    assert levels.mean() < 0.5


def test_lines_stay_black_above_a_colour(lines: Example) -> None:
    color = np.array([60, 40, 20], np.float32)
    made, given = painted(lines, color), lines.given.rgb()
    assert np.allclose(made[given[..., 0] == 1], lab_to_srgb(color), atol=1e-5)
    assert not made[given[..., 0] == 0].any()


def test_the_mean_colour_is_that_of_the_picture_off_its_lines(
    tones: Example, lines: Example
) -> None:
    assert np.allclose(mean_color(tones), srgb_to_lab(tones.true).mean(axis=(0, 1)), atol=1e-3)
    paper = lines.given.pixels[..., 0] > 240
    assert np.allclose(mean_color(lines), srgb_to_lab(lines.true[paper]).mean(axis=0), atol=1)


def test_the_annealed_mean_lies_between_the_mean_and_the_likeliest() -> None:
    palette = np.array([[0, 0], [50, 10], [-20, 40]], np.float32)
    probabilities = np.array([0.2, 0.5, 0.3])
    logits = np.log(probabilities).astype(np.float32)[None, None]
    for temperature in (1.0, 0.38):
        weights = probabilities ** (1 / temperature)
        expected = (weights / weights.sum()) @ palette
        assert np.allclose(annealed_mean(logits, palette, temperature)[0, 0], expected, atol=1e-4)
    assert np.allclose(annealed_mean(logits, palette, 0.01)[0, 0], palette[1])
