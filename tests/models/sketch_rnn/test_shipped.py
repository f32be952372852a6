"""The shipped assets: what they play is what their Keras networks compute."""

from __future__ import annotations

import numpy as np
import pytest

from creative_gen.interface.families import Reference
from creative_gen.media.quickdraw_npz import drawing_rows
from creative_gen.media.svg_reader import read_svg
from creative_gen.models.sketch_rnn.player import Player
from creative_gen.store.asset import Asset
from creative_gen.store.card import CARD
from creative_gen.store.locations import PACKAGE, builtin_assets

FOLDERS = sorted(path.parent for path in builtin_assets().glob(f"*/{CARD}"))
ASSETS = [asset for asset in map(Asset, FOLDERS) if asset.card.family == "sketch_rnn"]
EXAMPLES = PACKAGE.parent / "examples"
MAX_BYTES = 12_000_000

each_asset = pytest.mark.parametrize("asset", ASSETS, ids=lambda asset: asset.name)


def example_drawings():
    from creative_gen.media.simplify import simplify

    paths = sorted(EXAMPLES.glob("*.svg"))
    return [drawing_rows(simplify(read_svg(path).sketch)[0]) for path in paths]


@pytest.fixture(scope="module")
def networks():
    network = Reference("creative_gen.models.sketch_rnn.network:SketchRNN").load()
    load = Reference("creative_gen.models.sketch_rnn.export:load_asset_weights").load()
    made = {}
    for asset in ASSETS:
        made[asset.name] = network(Player(asset, "numpy").config)
        made[asset.name].build()
        load(made[asset.name], asset.arrays())
    return made


def test_an_asset_is_shipped():
    assert ASSETS


@each_asset
def test_it_is_small_and_says_where_it_comes_from(asset):
    assert asset.size <= MAX_BYTES
    assert all(source.licence and source.attribution for source in asset.card.data)
    assert asset.card.training.command.startswith("creative-gen train")
    assert (asset.folder / "LICENSE").is_file()


@each_asset
def test_the_encoder_computes_what_keras_does(asset, networks):
    player, network = Player(asset), networks[asset.name]
    points, lengths = player.stroke5(example_drawings())
    mean, log_variance = player.encode(example_drawings())
    expected = network.encoder(points, lengths.astype(np.int32))
    np.testing.assert_allclose(mean, expected[0], atol=1e-4)
    np.testing.assert_allclose(log_variance, expected[1], atol=1e-4)


@each_asset
@pytest.mark.parametrize("backend", ["numba", "numpy"])
def test_the_decoder_computes_what_keras_does(asset, networks, backend):
    from creative_gen.layers.stroke_mixture import stroke_negative_log_likelihood

    player, network = Player(asset, backend), networks[asset.name]
    drawings = example_drawings()
    points, lengths = player.stroke5(drawings)
    z = player.encode(drawings)[0]
    category = np.arange(len(drawings), dtype=np.int32)
    names = [player.config.categories[index] for index in category]
    state = player.decoder.start(category, player.condition(z, player.one_hot(names)))
    played = player.decoder.feed(state, points, lengths)
    start = np.tile(np.float32([0, 0, 1, 0, 0]), (len(drawings), 1, 1))
    condition = network.condition(z, np.zeros(len(drawings), np.float32), category)
    output = network.decoder(np.concatenate([start, points[:, :-1]], axis=1), condition)
    offset, pen = stroke_negative_log_likelihood(output, points)
    expected = -(np.asarray(offset) + np.asarray(pen))
    for row, length in enumerate(lengths):
        np.testing.assert_allclose(played[row, :length], expected[row, :length], atol=2e-4)
