"""Label spreading against its closed form, and what few labels give on features in clusters."""

import numpy as np
import pytest
from scipy.spatial.distance import cdist

from creative_gen.models.vae.m1 import LabelSpreading, labelled_rows, nearest, support_vectors


def moons(count, seed):
    """Two half circles (N, 2) that lie in each other, and which of them each point is of."""
    rng = np.random.default_rng(seed)
    angle, labels = np.pi * rng.random(count), np.arange(count) % 2
    points = np.stack([np.cos(angle), np.sin(angle)], 1)
    points = np.where(labels[:, None] == 0, points, [1, 0.5] - points)
    return points + rng.normal(0, 0.05, points.shape), labels


def test_neighbours_are_those_of_all_distances():
    rng = np.random.default_rng(0)
    points, others = rng.normal(size=(40, 5)), rng.normal(size=(17, 5))
    rows, distances = nearest(others, points, 4, at_once=7)
    apart = cdist(others, points)
    np.testing.assert_array_equal(rows, apart.argsort(1)[:, :4])
    np.testing.assert_allclose(distances, np.sort(apart, 1)[:, :4])


def test_spreading_comes_to_its_closed_form():
    points, labels = moons(60, 0)
    spreading = LabelSpreading(neighbours=5, share=0.8, rounds=300)
    graph = spreading.graph(points).toarray()
    np.testing.assert_allclose(graph, graph.T)
    assert np.abs(np.linalg.eigvalsh(graph)).max() == pytest.approx(1)
    known = np.zeros((60, 2))
    known[[0, 1], [0, 1]] = 1
    # Section 2: F = (1 - alpha) (I - alpha S)^-1 Y.
    expected = 0.2 * np.linalg.inv(np.eye(60) - 0.8 * graph) @ known
    expected /= expected.sum(0)
    expected /= expected.sum(1, keepdims=True)
    found = spreading.spread(points, labels, np.array([0, 1]), 2)
    np.testing.assert_allclose(found, expected, atol=1e-9)


def test_classes_follow_their_shapes_where_a_machine_of_few_labels_errs():
    points, labels = moons(600, 1)
    others, truth = moons(300, 2)
    rows = labelled_rows(labels, 3, 0)
    spreading = LabelSpreading()
    spread = spreading.spread(points, labels, rows, 2)
    found = spreading.predict(others, points, spread)
    np.testing.assert_allclose(found.sum(1), 1)
    wrong = (found.argmax(1) != truth).mean()
    assert (spread.argmax(1) != labels).mean() < 0.02
    assert wrong < 0.02
    machine = support_vectors(points[rows], labels[rows])
    assert (machine.predict(others) != truth).mean() > wrong + 0.02


def test_what_no_class_reaches_may_be_of_any():
    points = np.concatenate([np.arange(8.0), 1000 + np.arange(8.0)])[:, None]
    spread = LabelSpreading(neighbours=2).spread(points, np.zeros(16, int), np.array([3]), 2)
    np.testing.assert_allclose(spread[:8], [[1, 0]] * 8)
    np.testing.assert_allclose(spread[8:], 0.5)


def test_as_many_of_each_class_are_labelled():
    labels = np.random.default_rng(0).integers(4, size=200)
    rows = labelled_rows(labels, 7, 1)
    assert len(set(rows)) == 28
    assert (np.bincount(labels[rows]) == 7).all()
    assert set(rows) != set(labelled_rows(labels, 7, 2))
    with pytest.raises(ValueError, match="larger"):
        labelled_rows(labels, 100, 1)
