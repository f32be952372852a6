"""Trunks of small pictures: their sizes, what they start as, and what moves them."""

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from keras import ops  # noqa: E402

from creative_gen.layers.convolutional import (  # noqa: E402
    Contraction,
    Expansion,
    ResidualBlock,
    activated,
    as_picture,
)

WIDTHS = (3, 4, 6)


def numbers(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def built(layer, seed=0):
    keras.utils.set_random_seed(seed)
    layer.build()
    return layer


def shaken(layer):
    """The layer, with all of its weights moved: also those that are 0 or 1 at first."""
    for index, variable in enumerate(layer.trainable_variables):
        variable.assign(np.asarray(variable) + 0.2 * numbers(*variable.shape, seed=index))
    return layer


def test_the_rectifier_leaks_a_fifth():
    values = np.array([-2.0, 0.0, 3.0], np.float32)
    np.testing.assert_allclose(np.asarray(activated(values)), [-0.4, 0, 3], rtol=1e-6)


@pytest.mark.parametrize("normalised", [True, False])
def test_a_new_block_changes_nothing(normalised):
    block = built(ResidualBlock(4, normalised))
    features = numbers(2, 5, 3, 4)
    np.testing.assert_array_equal(np.asarray(block(features)), features)
    assert np.abs(np.asarray(shaken(block)(features)) - features).max() > 0.1
    # Two convolutions with biases, and two gains.
    assert len(block.trainable_variables) == (6 if normalised else 4)


def test_both_trunks_are_mirrors():
    pictures = numbers(2, 8, 16, 2)
    features = built(Contraction(2, WIDTHS, 1))(pictures)
    assert features.shape == (2, 2, 4, 6)
    planes = built(Expansion(2, WIDTHS, 1))(features)
    assert planes.shape == pictures.shape


def test_features_are_normalised_where_they_are_asked_to_be():
    pictures = 50 * numbers(2, 8, 8, 2)
    kept, free = (
        np.asarray(built(Contraction(2, WIDTHS, 0, normalised))(pictures))
        for normalised in (True, False)
    )
    assert np.square(kept).mean(3).max() < 1.001
    assert np.square(free).mean() > 30


@pytest.mark.parametrize(
    "layer",
    [Contraction(2, (3, 4), 2), Contraction(2, (3, 4), 1, False), Expansion(2, (3, 4), 2)],
    ids=["contraction", "contraction-not-normalised", "expansion"],
)
def test_every_weight_counts(layer):
    shaken(built(layer))
    before = numbers(2, 4, 4, 2) if isinstance(layer, Contraction) else numbers(2, 2, 2, 4)
    made = np.asarray(layer(before))
    paths = [variable.path for variable in layer.trainable_variables]
    assert len(set(paths)) == len(paths)
    for variable in layer.trainable_variables:
        kept = np.asarray(variable).copy()
        variable.assign(kept + 0.5 * np.sign(kept))
        assert np.abs(np.asarray(layer(before)) - made).max() > 1e-4, variable.path
        variable.assign(kept)


def test_colours_of_pictures_are_premultiplied():
    planes = 4 * numbers(3, 5, 5, 4)
    picture = np.asarray(as_picture(planes))
    straight = 1 / (1 + np.exp(-planes.astype(np.float64)))
    np.testing.assert_allclose(picture[..., 3], straight[..., 3], rtol=1e-5)
    expected = straight[..., :3] * straight[..., 3:]
    np.testing.assert_allclose(picture[..., :3], expected, rtol=1e-5)
    assert (picture[..., :3] <= picture[..., 3:]).all()
    grey = np.asarray(as_picture(planes[..., :1]))
    np.testing.assert_allclose(grey, straight[..., :1], rtol=1e-5)


def test_a_trunk_sees_only_so_far():
    """A pixel changes the features of its own place, and of few others."""
    layer = built(Contraction(1, (4, 4), 0))
    pictures = np.zeros((1, 16, 16, 1), np.float32)
    base = np.asarray(layer(pictures))
    pictures[0, 8, 8] = 1
    changed = np.abs(np.asarray(layer(pictures)) - base).max((0, 3)) > 1e-7
    rows = np.flatnonzero(changed.any(1))
    assert changed[4, 4] and rows.min() >= 3 and rows.max() <= 5
    assert ops.shape(layer(pictures)) == (1, 8, 8, 4)
