from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from creative_gen.interface.errors import InvalidAsset, InvalidRequest
from creative_gen.latent.player import BATCH, LatentPlayer
from creative_gen.latent.settings import LatentSettings
from creative_gen.store.asset import Asset
from tests.toy_latent_assets import (
    BIAS,
    DEVIATION,
    SPREAD,
    TOY_DRAWINGS,
    TOY_NOISE,
    TOY_TILES,
    classifier_network,
    decoder_network,
    toy_patterns,
    with_file,
    write_latent,
)

TOYS = {"drawings": TOY_DRAWINGS, "tiles": TOY_TILES, "noise": TOY_NOISE}


@pytest.fixture(scope="module")
def players(tmp_path_factory: pytest.TempPathFactory) -> dict[str, LatentPlayer]:
    root = tmp_path_factory.mktemp("assets")
    return {
        name: LatentPlayer(Asset(write_latent(root, name, settings=settings)))
        for name, settings in TOYS.items()
    }


def rows(settings: LatentSettings, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Latent vectors, and labels that mix classes."""
    random = np.random.default_rng(3)
    latent = random.normal(size=(count, settings.latent)).astype(np.float32)
    labels = random.dirichlet(np.ones(max(len(settings.classes), 1)), count).astype(np.float32)
    return latent, labels[:, : len(settings.classes)]


@pytest.mark.parametrize("name", TOYS)
def test_vectors_become_pictures(players: dict[str, LatentPlayer], name: str):
    player, settings = players[name], TOYS[name]
    latent, labels = rows(settings, 11)
    logits = BIAS + SPREAD * np.hstack([latent, labels]) @ toy_patterns(settings).T
    expected = (1 / (1 + np.exp(-logits.astype(np.float64)))).reshape(11, *player.picture_shape)
    if settings.channels == 4:
        expected[:, :3] *= expected[:, 3:]
    np.testing.assert_allclose(player.decode(latent, labels), expected, atol=1e-5)
    parts = list(player.decoding(latent, labels))
    assert [len(part) for part in parts] == [BATCH, BATCH, 11 - 2 * BATCH]


@pytest.mark.parametrize("name", TOYS)
def test_a_row_does_not_depend_on_the_others(players: dict[str, LatentPlayer], name: str):
    player = players[name]
    latent, labels = rows(TOYS[name], 13)
    pictures = player.decode(latent, labels)
    order = np.random.default_rng(0).permutation(13)
    np.testing.assert_array_equal(player.decode(latent[order], labels[order]), pictures[order])
    for row in range(13):
        alone = player.decode(latent[row : row + 1], labels[row : row + 1])
        np.testing.assert_array_equal(alone[0], pictures[row])
        if TOYS[name].refinements:
            some = player.encode(pictures[row : row + 1], labels[row : row + 1])
            np.testing.assert_array_equal(some.mean[0], player.encode(pictures, labels).mean[row])


def test_a_picture_is_found_again(players: dict[str, LatentPlayer]):
    latent, labels = rows(TOY_DRAWINGS, 6)
    encoded = players["drawings"].encode(players["drawings"].decode(latent, labels), labels)
    np.testing.assert_allclose(encoded.mean, latent, atol=1e-3)
    np.testing.assert_allclose(encoded.deviation, DEVIATION)


def test_an_encoder_refines_what_it_has_found(players: dict[str, LatentPlayer], tmp_path: Path):
    latent, labels = rows(TOY_TILES, 5)
    pictures = players["tiles"].decode(latent, labels)
    errors, moves = [], []
    for times in (1, 2, 6, 7):
        settings = TOY_TILES.model_copy(update={"refinements": times})
        folder = write_latent(tmp_path, f"tiles{times}", settings=TOY_TILES)
        player = LatentPlayer(Asset(folder))
        player.settings = settings
        encoded = player.encode(pictures, labels)
        errors.append(np.abs(encoded.mean - latent))
        moves.append(encoded.deviation)
    # The toy's encoder halves the error each time, and tells no deviation.
    np.testing.assert_allclose(errors[3], errors[2] / 2, atol=1e-4)
    np.testing.assert_allclose(moves[3], errors[2] / 2, atol=1e-4)
    assert errors[1].max() < 0.6 * errors[0].max()


def test_pictures_are_named(players: dict[str, LatentPlayer]):
    player, classes = players["drawings"], TOY_DRAWINGS.classes
    labels = player.labels([*classes, "face"])
    np.testing.assert_array_equal(labels, np.eye(3)[[0, 1, 2, 1]])
    latent = rows(TOY_DRAWINGS, 4)[0]
    probabilities = player.classify(player.decode(latent, labels))
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, rtol=1e-6)
    np.testing.assert_array_equal(probabilities.argmax(axis=1), [0, 1, 2, 1])
    np.testing.assert_array_equal(player.labels([None]), [[0, 0, 0]])
    assert players["noise"].labels([None, None]).shape == (2, 0)


def test_without_an_encoder_no_picture_is_taken(players: dict[str, LatentPlayer]):
    with pytest.raises(InvalidRequest, match="cannot take any") as error:
        players["noise"].encode(np.zeros((1, 1, 8, 8), np.float32), np.zeros((1, 0), np.float32))
    assert "seeds" in error.value.hint
    assert players["noise"].arrays == {}


def test_networks_are_loaded_when_they_are_used(tmp_path: Path):
    folder = write_latent(tmp_path)
    (folder / "encoder.onnx").unlink()
    player = LatentPlayer(Asset(folder))
    latent, labels = rows(TOY_DRAWINGS, 2)
    pictures = player.decode(latent, labels)
    with pytest.raises(InvalidAsset, match=r"encoder\.onnx"):
        player.encode(pictures, labels)


@pytest.mark.parametrize(
    ("name", "content", "fault"),
    [
        ("decoder.onnx", b"nothing", "cannot be played"),
        ("decoder.onnx", classifier_network(TOY_DRAWINGS), "gives no picture"),
        ("decoder.onnx", decoder_network(TOY_NOISE), "takes latent"),
        ("decoder.onnx", None, "lists no file"),
        (
            "decoder.onnx",
            decoder_network(TOY_DRAWINGS.model_copy(update={"side": 16})),
            "wrong size",
        ),
    ],
)
def test_a_file_that_is_no_such_network_is_refused(
    tmp_path: Path, name: str, content: bytes | None, fault: str
):
    player = LatentPlayer(Asset(with_file(write_latent(tmp_path), name, content)))
    with pytest.raises(InvalidAsset, match=fault):
        player.decode(*rows(TOY_DRAWINGS, 1))


def test_settings_are_checked(tmp_path: Path):
    asset = Asset(write_latent(tmp_path))
    card = asset.card.model_copy(update={"settings": {**asset.card.settings, "side": 0}})
    asset.card = card
    with pytest.raises(InvalidAsset, match="settings"):
        LatentPlayer(asset)
