"""The VAE's network: its sizes, what it decodes, and what its labels change."""

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from creative_gen.layers.convolutional import as_picture  # noqa: E402
from creative_gen.models.vae.config import VAEConfig  # noqa: E402
from creative_gen.models.vae.network import VAE  # noqa: E402

TOY = VAEConfig(side=12, latent=5, widths=(4, 6), classifier_widths=(4, 6))
CLASSES = ("disc", "bar")


def network(seed=0, **changes):
    """A network whose weights are all random: also those that are 0 or 1 at first."""
    keras.utils.set_random_seed(seed)
    model = VAE(VAEConfig(**TOY.model_dump() | changes))
    model.build()
    rng = np.random.default_rng(seed)
    for variable in model.trainable_variables:
        variable.assign(np.asarray(variable) + 0.1 * rng.normal(size=variable.shape))
    return model


def batch(channels=1, count=3, seed=0):
    rng = np.random.default_rng(seed)
    pictures = rng.random((count, 12, 12, channels), np.float32)
    if channels == 4:
        pictures[..., :3] *= pictures[..., 3:]
    return {"picture": pictures, "label": np.eye(2, dtype=np.float32)[np.arange(count) % 2]}


@pytest.mark.parametrize("channels", [1, 3, 4])
@pytest.mark.parametrize("classes", [(), CLASSES])
def test_a_reconstruction_is_what_the_mean_decodes_to(channels, classes):
    model, seen = network(channels=channels, classes=classes), batch(channels)
    made = np.asarray(model(seen))
    assert made.shape == seen["picture"].shape
    assert made.min() >= 0 and made.max() <= 1
    mean, log_variance = model.encoder(seen["picture"], seen["label"])
    assert mean.shape == log_variance.shape == (3, 5)
    expected = as_picture(model.decoder(mean, seen["label"]))
    np.testing.assert_allclose(made, np.asarray(expected), atol=1e-6)
    if channels == 4:
        assert (made[..., :3] <= made[..., 3:]).all()
    if classes:
        assert model.classifier(seen["picture"]).shape == (3, 2)
    else:
        assert model.classifier is None


def test_labels_count_only_where_there_are_classes():
    seen = batch()
    other = seen | {"label": 1 - seen["label"]}
    known, free = network(classes=CLASSES), network()
    for model, differs in ((known, True), (free, False)):
        encoded = [np.asarray(model.encoder(one["picture"], one["label"])) for one in (seen, other)]
        assert np.any(encoded[0] != encoded[1]) == differs
        latent = np.asarray(encoded[0][0])
        decoded = [np.asarray(model.decoder(latent, one["label"])) for one in (seen, other)]
        assert np.any(decoded[0] != decoded[1]) == differs


def test_pictures_of_a_batch_do_not_know_each_other():
    model, seen = network(classes=CLASSES), batch(count=3)
    together = np.asarray(model(seen))
    alone = np.asarray(model({name: values[1:2] for name, values in seen.items()}))
    np.testing.assert_allclose(together[1:2], alone, atol=1e-6)


@pytest.mark.parametrize(
    ("likelihood", "learns"), [("bernoulli", False), ("gaussian", True), ("logistic", True)]
)
def test_a_scale_is_learnt_where_the_likelihood_has_one(likelihood, learns):
    names = [variable.name for variable in network(likelihood=likelihood).trainable_variables]
    assert ("log_scale" in names) == learns
