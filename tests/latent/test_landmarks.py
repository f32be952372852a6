from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import save

from creative_gen.interface.errors import InvalidAsset, InvalidRequest
from creative_gen.latent.generator import LatentGenerator
from creative_gen.latent.landmarks import NEIGHBOURS, Landmarks, landmarks_of
from creative_gen.latent.place import Place
from creative_gen.latent.player import LatentPlayer
from creative_gen.store.asset import WEIGHTS, Asset
from tests.toy_latent_assets import TOY_DRAWINGS, latent_weights, with_file, write_latent

Generators = dict[str, LatentGenerator]


def place(latent: np.ndarray, label: list[float]) -> Place:
    latent = np.asarray(latent, np.float32)
    return Place(latent, latent, np.array(label, np.float32), None, np.zeros((1, 4, 4), "f4"))


def some_landmarks(count: int = 40) -> Landmarks:
    random = np.random.default_rng(0)
    return Landmarks(
        random.normal(size=(count, 3)).astype(np.float32),
        np.arange(count) % 2,
        random.random((count, 2)),
    )


def test_they_are_those_of_the_asset(generators: Generators):
    player = generators["drawings"].player
    found, weights = landmarks_of(player, None), latent_weights(TOY_DRAWINGS)
    np.testing.assert_array_equal(found.latent, weights["landmarks.latent"])
    np.testing.assert_array_equal(found.labels, weights["landmarks.label"])
    np.testing.assert_allclose(found.places, weights["landmarks.place"])
    assert set(landmarks_of(player, "face").labels) == {1}


def test_a_picture_lies_between_the_nearest_of_its_class():
    landmarks = some_landmarks()
    for latent in np.random.default_rng(1).normal(size=(20, 3)).astype(np.float32):
        same = [row for row in range(40) if row % 2 == 1]
        away = {row: float(((landmarks.latent[row] - latent) ** 2).sum()) for row in same}
        nearest = sorted(same, key=lambda row: away[row])[:NEIGHBOURS]
        weights = np.array([1 / (away[row] + 1e-6) for row in nearest])
        expected = weights @ landmarks.places[nearest] / weights.sum()
        np.testing.assert_allclose(landmarks.place_of(place(latent, [0, 1])), expected, rtol=1e-4)


def test_on_a_landmark_it_lies_there():
    landmarks = some_landmarks()
    found = landmarks.place_of(place(landmarks.latent[8], [1, 0]))
    np.testing.assert_allclose(found, landmarks.places[8], atol=1e-3)
    # Without classes, and where its class has none, all count.
    for label in ([], [0, 0, 1]):
        found = landmarks.place_of(place(landmarks.latent[7], label))
        np.testing.assert_allclose(found, landmarks.places[7], atol=1e-3)


def test_some_are_taken_evenly():
    landmarks = some_landmarks(41)
    few = landmarks.some(5)
    np.testing.assert_array_equal(few.latent, landmarks.latent[::10])
    assert landmarks.some(41) is landmarks and landmarks.some(100) is landmarks


@pytest.mark.parametrize(
    "wrong",
    [
        {"landmarks.latent": np.zeros((24, 5), np.float32)},
        {"landmarks.label": np.full(24, 3, np.int16)},
        {"landmarks.label": np.full(24, -1, np.int16)},
        {"landmarks.label": np.zeros(23, np.int16)},
        {"landmarks.place": np.zeros((24, 3), np.float32)},
        {"landmarks.place": np.full((24, 2), np.nan, np.float32)},
    ],
)
def test_what_does_not_fit_is_refused(tmp_path: Path, wrong: dict[str, np.ndarray]):
    content = save(latent_weights(TOY_DRAWINGS) | wrong)
    player = LatentPlayer(Asset(with_file(write_latent(tmp_path), WEIGHTS, content)))
    with pytest.raises(InvalidAsset, match="landmarks do not fit"):
        landmarks_of(player, None)


def test_a_category_without_any_is_told(tmp_path: Path):
    weights = latent_weights(TOY_DRAWINGS) | {"landmarks.label": np.zeros(24, np.int16)}
    player = LatentPlayer(Asset(with_file(write_latent(tmp_path), WEIGHTS, save(weights))))
    with pytest.raises(InvalidRequest, match="nothing of 'face'"):
        landmarks_of(player, "face")
