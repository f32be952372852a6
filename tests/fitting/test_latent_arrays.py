"""Directions and landmarks: planted ones are found again."""

import numpy as np
import pytest

from creative_gen.fitting.latent_arrays import LANDMARKS, direction, landmark_rows, landmarks


def planted(count=4000, seed=0):
    """Latent vectors that move with two attributes, which go together, and with noise."""
    rng = np.random.default_rng(seed)
    smile = rng.normal(3, 2, count)
    width = 0.6 * smile + rng.normal(0, 1, count)
    moves = {"smile": np.array([1.0, 0, 0, -2]), "width": np.array([0, 0.5, 0.5, 0])}
    latents = np.outer(smile, moves["smile"]) + np.outer(width, moves["width"])
    latents += rng.normal(0, 0.1, latents.shape)
    attributes = {"smile": smile.astype(np.float32), "width": width.astype(np.float32)}
    return latents.astype(np.float32), attributes, moves


def test_a_planted_direction_is_found_for_one_deviation():
    latents, attributes, moves = planted()
    for name, other in (("smile", "width"), ("width", "smile")):
        found = direction(latents, attributes, name, [other])
        assert found.dtype == np.float32
        np.testing.assert_allclose(found, moves[name] * attributes[name].std(), atol=0.02)


def test_what_goes_together_stays_together_unless_held():
    latents, attributes, moves = planted()
    alone = direction(latents, attributes, "smile")
    # Width grows by 0.6 with a smile, and so does what it moves.
    expected = (moves["smile"] + 0.6 * moves["width"]) * attributes["smile"].std()
    np.testing.assert_allclose(alone, expected, atol=0.06)


def test_pictures_of_unknown_attributes_are_left_out():
    latents, attributes, _ = planted()
    expected = direction(latents[:2000], {k: v[:2000] for k, v in attributes.items()}, "smile")
    attributes["smile"][2000:] = np.nan
    np.testing.assert_allclose(direction(latents, attributes, "smile"), expected, rtol=1e-5)
    # Others' attributes are not asked for.
    attributes["width"][:] = np.nan
    np.testing.assert_allclose(direction(latents, attributes, "smile"), expected, rtol=1e-5)


def test_yes_or_no_gives_the_difference_of_means():
    """Larsen et al., 2016: the direction is along the mean difference of the two groups."""
    latents, _, _ = planted(1000, seed=4)
    smiles = (np.arange(1000) % 4 == 0).astype(np.float32)
    latents[smiles == 1] += [0, 2, 0, 0]
    found = direction(latents, {"smile": smiles}, "smile")
    difference = latents[smiles == 1].mean(0) - latents[smiles == 0].mean(0)
    cosine = found @ difference / np.linalg.norm(found) / np.linalg.norm(difference)
    assert cosine == pytest.approx(1, abs=1e-5)


def test_the_move_changes_what_vectors_tell_of_the_attribute_by_one_deviation():
    latents, attributes, _ = planted(1000, seed=4)
    smiles = attributes["smile"][:1000]
    found = direction(latents, {"smile": smiles}, "smile")
    design = np.c_[np.ones(len(latents)), latents]
    told, *_ = np.linalg.lstsq(design, (smiles - smiles.mean()) / smiles.std(), rcond=None)
    assert found @ told[1:] == pytest.approx(1, rel=1e-4)


def test_landmarks_are_of_all_classes_alike():
    labels = np.repeat(np.arange(3), [1000, 500, 50]).astype(np.int16)
    rows = landmark_rows(labels, 3)
    assert (np.diff(rows) > 0).all()
    np.testing.assert_array_equal(np.bincount(labels[rows]), [LANDMARKS // 3, LANDMARKS // 3, 50])
    np.testing.assert_array_equal(rows, landmark_rows(labels, 3))
    assert len(landmark_rows(np.zeros(900, np.int16), 1)) == LANDMARKS
    np.testing.assert_array_equal(landmark_rows(np.zeros(7, np.int16), 1), np.arange(7))


def test_likes_are_near_on_the_map():
    rng = np.random.default_rng(0)
    labels = (np.arange(90) % 3).astype(np.int16)
    latents = 8 * np.eye(3, 5)[labels] + rng.normal(0, 0.3, (90, 5))
    found = landmarks(latents, labels)
    assert {name: array.dtype for name, array in found.items()} == dict.fromkeys(
        ("landmarks.latent", "landmarks.label", "landmarks.place"), np.dtype(np.float32)
    )
    places = found["landmarks.place"]
    assert places.shape == (90, 2)
    np.testing.assert_allclose([places.min(0), places.max(0)], [[0, 0], [1, 1]], atol=1e-6)
    apart = np.linalg.norm(places[:, None] - places, axis=2) + 9 * np.eye(90)
    assert (labels[apart.argmin(1)] == labels).all()
    again = landmarks(latents, labels)["landmarks.place"]
    np.testing.assert_array_equal(places, again)


@pytest.mark.parametrize("count", [4, 20])
def test_a_few_landmarks_are_enough_for_a_map(count):
    latents = np.random.default_rng(1).normal(size=(count, 3))
    places = landmarks(latents, np.zeros(count, np.int16))["landmarks.place"]
    assert places.shape == (count, 2) and np.isfinite(places).all()
