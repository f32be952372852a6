"""What a set's pictures look like each time that they are seen."""

import numpy as np
import pytest
from scipy import ndimage

from creative_gen.fitting.picture_batches import (
    Augmentation,
    PictureBatches,
    as_floats,
    read_splits,
)
from creative_gen.media.errors import MediaError
from creative_gen.media.picture_set import PictureSet
from tests.toy_picture_sets import toy_set, write_toy_set

LUMA = np.array([0.299, 0.587, 0.114])
EVERYTHING = Augmentation(mirror=True, turn=30, zoom=0.2, shift=1.5, hue=1.0)


def generator(seed=0):
    return np.random.default_rng(seed)


def one_batch(pictures, size=16, seed=3, **how):
    augmentation = how.pop("augmentation", Augmentation())
    return next(PictureBatches(pictures, augmentation, **how).batches(size, seed))


def uneven():
    """Nine discs and three bars, and one class that has no picture."""
    pictures = toy_set(18)
    rows = np.sort(np.concatenate([np.arange(0, 18, 2), [1, 3, 5]]))
    chosen = pictures.chosen(rows)
    return PictureSet(chosen.pictures, chosen.labels, (*chosen.classes, "none"))


def test_batches_are_the_same_for_the_same_seed():
    pictures = toy_set(20, channels=4)
    first, again, other = (
        one_batch(pictures, augmentation=EVERYTHING, seed=seed) for seed in (3, 3, 4)
    )
    for name in ("picture", "label"):
        np.testing.assert_array_equal(first[name], again[name])
    assert np.abs(first["picture"] - other["picture"]).max() > 0.1
    # A resumed run has the step beside its seed.
    assert np.any(one_batch(pictures, seed=[3, 7])["picture"] != one_batch(pictures)["picture"])


def test_a_batch_follows_the_one_before():
    stream = PictureBatches(toy_set(20), Augmentation()).batches(16, 0)
    assert np.any(next(stream)["picture"] != next(stream)["picture"])


def test_labels_are_those_of_the_pictures():
    pictures = toy_set(12)
    batch = one_batch(pictures, 40)
    assert batch["label"].shape == (40, 2) and batch["label"].dtype == np.float32
    known = {as_floats(one).tobytes(): label for one, label in zip(*rows(pictures), strict=True)}
    found = [known[one.tobytes()] for one in batch["picture"]]
    np.testing.assert_array_equal(batch["label"].argmax(1), found)
    assert (batch["label"].sum(1) == 1).all()


def rows(pictures):
    return pictures.pictures, pictures.labels


@pytest.mark.parametrize(("by_class", "share"), [(False, 9 / 12), (True, 1 / 2)])
def test_classes_are_seen_as_often_as_asked(by_class, share):
    batch = one_batch(uneven(), 4000, by_class=by_class)
    discs, bars, none = batch["label"].mean(0)
    # Three standard deviations of 4,000 draws.
    assert discs == pytest.approx(share, abs=3 * np.sqrt(share * (1 - share) / 4000))
    assert bars == pytest.approx(1 - discs) and none == 0


def test_pictures_of_a_class_are_seen_alike():
    pictures = uneven()
    batch = one_batch(pictures, 6000, by_class=True)
    bars = as_floats(pictures.pictures[pictures.labels == 1])
    counts = [(batch["picture"] == bar).all((1, 2, 3)).sum() for bar in bars]
    np.testing.assert_allclose(counts, 1000, atol=4 * np.sqrt(1000))


def test_once_gives_every_picture_as_it_is():
    pictures = toy_set(10, channels=4)
    batches = list(PictureBatches(pictures, EVERYTHING).once(4))
    assert [len(batch["picture"]) for batch in batches] == [4, 4, 2]
    seen = np.concatenate([batch["picture"] for batch in batches])
    np.testing.assert_array_equal(seen, as_floats(pictures.pictures))
    labels = np.concatenate([batch["label"] for batch in batches])
    np.testing.assert_array_equal(labels.argmax(1), pictures.labels)


def test_colours_are_premultiplied():
    pictures = np.array([[[[200, 100, 0, 51]]]], np.uint8)
    np.testing.assert_allclose(
        as_floats(pictures)[0, 0, 0], [200 / 255 / 5, 100 / 255 / 5, 0, 0.2], rtol=1e-6
    )
    white = as_floats(np.full((1, 2, 2, 3), 255, np.uint8))
    np.testing.assert_array_equal(white, 1)


def test_binarised_pictures_are_drawn_anew_but_for_validation():
    pictures = toy_set(30)
    batches = PictureBatches(pictures, Augmentation(), binarise=True)
    kept, again = (
        np.concatenate([batch["picture"] for batch in batches.once(size)]) for size in (8, 30)
    )
    # Whatever the size of the batches.
    np.testing.assert_array_equal(kept, again)
    drawn = next(batches.batches(500, 0))["picture"]
    assert set(np.unique(drawn)) == set(np.unique(kept)) == {0, 1}
    grey = PictureSet(np.full((1, 12, 12, 1), 51, np.uint8), np.zeros(1, np.int16), ("grey",))
    drawn = one_batch(grey, 200, binarise=True)["picture"]
    assert np.any(drawn[0] != drawn[1])
    assert drawn.mean() == pytest.approx(0.2, abs=4 * 0.4 / np.sqrt(drawn.size))


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_augmentation_of_nothing_changes_nothing(channels):
    pictures = as_floats(toy_set(6, channels=channels).pictures)
    np.testing.assert_array_equal(Augmentation().changed(pictures, generator()), pictures)
    # The least of shifts still goes through the interpolation.
    moved = Augmentation(shift=1e-12).changed(pictures, generator())
    np.testing.assert_allclose(moved, pictures, atol=1e-6)


@pytest.mark.parametrize("channels", [1, 4])
def test_what_augmentation_gives_are_pictures(channels):
    pictures = as_floats(toy_set(50, channels=channels).pictures)
    changed = EVERYTHING.changed(pictures, generator())
    assert changed.shape == pictures.shape and changed.dtype == np.float32
    assert changed.min() >= 0 and changed.max() <= 1 + 1e-6
    if channels == 4:
        assert (changed[..., :3] <= changed[..., 3:] + 1e-6).all()


@pytest.mark.parametrize(("channels", "paper"), [(1, 1), (3, 1), (4, 0)])
def test_what_comes_in_is_paper(channels, paper):
    pictures = np.full((4, 12, 12, channels), paper, np.float32)
    np.testing.assert_allclose(EVERYTHING.changed(pictures, generator()), paper, atol=1e-6)


def test_the_share_that_is_moved_is_that_asked_for():
    pictures = np.repeat(as_floats(toy_set(1).pictures), 400, axis=0)
    changed = Augmentation(turn=30, share=0.25).changed(pictures, generator())
    crisp = (changed == pictures).all((1, 2, 3))
    assert 1 - crisp.mean() == pytest.approx(0.25, abs=0.07)


def test_what_is_told_goes_with_its_picture():
    pictures = toy_set(12)
    told = np.stack([pictures.attributes["size"], pictures.attributes["across"]], 1)
    batches = PictureBatches(pictures, Augmentation(), told=told)
    known = {
        as_floats(one).tobytes(): row for one, row in zip(pictures.pictures, told, strict=True)
    }
    for batch in (next(batches.batches(40, 0)), *batches.once(5)):
        expected = [known[one.tobytes()] for one in batch["picture"]]
        np.testing.assert_array_equal(batch["told"], expected)
    assert "told" not in one_batch(pictures)


def test_twins_are_changed_as_their_pictures_are():
    pictures = toy_set(12)
    told = pictures.attributes["size"][:, None]
    groups = np.where(pictures.labels == 0, 5, np.nan).astype(np.float32)
    # Without bits between 0 and 1, what is drawn as 0 or 1 stays as it is.
    crisp = PictureSet(
        np.where(pictures.pictures < 128, 0, 255).astype(np.uint8),
        pictures.labels,
        pictures.classes,
        pictures.attributes,
    )
    mirror = Augmentation(mirror=True)
    batch = one_batch(crisp, 60, augmentation=mirror, told=told, twins=groups, binarise=True)
    plain = {row.tobytes(): (number, 1) for number, row in enumerate(as_floats(crisp.pictures))}
    mirrored = as_floats(crisp.pictures[:, :, ::-1])
    known = {row.tobytes(): (number, -1) for number, row in enumerate(mirrored)} | plain
    first = [known[one.tobytes()] for one in batch["picture"]]
    other = [known[one.tobytes()] for one in batch["twin"]]
    np.testing.assert_array_equal(batch["twin_told"][:, 0], told[[row for row, _ in other], 0])
    changed = [one for one in zip(first, other, strict=True) if one[0] != one[1]]
    assert changed
    for (row, _), (twin, _) in changed:
        assert pictures.labels[row] == pictures.labels[twin] == 0
    assert "twin" not in next(PictureBatches(crisp, mirror, told=told).batches(4, 0))


def test_a_mirror_shows_half_of_them():
    pictures = np.repeat(as_floats(toy_set(1).pictures), 400, axis=0)
    changed = Augmentation(mirror=True).changed(pictures, generator())
    flipped = (changed == pictures[:, :, ::-1]).all((1, 2, 3))
    assert ((changed == pictures).all((1, 2, 3)) ^ flipped).all()
    assert 150 < flipped.sum() < 250


def test_moves_are_those_of_bilinear_interpolation():
    """The same affine map by SciPy, with the same draws."""
    pictures = as_floats(toy_set(3, side=16).pictures)
    moved = Augmentation(turn=40, zoom=0.3, shift=2).changed(pictures, generator(5))
    rng = generator(5)
    angles = np.radians(rng.uniform(-40, 40, 3))
    zooms = 1 + rng.uniform(-0.3, 0.3, 3)
    shifts = rng.uniform(-2, 2, (2, 3))
    middle = np.full(2, 7.5)
    for index, picture in enumerate(pictures[..., 0]):
        cos, sin = np.cos(angles[index]), np.sin(angles[index])
        matrix = np.array([[cos, -sin], [sin, cos]]) / zooms[index]
        offset = middle - matrix @ (middle + shifts[:, index])
        expected = ndimage.affine_transform(picture, matrix, offset, order=1, cval=1.0)
        # At the very edge SciPy takes paper at once, instead of over a pixel.
        inner = slice(2, -2)
        np.testing.assert_allclose(moved[index, inner, inner, 0], expected[inner, inner], atol=2e-5)


def test_a_zoom_makes_things_larger_or_smaller():
    """The ink of a disc in the middle grows by the square of the zoom."""
    places = np.arange(16) - 7.5
    disc = np.clip(4.5 - np.hypot(places[:, None], places), 0, 1)
    pictures = np.repeat(1 - disc[None, :, :, None], 64, axis=0).astype(np.float32)
    changed = Augmentation(zoom=0.2).changed(pictures, generator(2))
    rng = generator(2)
    # The angles, which are drawn first, are all 0.
    rng.uniform(0, 0, 64)
    zooms = 1 + rng.uniform(-0.2, 0.2, 64)
    grown = (1 - changed).sum((1, 2, 3)) / (1 - pictures).sum((1, 2, 3))
    np.testing.assert_allclose(grown, zooms**2, rtol=0.03)


@pytest.mark.parametrize("channels", [3, 4])
def test_another_hue_keeps_the_luma(channels):
    random = np.random.default_rng(0)
    # Not far from grey, so that no hue leaves the cube of colours.
    colors = random.uniform(0.4, 0.6, (30, 4, 4, 3))
    alpha = random.uniform(0.2, 1, (30, 4, 4, 1))
    pictures = np.concatenate([colors * alpha, alpha], 3) if channels == 4 else colors
    pictures = pictures.astype(np.float32)
    changed = Augmentation(hue=1.0).changed(pictures, generator())
    np.testing.assert_allclose(changed[..., :3] @ LUMA, pictures[..., :3] @ LUMA, atol=2e-3)
    np.testing.assert_array_equal(changed[..., 3:], pictures[..., 3:])
    assert np.abs(changed - pictures).max((1, 2, 3)).min() > 0.003
    # One angle a picture: the distance of each pixel from grey is turned, not stretched.
    yiq = np.array([[0.596, -0.274, -0.322], [0.211, -0.523, 0.312]])
    before, after = (np.linalg.norm(one[..., :3] @ yiq.T, axis=3) for one in (pictures, changed))
    np.testing.assert_allclose(after, before, atol=1e-5)


def test_the_share_of_hues_is_that_asked_for():
    colors = np.random.default_rng(1).uniform(0.4, 0.6, (400, 2, 2, 3)).astype(np.float32)
    changed = Augmentation(hue=0.25).changed(colors, generator())
    moved = np.abs(changed - colors).max((1, 2, 3)) > 1e-4
    assert moved.mean() == pytest.approx(0.25, abs=0.07)
    grey = np.full((5, 2, 2, 1), 0.5, np.float32)
    np.testing.assert_array_equal(Augmentation(hue=1.0).changed(grey, generator()), grey)


def test_a_share_of_the_pictures_moves_and_the_others_stay_as_they_are():
    pictures = np.random.default_rng(1).random((400, 6, 6, 1)).astype(np.float32)
    changed = Augmentation(turn=20, share=0.25).changed(pictures, generator())
    moved = np.abs(changed - pictures).max((1, 2, 3)) > 1e-4
    assert moved.mean() == pytest.approx(0.25, abs=0.07)
    everything = Augmentation(turn=20).changed(pictures, generator())
    np.testing.assert_array_equal(changed[moved], everything[moved])


def test_sets_of_another_size_are_refused_with_the_fix(tmp_path):
    folder = write_toy_set(tmp_path / "toys", channels=4)
    training, validation = read_splits(folder, 12, 4)
    assert (len(training), len(validation)) == (200, 40)
    for side, channels in ((16, 4), (12, 3)):
        with pytest.raises(MediaError, match="12 x 12 with 4 channels") as raised:
            read_splits(folder, side, channels)
        assert f"{side} x {side} with {channels}" in raised.value.hint


def test_sets_of_different_classes_are_refused(tmp_path):
    folder = write_toy_set(tmp_path / "toys")
    other = write_toy_set(tmp_path / "shapes", named=False)
    (other / "valid.npz").replace(folder / "valid.npz")
    with pytest.raises(MediaError, match="classes"):
        read_splits(folder, 12, 1)


def test_a_set_that_is_missing_is_an_error_that_can_be_mended(tmp_path):
    with pytest.raises(MediaError, match="not a set of pictures") as raised:
        read_splits(tmp_path, 12, 1)
    assert "creative-gen data" in raised.value.hint
