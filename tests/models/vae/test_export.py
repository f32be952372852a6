"""The exported networks are the trained ones."""

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from creative_gen.fitting.finished import ExportFailed  # noqa: E402
from creative_gen.kernels.feed_forward import FeedForward  # noqa: E402
from creative_gen.models.vae.config import VAEConfig  # noqa: E402
from creative_gen.models.vae.export import asset_networks  # noqa: E402
from creative_gen.models.vae.network import VAE  # noqa: E402

CLASSES = ("disc", "bar", "ring")
TOY = VAEConfig(side=12, latent=5, widths=(4, 5, 6), classifier_widths=(4, 6))
ASSET, HALF = 1e-4, 2e-2
"""How far what plays may be from Keras: float32, and weights of float16."""


def network(seed=0, **changes):
    """A network whose weights are all random: also those that are 0 or 1 at first."""
    keras.utils.set_random_seed(seed)
    model = VAE(TOY.model_copy(update=changes))
    model.build()
    rng = np.random.default_rng(seed)
    for variable in model.trainable_variables:
        variable.assign(np.asarray(variable) + 0.1 * rng.normal(size=variable.shape))
    return model


def pictures_of(channels, count=3):
    pictures = np.random.default_rng(1).random((count, 12, 12, channels), np.float32)
    if channels == 4:
        pictures[..., :3] *= pictures[..., 3:]
    return pictures


def played(files, name, **inputs):
    return FeedForward(files[f"{name}.onnx"]).run(inputs)


def first(pictures):
    """(N, H, W, C) as (N, C, H, W), which ONNX takes."""
    return np.ascontiguousarray(np.moveaxis(pictures, 3, 1))


@pytest.mark.parametrize(
    ("channels", "classes", "blocks", "likelihood"),
    [
        (1, (), 1, "bernoulli"),
        (1, CLASSES, 0, "bernoulli"),
        (3, (), 0, "logistic"),
        (3, CLASSES, 1, "logistic"),
        (4, (), 1, "gaussian"),
        (4, CLASSES, 1, "gaussian"),
    ],
)
def test_the_exported_networks_are_the_trained_ones(channels, classes, blocks, likelihood):
    model = network(channels=channels, blocks=blocks, likelihood=likelihood, classes=classes)
    pictures = pictures_of(channels)
    labels = np.eye(3, dtype=np.float32)[[2, 0, 1]]
    label = {"label": labels} if classes else {}
    mean, log_variance = (np.asarray(part) for part in model.encoder(pictures, labels))
    expected = np.asarray(model({"picture": pictures, "label": labels}))
    for half, within in ((False, ASSET), (True, HALF)):
        files = asset_networks(model, half)
        named = {"classifier.onnx"} if classes else set()
        assert set(files) == {"decoder.onnx", "encoder.onnx"} | named
        found = played(files, "encoder", picture=first(pictures), **label)
        np.testing.assert_allclose(found["mean"], mean, atol=within)
        np.testing.assert_allclose(found["deviation"], np.exp(log_variance / 2), atol=within)
        made = played(files, "decoder", latent=mean, **label)["picture"]
        np.testing.assert_allclose(np.moveaxis(made, 1, 3), expected, atol=within)
        if classes:
            logits = played(files, "classifier", picture=first(pictures))["logits"]
            np.testing.assert_allclose(logits, np.asarray(model.classifier(pictures)), atol=within)


def test_any_number_of_pictures_and_any_mixture_of_classes():
    model = network(classes=CLASSES)
    files = asset_networks(model, half=False)
    latent = np.random.default_rng(0).normal(size=(7, 5)).astype(np.float32)
    labels = np.random.default_rng(0).dirichlet(np.ones(3), 7).astype(np.float32)
    made = played(files, "decoder", latent=latent, label=labels)["picture"]
    alone = played(files, "decoder", latent=latent[3:4], label=labels[3:4])["picture"]
    assert made.shape == (7, 1, 12, 12)
    np.testing.assert_allclose(made[3:4], alone, atol=1e-5)
    assert made.min() >= 0 and made.max() <= 1


def test_half_halves_the_files():
    model = network(widths=(16, 32), latent=16)
    whole, half = (asset_networks(model, kept)["decoder.onnx"] for kept in (False, True))
    assert len(half) < 0.55 * len(whole)


def test_a_weight_that_is_no_number_is_refused():
    model = network()
    values = np.asarray(model.decoder.enter.kernel).copy()
    values[0, 0] = np.nan
    model.decoder.enter.kernel.assign(values)
    with pytest.raises(ExportFailed, match="not a number"):
        asset_networks(model)
