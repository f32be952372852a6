"""The upscaler's network: what it starts as, what it sees, and its export."""

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from creative_gen.kernels.feed_forward import FeedForward  # noqa: E402
from creative_gen.media.bicubic import resize  # noqa: E402
from creative_gen.models.upscaler.config import UpscalerConfig  # noqa: E402
from creative_gen.models.upscaler.export import asset_networks  # noqa: E402
from creative_gen.models.upscaler.network import Upscaler  # noqa: E402

TOY = UpscalerConfig(channels=6, depth=2)


def pictures(height=14, width=18, count=2, seed=0):
    return np.random.default_rng(seed).random((count, height, width, 3), np.float32)


def network(seed=0, config=TOY):
    keras.utils.set_random_seed(seed)
    model = Upscaler(config)
    model.build()
    rng = np.random.default_rng(seed)
    for variable in model.trainable_variables:
        variable.assign(np.asarray(variable) + 0.05 * rng.normal(size=variable.shape))
    return model


@pytest.mark.parametrize("scale", [2, 3, 4])
def test_untrained_it_enlarges_bicubically(scale):
    model = Upscaler(TOY)
    model.build()
    small = pictures()
    made = np.asarray(model({f"x{scale}": small})[f"x{scale}"])
    expected = np.stack([resize(one, 14 * scale, 18 * scale) for one in small])
    within = slice(2 * scale, -2 * scale)
    np.testing.assert_allclose(made[:, within, within], expected[:, within, within], atol=1e-5)


def test_scales_at_once_are_what_they_are_alone():
    model = network()
    small = {"x2": pictures(count=3), "x4": pictures(count=1, seed=1)}
    together = model(small)
    for name, batch in small.items():
        alone = np.asarray(model({name: batch})[name])
        np.testing.assert_allclose(np.asarray(together[name]), alone, atol=1e-6)


@pytest.mark.parametrize("scale", [2, 3, 4])
def test_the_exported_network_is_the_trained_one(scale):
    model = network()
    small = pictures()
    expected = np.asarray(model({f"x{scale}": small})[f"x{scale}"])
    played = FeedForward(asset_networks(model)[f"x{scale}.onnx"])
    made = played.run({"picture": np.moveaxis(small, 3, 1)})["larger"]
    np.testing.assert_allclose(np.moveaxis(made, 1, 3), expected, atol=1e-5)


def test_nothing_beyond_the_halo_matters():
    model, halo = network(), TOY.halo
    small = pictures(40, 40, 1)
    changed = small.copy()
    changed[:, :, :10] = 0
    made, other = (np.asarray(model({"x2": one})["x2"]) for one in (small, changed))
    differs = np.abs(made - other).max(axis=(0, 1, 3)) > 1e-7
    assert differs[: 2 * 10].all()
    assert np.flatnonzero(differs).max() == 2 * (10 + halo) - 1
