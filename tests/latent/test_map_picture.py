from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from creative_gen.latent.generator import LatentGenerator
from creative_gen.latent.landmarks import Landmarks, landmarks_of
from creative_gen.latent.map_picture import INK, PAPER, MapPicture, class_colors, grid_size
from creative_gen.latent.place import Place
from creative_gen.media.color_space import srgb_to_lab
from creative_gen.media.image import Image

Generators = dict[str, LatentGenerator]


def drawn(
    generator: LatentGenerator, landmarks: Landmarks, side: int = 400, place: Place | None = None
) -> np.ndarray:
    """A map of pictures that are all ink."""
    pictures = [np.zeros(generator.player.picture_shape, np.float32)] * len(landmarks)
    if generator.settings.channels == 4:
        pictures = [np.ones_like(picture) for picture in pictures]
    steps = MapPicture(generator.player, landmarks, pictures, side, place).draw()
    shares = []
    while True:
        try:
            shares.append(next(steps).fraction)
        except StopIteration as last:
            assert shares == sorted(shares) and shares[-1] == pytest.approx(1)
            image: Image = last.value
            return np.asarray(image.pixels)


def place(generator: LatentGenerator, landmarks: Landmarks, row: int) -> Place:
    classes = generator.settings.classes
    label = np.eye(len(classes), dtype=np.float32)[landmarks.labels[row]] if classes else ()
    values = np.zeros(generator.player.picture_shape, np.float32)
    return Place(landmarks.latent[row], values, np.asarray(label, np.float32), None, values)


def share_of(pixels: np.ndarray, color: Any) -> float:
    return float((pixels == np.array(color, np.uint8)).all(axis=2).mean())


def test_drawings_have_the_colour_of_their_class(generators: Generators):
    generator = generators["drawings"]
    pixels = drawn(generator, landmarks_of(generator.player, None))
    shares = [share_of(pixels, color) for color in class_colors(3)]
    # As many of each, and as much of each in the legend.
    assert min(shares) > 0.1 and max(shares) < 1.1 * min(shares)
    assert (pixels[:10] == PAPER).all() and (pixels[:, -10:] == PAPER).all()
    cats = drawn(generator, landmarks_of(generator.player, "cat"))
    assert [share_of(cats, color) > 0 for color in class_colors(3)] == [True, False, False]


def test_tiles_keep_their_colours(generators: Generators):
    generator = generators["tiles"]
    pixels = drawn(generator, landmarks_of(generator.player, None))
    # Whole squares of 12 pixels: 24 pictures of 48 pixels.
    assert share_of(pixels, (255, 255, 255)) == pytest.approx(24 * 48**2 / 400**2)


@pytest.mark.parametrize("name", ["drawings", "tiles"])
@pytest.mark.parametrize("count", [1, 2, 24])
def test_the_users_picture_is_framed(generators: Generators, name: str, count: int):
    generator = generators[name]
    landmarks = landmarks_of(generator.player, None).some(count)
    pixels = drawn(generator, landmarks, place=place(generator, landmarks, 0))
    assert share_of(pixels, INK) > 0.001


def test_a_marked_picture_lies_near_its_landmark(generators: Generators):
    generator = generators["tiles"]
    corners = np.array([[0, 0], [1, 0], [0, 1], [1, 1]], np.float64)
    latent = 5 * np.eye(6, dtype=np.float32)[:4]
    landmarks = Landmarks(latent.repeat(6, axis=0), np.zeros(24, int), corners.repeat(6, axis=0))
    for corner in range(4):
        pixels = drawn(generator, landmarks, place=place(generator, landmarks, 6 * corner))
        rows, columns = np.nonzero((pixels[:360] == INK).all(axis=2))
        assert (columns.mean() > 200) == (corners[corner, 0] > 0.5)
        assert (rows.mean() > 180) == (corners[corner, 1] > 0.5)


@pytest.mark.parametrize("count", [1, 2, 5, 24, 400, 2000])
@pytest.mark.parametrize("marked", [False, True])
def test_there_is_room_for_all(count: int, marked: bool):
    for aspect in (0.8, 1.0, 1.3):
        rows, columns = grid_size(count, aspect, marked)
        assert rows * columns >= count + 4 * marked
        assert rows >= 2 and columns >= 2
        if count > 20:
            assert columns / rows == pytest.approx(aspect, rel=0.35)


def test_colours_of_classes_can_be_told_apart_and_read():
    for count in (1, 2, 8, 18):
        lab = srgb_to_lab(np.array(class_colors(count), np.float32) / 255)
        assert (lab[:, 0] < 65).all()
        away = np.linalg.norm(lab[:, None] - lab[None], axis=2) + 1000 * np.eye(count)
        assert away.min() > 12
    assert class_colors(0) == []
