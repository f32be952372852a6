"""The exported generator and encoder are the trained ones."""

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from creative_gen.fitting.finished import ExportFailed  # noqa: E402
from creative_gen.kernels.feed_forward import FeedForward  # noqa: E402
from creative_gen.models.dcgan.config import DCGANConfig  # noqa: E402
from creative_gen.models.dcgan.export import decoder_file, encoder_file  # noqa: E402
from creative_gen.models.dcgan.network import Encoder, Generator  # noqa: E402

TOY = DCGANConfig(side=12, latent=5, widths=(3, 4, 6), judge_widths=(3, 4), encoder_widths=(3, 4))
CLASSES = ("disc", "bar", "ring")
KINDS = [(1, 0), (3, 1), (4, 1)]
"""Channels, and blocks of each level."""
ASSET, HALF = 1e-4, 2e-2
"""How far what plays may be from Keras: float32, and weights of float16."""


def built(kind, config, seed=0):
    """A network whose weights are all random: also those that are 0 or 1 at first."""
    keras.utils.set_random_seed(seed)
    model = kind(config)
    model.build()
    rng = np.random.default_rng(seed)
    for variable in model.trainable_variables:
        variable.assign(np.asarray(variable) + 0.1 * rng.normal(size=variable.shape))
    return model


def known(classes):
    rng = np.random.default_rng(2)
    labels = np.eye(3, dtype=np.float32)[[2, 0, 1, 1]]
    return rng.normal(size=(4, 5)).astype(np.float32), labels, {"label": labels} if classes else {}


def pictured(kept):
    """(N, H, W, C) as (N, C, H, W), which ONNX takes."""
    return np.ascontiguousarray(np.moveaxis(kept, 3, 1))


@pytest.mark.parametrize("classes", [(), CLASSES])
@pytest.mark.parametrize(("channels", "blocks"), KINDS)
def test_the_decoder_is_the_generator(channels, blocks, classes):
    config = TOY.model_copy(update={"channels": channels, "blocks": blocks, "classes": classes})
    generator = built(Generator, config)
    latent, labels, label = known(classes)
    expected = np.asarray(generator(latent, labels))
    for half, within in ((False, ASSET), (True, HALF)):
        decoder = FeedForward(decoder_file(config, generator, half))
        made = decoder.run({"latent": latent} | label)["picture"]
        np.testing.assert_allclose(made, pictured(expected), atol=within)


@pytest.mark.parametrize("classes", [(), CLASSES])
@pytest.mark.parametrize(("channels", "blocks"), KINDS)
def test_the_encoder_is_the_trained_one(channels, blocks, classes):
    config = TOY.model_copy(update={"channels": channels, "blocks": blocks, "classes": classes})
    encoder = built(Encoder, config)
    latent, labels, label = known(classes)
    pictures, made = np.random.default_rng(1).random((2, 4, 12, 12, channels), np.float32)
    expected = np.asarray(encoder(pictures, made, labels, latent))
    given = {"picture": pictured(pictures), "made": pictured(made), "latent": latent} | label
    for half, within in ((False, ASSET), (True, HALF)):
        found = FeedForward(encoder_file(config, encoder, half)).run(given)["mean"]
        np.testing.assert_allclose(found, expected, atol=within)


def test_a_weight_that_is_no_number_is_refused():
    generator = built(Generator, TOY)
    generator.enter.bias.assign(np.full(generator.enter.bias.shape, np.inf))
    with pytest.raises(ExportFailed, match="not a number"):
        decoder_file(TOY, generator)
