from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from creative_gen.kernels.feed_forward import InvalidNetwork
from creative_gen.measures.picture_features import PictureFeatures, network_values
from creative_gen.store.asset import Asset
from tests.toy_classifier import classifier_network, shapes, write_classifier


def test_pictures_become_planes_from_0_to_1() -> None:
    pictures = np.random.default_rng(0).integers(0, 256, (2, 3, 5, 3)).astype(np.uint8)
    values = network_values(pictures)
    assert values.shape == (2, 3, 3, 5)
    assert values.dtype == np.float32
    assert values[1, 2, 0, 4] == pytest.approx(pictures[1, 0, 4, 2] / 255)


def test_hidden_colours_are_not_seen() -> None:
    pictures = np.random.default_rng(0).integers(0, 256, (2, 4, 4, 4)).astype(np.uint8)
    pictures[0, ..., 3] = 0
    values = network_values(pictures)
    assert not values[0].any()
    expected = pictures[1, 2, 1, 0] / 255 * (pictures[1, 2, 1, 3] / 255)
    assert values[1, 0, 2, 1] == pytest.approx(expected)


def test_an_asset_and_its_file_see_the_same(tmp_path: Path) -> None:
    pictures = shapes(300, 1)
    asset = Asset(write_classifier(tmp_path))
    first, second = PictureFeatures(asset), PictureFeatures(classifier_network())
    assert first.features(pictures.pictures).shape == (300, 6)
    assert first.features(pictures.pictures).dtype == np.float64
    assert np.array_equal(first.features(pictures.pictures), second.features(pictures.pictures))
    assert (first.named(pictures.pictures) == pictures.labels).mean() > 0.9


def test_what_is_seen_does_not_depend_on_the_other_pictures() -> None:
    pictures = shapes(257, 1).pictures
    network = PictureFeatures(classifier_network())
    whole, alone = network.look(pictures), network.look(pictures[256:])
    assert np.allclose(whole.features[256:], alone.features, atol=1e-5)
    assert np.array_equal(whole.classes, whole.logits.argmax(axis=1))


def test_what_is_no_network_is_refused() -> None:
    with pytest.raises(InvalidNetwork):
        PictureFeatures(b"not a network")
