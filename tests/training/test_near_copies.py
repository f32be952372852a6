import numpy as np
import pytest
from PIL import Image, ImageDraw

from creative_gen.training.near_copies import NearCopies
from tests.toy_pictures import clip_art, line_drawing

Pixels = np.ndarray


def resized(pixels: Pixels, side: int) -> Pixels:
    return np.asarray(Image.fromarray(pixels).resize((side, side), Image.Resampling.LANCZOS))


def with_a_dot(pixels: Pixels, color: str, radius: int) -> Pixels:
    image = Image.fromarray(pixels)
    middle = len(pixels) // 2
    corner, other = middle - radius, middle + radius
    ImageDraw.Draw(image).ellipse((corner, corner, other, other), fill=color)
    return np.asarray(image)


@pytest.mark.parametrize("drawn", [clip_art, line_drawing])
def test_the_same_picture_at_another_size_is_a_copy(drawn) -> None:
    copies = NearCopies()
    copies.add(drawn(192))
    assert copies.has(drawn(192))
    assert copies.has(resized(drawn(192), 80))


def test_a_slightly_changed_picture_is_a_copy() -> None:
    copies = NearCopies()
    copies.add(clip_art(192))
    assert copies.has(with_a_dot(clip_art(192), "black", 3))


def test_other_pictures_are_not_copies() -> None:
    copies = NearCopies()
    for seed in range(100):  # more than there is room for at first
        assert not copies.has(clip_art(96, seed)), seed
        copies.add(clip_art(96, seed))
    assert all(copies.has(clip_art(96, seed)) for seed in range(100))


def test_thin_drawings_are_not_alike_for_being_mostly_white() -> None:
    first, second = (np.full((96, 96, 3), 255, np.uint8) for _ in range(2))
    first[20], second[:, 20] = 0, 0
    copies = NearCopies()
    copies.add(first)
    assert not copies.has(second)


def test_another_colour_makes_another_picture() -> None:
    copies = NearCopies()
    copies.add(clip_art(96))
    assert not copies.has(clip_art(96)[..., ::-1])


def test_the_measure_is_the_difference_relative_to_the_ink() -> None:
    """Grey ink of 100: differences of 9 and 11 are 9 % and 11 % of the darker picture's."""
    copies = NearCopies()
    copies.add(np.full((32, 32, 3), 155, np.uint8))
    assert copies.has(np.full((32, 32, 3), 164, np.uint8))
    assert not copies.has(np.full((32, 32, 3), 166, np.uint8))
