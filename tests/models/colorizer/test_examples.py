from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from creative_gen.interface.errors import InvalidMedia
from creative_gen.media.color_space import gray_level, srgb_to_lab
from creative_gen.media.errors import MediaError
from creative_gen.models.colorizer.examples import (
    example_paths,
    hint_colors,
    hint_image,
    read_example,
)
from tests import toy_pictures


def test_pictures_become_grey_tones_of_the_same_lightness(color_folders: Path) -> None:
    pairs = example_paths(color_folders / "photos")
    assert [path.name for path, _ in pairs] == ["6.png", "7.png"]
    example = read_example(*pairs[0])
    pixels = toy_pictures.photo(80, 100, 6)
    assert example.mode == "tones"
    assert np.array_equal(example.given.pixels[..., 0], gray_level(pixels))
    assert np.allclose(example.true, pixels / 255)


def test_drawings_come_with_their_colourings(color_folders: Path) -> None:
    pairs = example_paths(color_folders / "drawings")
    assert len(pairs) == 2
    example = read_example(*pairs[1])
    assert example.mode == "lines"
    assert np.array_equal(example.given.pixels, toy_pictures.line_drawing(96, 7))
    assert np.allclose(example.true, toy_pictures.colored(96, 7) / 255)


def test_hints_of_drawings_are_on_their_fills_and_look_like_them(color_folders: Path) -> None:
    example = read_example(*example_paths(color_folders / "drawings")[0])
    at = example.hints(40, [1])[..., 3] > 0
    assert (example.given.rgb()[at].min(axis=-1) > 0.75).mean() > 0.95
    colored = example.true.min(axis=-1) < 0.99
    assert colored[at].mean() > 1.5 * colored.mean()
    painted = srgb_to_lab(hint_image(example.hints(40, [1])).rgb()[at])
    true = srgb_to_lab(example.true[at])
    assert np.median(np.abs(painted - true).max(axis=-1)) < 2


def test_a_hint_map_is_painted_as_strokes_on_nothing() -> None:
    hints = np.zeros((4, 5, 4), np.float32)
    hints[1, 2] = (0.2, 0.4, -0.3, 1)
    assert np.allclose(hint_colors(hints)[1, 2], (60, 44, -33))
    image = hint_image(hints)
    alpha = image.alpha()
    assert alpha is not None
    assert alpha[1, 2] == 1
    assert alpha.sum() == 1
    assert np.allclose(srgb_to_lab(image.rgb()[1, 2]), (60, 44, -33), atol=0.5)


def test_pairs_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    for name, side in (("colors", 32), ("lines", 30)):
        (tmp_path / name).mkdir()
        Image.fromarray(toy_pictures.colored(side)).save(tmp_path / name / "one.png")
    with pytest.raises(InvalidMedia, match="differ in size"):
        read_example(*example_paths(tmp_path)[0])
    (tmp_path / "lines" / "one.png").unlink()
    with pytest.raises(InvalidMedia, match="has no line drawing"):
        example_paths(tmp_path)
    (tmp_path / "colors" / "one.png").unlink()
    with pytest.raises(MediaError, match="has no pictures"):
        example_paths(tmp_path)
