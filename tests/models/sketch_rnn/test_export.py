"""What the kernels play is what the Keras network computes."""

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from creative_gen.interface.errors import InvalidAsset  # noqa: E402
from creative_gen.kernels.stroke_decoder import StrokeDecoder  # noqa: E402
from creative_gen.kernels.stroke_encoder import encode  # noqa: E402
from creative_gen.kernels.stroke_weights import weight_shapes  # noqa: E402
from creative_gen.layers.stroke_mixture import stroke_negative_log_likelihood  # noqa: E402
from creative_gen.models.sketch_rnn.dataset import make_batch  # noqa: E402
from creative_gen.models.sketch_rnn.export import (  # noqa: E402
    ExportFailed,
    asset_weights,
    load_asset_weights,
)
from creative_gen.models.sketch_rnn.network import SketchRNN  # noqa: E402

CELLS = ("lstm", "layer_norm", "hyper")
KINDS = {
    "unconditional": {"latent_size": 0},
    "conditional": {},
    "class": {"latent_size": 0, "categories": ("tall", "flat")},
    "both": {"categories": ("tall", "flat")},
}


def random_network(config, seed=0):
    """A network with weights as large as trained ones, such as float16 can hold."""
    model = SketchRNN(config)
    model.build()
    random = np.random.default_rng(seed)
    for variable in model.trainable_variables:
        values = random.normal(0, 0.4, variable.shape).astype(np.float16)
        variable.assign(values.astype("f"))
    return model


@pytest.fixture(scope="module")
def batch(toy_drawings):
    items = toy_drawings(5)
    lengths = np.array([len(item) for item in items], np.int32)
    return make_batch(items, np.array([0, 1, 1, 0, 1], np.int32), lengths, 25.0, 12)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("cell", CELLS)
def test_decoders_give_the_same_likelihoods(toy_config, batch, cell, kind):
    model = random_network(toy_config(decoder_cell=cell, **KINDS[kind]))
    weights = asset_weights(model)
    size = model.config.condition_size
    condition = np.random.default_rng(1).normal(size=(5, size)).astype("f") if size else None
    output = model.decoder(batch["points"], condition)
    offset, pen = (
        np.asarray(part) for part in stroke_negative_log_likelihood(output, batch["target"])
    )
    player = StrokeDecoder(weights, cell=cell)
    state = player.start(np.arange(5), condition)
    played = player.feed(state, batch["target"], batch["lengths"] + 1)
    for row, length in enumerate(batch["lengths"]):
        expected = -(offset + pen)[row, :length]
        np.testing.assert_allclose(played[row, :length], expected, rtol=1e-4, atol=1e-4)
        np.testing.assert_allclose(played[row, length], -pen[row, length], atol=1e-4)


def test_encoders_and_classifiers_give_the_same(toy_config, batch):
    model = random_network(toy_config(**KINDS["both"]))
    weights = asset_weights(model)
    points, lengths = batch["points"][:, 1:], batch["lengths"]
    expected = model.encoder(points, lengths)
    mean, log_variance = encode(weights, points, lengths)
    np.testing.assert_allclose(mean, np.asarray(expected[0]), atol=1e-4)
    np.testing.assert_allclose(log_variance, np.asarray(expected[1]), atol=1e-4)
    logits = mean @ weights["classifier/kernel"].astype("f") + weights["classifier/bias"]
    np.testing.assert_allclose(logits, np.asarray(model.classifier(expected[0])), atol=1e-4)


@pytest.mark.parametrize("cell", CELLS)
def test_weights_go_there_and_back(toy_config, cell):
    config = toy_config(decoder_cell=cell, **KINDS["both"])
    weights = asset_weights(random_network(config))
    assert weight_shapes(cell, conditional=True).keys() <= weights.keys()
    assert all(array.dtype == np.float16 for array in weights.values())
    other = random_network(config, seed=9)
    load_asset_weights(other, weights)
    again = asset_weights(other)
    assert again.keys() == weights.keys()
    assert all((again[name] == weights[name]).all() for name in weights)


def test_weights_are_rounded_to_the_nearest_float16(toy_config):
    model = random_network(toy_config())
    exact = np.random.default_rng(0).normal(size=model.decoder.cell.kernel_x.shape).astype("f")
    model.decoder.cell.kernel_x.assign(exact)
    rounded = asset_weights(model)["decoder/kernel_x"].astype(float)
    spacing = np.spacing(np.abs(exact).astype(np.float16)).astype(float)
    assert (np.abs(rounded - exact) <= spacing / 2).all()


def test_a_weight_beyond_float16_is_refused(toy_config):
    model = random_network(toy_config())
    model.decoder.output_layer.bias.assign(np.full(15, 1e5, "f"))
    with pytest.raises(ExportFailed, match="'output/bias'"):
        asset_weights(model)


@pytest.mark.parametrize("cell", ["layer_norm", "hyper"])
def test_encoders_that_cannot_be_played_are_refused(toy_config, cell):
    with pytest.raises(ExportFailed, match="encoder") as raised:
        asset_weights(random_network(toy_config(encoder_cell=cell)))
    assert "lstm" in raised.value.hint


def test_weights_of_another_network_are_refused(toy_config):
    weights = asset_weights(random_network(toy_config()))
    with pytest.raises(InvalidAsset, match="'decoder/kernel_x'"):
        load_asset_weights(random_network(toy_config(decoder_units=7)), weights)
