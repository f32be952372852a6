"""What a discriminator sees of pictures: moved, cut and recoloured, with a gradient."""

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from keras import ops  # noqa: E402

from creative_gen.layers.differentiable_augmentation import (  # noqa: E402
    augmented,
    cut,
    recolored,
    shifted,
)
from tests.toy_picture_sets import toy_set  # noqa: E402

SIDE = 12


def seed(value=0):
    return keras.random.SeedGenerator(value)


def toys(channels, count=12):
    pictures = toy_set(count, channels=channels).pictures.astype(np.float32) / 255
    if channels == 4:
        pictures[..., :3] *= pictures[..., 3:]
    return pictures


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_shape_stays_and_pictures_change(channels):
    pictures = toys(channels)
    seen = np.asarray(augmented(pictures, seed()))
    assert seen.shape == pictures.shape and np.isfinite(seen).all()
    assert (np.abs(seen - pictures).max((1, 2, 3)) > 0.1).all()
    again = np.asarray(augmented(pictures, seed()))
    np.testing.assert_array_equal(seen, again)
    assert np.abs(np.asarray(augmented(pictures, seed(1))) - seen).max() > 0.1


@pytest.mark.parametrize(("channels", "paper"), [(1, 1), (3, 1), (4, 0)])
def test_paper_stays_paper(channels, paper):
    pictures = np.full((6, SIDE, SIDE, channels), paper, np.float32)
    np.testing.assert_allclose(np.asarray(augmented(pictures, seed(), color=0.0)), paper, atol=1e-6)


def test_what_is_transparent_has_no_colour():
    seen = np.asarray(augmented(toys(4), seed()))
    clear = seen[..., 3] == 0
    assert 0.3 < clear.mean() < 1
    np.testing.assert_array_equal(seen[clear], 0)
    np.testing.assert_array_equal(np.asarray(augmented(np.zeros((2, 8, 8, 4), "f"), seed())), 0)


@pytest.mark.parametrize("share", [0.0, 0.125, 0.3])
def test_shifts_are_by_whole_pixels(share):
    most = round(share * SIDE)
    pictures = toys(4, count=40)
    seen = np.asarray(shifted(pictures, seed(), share))
    moves = range(-most, most + 1)
    found = [_shift_of(before, after, moves) for before, after in zip(pictures, seen, strict=True)]
    assert all(found)
    for axis in range(2):
        # All shifts are there, both ways, and each axis has its own.
        assert {shift[axis] for shift in found} == set(moves)
    assert most == 0 or any(down != right for down, right in found)


def _shift_of(before, after, moves):
    """How far a picture was moved, if what came in is 0."""
    for down in moves:
        for right in moves:
            padded = np.pad(before, ((SIDE, SIDE), (SIDE, SIDE), (0, 0)))
            top, left = SIDE - down, SIDE - right
            if np.array_equal(padded[top : top + SIDE, left : left + SIDE], after):
                return down, right
    return ()


def test_a_square_is_cut_out():
    ones = np.ones((200, SIDE, SIDE, 1), np.float32)
    seen = np.asarray(cut(ones, seed(), 0.5))[..., 0]
    assert set(np.unique(seen)) == {0, 1}
    sizes = []
    for one in 1 - seen:
        rows, columns = one.any(1), one.any(0)
        # A rectangle, and no hole in it.
        np.testing.assert_array_equal(one, np.outer(rows, columns))
        assert (np.abs(np.diff(np.flatnonzero(rows))) == 1).all()
        sizes.append((rows.sum(), columns.sum()))
    # Half of the side, or less at an edge.
    assert np.max(sizes) == SIDE // 2
    assert SIDE // 4 <= np.min(sizes) < SIDE // 2


def test_no_strength_is_no_change_of_colour():
    for channels in (1, 3, 4):
        pictures = toys(channels)
        seen = np.asarray(recolored(pictures, seed(), 0.0))
        np.testing.assert_allclose(seen, pictures, atol=1e-6)


def test_colours_change_as_those_of_a_whole_picture():
    """A straight line from old grey values to new ones: brightness and contrast, a pair each."""
    pictures = np.random.default_rng(0).random((9, SIDE, SIDE, 1)).astype(np.float32)
    seen = np.asarray(recolored(pictures, seed(), 1.0))
    slopes = []
    for before, after in zip(pictures, seen, strict=True):
        slope, offset = np.polyfit(before.ravel(), after.ravel(), 1)
        np.testing.assert_allclose(after, slope * before + offset, atol=1e-4)
        slopes.append(slope)
    assert 0.5 <= min(slopes) < max(slopes) <= 1.5


def test_colours_of_transparent_pictures_change_as_on_paper():
    """Where all is opaque, alpha makes no difference."""
    colors = np.random.default_rng(0).random((5, SIDE, SIDE, 3)).astype(np.float32)
    opaque = np.concatenate([colors, np.ones_like(colors[..., :1])], 3)
    seen = np.asarray(recolored(opaque, seed(), 1.0))
    np.testing.assert_allclose(seen[..., :3], np.asarray(recolored(colors, seed(), 1.0)), atol=1e-5)
    np.testing.assert_array_equal(seen[..., 3], 1)


def test_alpha_is_not_recoloured_and_bounds_what_brightens():
    pictures = toys(4)
    seen = np.asarray(recolored(pictures, seed(), 1.0))
    np.testing.assert_array_equal(seen[..., 3], pictures[..., 3])
    straight = seen[..., :3].max((1, 2, 3))
    assert straight.max() > pictures[..., :3].max()


@pytest.mark.parametrize("channels", [1, 4])
def test_a_gradient_flows_to_what_was_made(channels):
    """One step of descent on pictures moves them so that what is seen of them grows."""

    class Made(keras.Model):
        def __init__(self):
            super().__init__()
            self.picture = self.add_weight((1, SIDE, SIDE, channels), "ones", name="picture")

        def call(self, batch):
            return ops.repeat(self.picture, 64, 0)

        def compute_loss(self, x=None, y=None, y_pred=None, sample_weight=None, training=True):
            return -ops.sum(augmented(y_pred, noise))

    noise, model = seed(), Made()
    model.compile(keras.optimizers.SGD(1.0), run_eagerly=True)
    model.train_on_batch(np.zeros((1, 1), np.float32))
    moved = np.asarray(model.picture)[0] - 1
    # No pixel is always cut out.
    assert (moved > 0).all()
