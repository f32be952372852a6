"""The two players' networks, and the generator's export."""

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from creative_gen.interface.errors import InvalidRequest  # noqa: E402
from creative_gen.kernels.feed_forward import FeedForward  # noqa: E402
from creative_gen.latent.settings import Playing  # noqa: E402
from creative_gen.models.gan.config import GANConfig  # noqa: E402
from creative_gen.models.gan.export import asset_networks  # noqa: E402
from creative_gen.models.gan.finished_run import played_settings  # noqa: E402
from creative_gen.models.gan.network import GAN  # noqa: E402


def network(channels=1, **settings):
    keras.utils.set_random_seed(0)
    shapes = {"side": 5, "latent": 3, "generator": (7, 8), "discriminator": (9, 6)}
    model = GAN(GANConfig(channels=channels, **shapes | settings))
    model.build()
    rng = np.random.default_rng(0)
    for variable in model.trainable_variables:
        variable.assign(np.asarray(variable) + 0.3 * rng.normal(size=variable.shape))
    return model


def latents(count=4):
    return np.random.default_rng(1).normal(size=(count, 3)).astype(np.float32)


@pytest.mark.parametrize("channels", [1, 3, 4])
def test_the_exported_generator_is_the_trained_one(channels):
    model = network(channels)
    played = FeedForward(asset_networks(model)["decoder.onnx"])
    assert (played.inputs, played.outputs) == (("latent",), ("picture",))
    for count in (1, 4):
        made = played.run({"latent": latents(count)})["picture"]
        assert made.shape == (count, channels, 5, 5)
        expected = np.asarray(model(latents(count)))
        np.testing.assert_allclose(np.moveaxis(made, 1, 3), expected, atol=1e-6)


def test_pictures_are_values_from_0_to_1_and_premultiplied():
    made = np.asarray(network(4)(20 * latents(50)))
    assert made.min() >= 0 and made.max() <= 1
    assert (made[..., :3] <= made[..., 3:]).all()


def test_the_discriminator_is_a_stack_of_dense_layers():
    model = network()
    pictures = np.random.default_rng(2).random((4, 5, 5, 1)).astype(np.float32)
    features = 2 * pictures.reshape(4, -1).astype(np.float64) - 1
    for layer in model.discriminator.hidden:
        sums = features @ np.asarray(layer.kernel) + np.asarray(layer.bias)
        features = np.where(sums > 0, sums, 0.2 * sums)
    leave = model.discriminator.leave
    expected = features @ np.asarray(leave.kernel) + np.asarray(leave.bias)
    np.testing.assert_allclose(np.asarray(model.discriminator(pictures)), expected, rtol=1e-4)


def test_units_are_left_out_in_training_alone():
    judge = network(dropout=0.5).discriminator
    pictures = np.full((1, 5, 5, 1), 0.7, np.float32)
    still = {float(judge(pictures, training=False)[0, 0]) for _ in range(5)}
    moving = {float(judge(pictures, training=True)[0, 0]) for _ in range(5)}
    assert len(still) == 1 < len(moving)


def test_points_of_a_plane_are_no_pictures_to_play():
    assert played_settings(GANConfig(side=8, channels=4), Playing()).refinements == 0
    with pytest.raises(InvalidRequest, match="2 channels"):
        played_settings(GANConfig(side=8, channels=2), Playing())
