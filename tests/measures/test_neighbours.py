from __future__ import annotations

import numpy as np
import pytest

from creative_gen.measures import neighbours
from creative_gen.measures.neighbours import Nearest, TrainingPictures, copying
from creative_gen.measures.picture_features import PictureFeatures
from tests.toy_classifier import classifier_network, shapes


@pytest.fixture(scope="module")
def network() -> PictureFeatures:
    return PictureFeatures(classifier_network())


@pytest.mark.parametrize("at_once", [7, 1024])
def test_the_nearest_is_that_of_all_training_pictures_and_their_mirrors(
    network: PictureFeatures, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(neighbours, "_AT_ONCE", at_once)
    training, other = shapes(20, 0).pictures, shapes(9, 1).pictures
    found = TrainingPictures(training, network).nearest(other)
    both = np.concatenate([training, training[:, :, ::-1]])
    for row, picture in enumerate(other):
        errors = (both / 255 - picture / 255).reshape(40, -1)
        assert found.pixels[row] == pytest.approx(np.sqrt((errors**2).mean(axis=1)).min())
        away = network.features(both) - network.features(picture[None])
        expected = np.linalg.norm(away, axis=1).min()
        assert found.features[row] == pytest.approx(expected, abs=1e-5)


def test_copies_and_mirrored_copies_are_found(network: PictureFeatures) -> None:
    training, held_back = shapes(60, 0).pictures, shapes(60, 1).pictures
    known = TrainingPictures(training, network)
    copies = np.concatenate([training[:30], training[30:, :, ::-1]])
    figures = copying(known.nearest(copies), known.nearest(held_back))
    assert figures["pixels_ratio"] < 1e-3
    assert figures["features_ratio"] < 1e-3


def test_pictures_of_the_same_kind_are_as_far_as_real_ones(network: PictureFeatures) -> None:
    known = TrainingPictures(shapes(200, 0).pictures, network)
    theirs, ours = (known.nearest(shapes(400, seed).pictures) for seed in (1, 2))
    figures = copying(ours, theirs)
    assert figures["pixels_ratio"] == pytest.approx(1, abs=0.2)
    assert figures["features_ratio"] == pytest.approx(1, abs=0.2)
    assert figures["pixels_near"] < 0.05


def test_a_few_copies_show_in_the_share_that_is_near() -> None:
    real = np.linspace(1, 2, 1000)
    made = real.copy()
    made[::10] = 0.5
    figures = copying(Nearest(made, made), Nearest(real, real))
    assert figures["features_near"] == pytest.approx(0.1 + 0.9 * 0.01, abs=0.002)
    assert figures["pixels_near"] == figures["features_near"]
    assert copying(Nearest(real, real), Nearest(real, real))["pixels_near"] == 0.01
    assert copying(Nearest(3 * real, made), Nearest(real, real))["features_ratio"] == 3
