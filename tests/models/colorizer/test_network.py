"""The colorizer's network and its export."""

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from creative_gen.kernels.feed_forward import FeedForward  # noqa: E402
from creative_gen.models.colorizer.config import ColorizerConfig  # noqa: E402
from creative_gen.models.colorizer.export import network_file  # noqa: E402
from creative_gen.models.colorizer.network import Colorizer  # noqa: E402
from creative_gen.models.colorizer.palettes import line_palette, tone_palette  # noqa: E402

TOY = ColorizerConfig(size=32, widths=(4, 6, 8, 10), blocks=(0, 1, 1, 2))


def network():
    """A network of random weights that float16 holds exactly, as an export does."""
    keras.utils.set_random_seed(0)
    model = Colorizer(TOY)
    model.build()
    rng = np.random.default_rng(0)
    for variable in model.trainable_variables:
        changed = np.asarray(variable) + 0.05 * rng.normal(size=variable.shape)
        variable.assign(changed.astype(np.float16).astype(np.float32))
    return model


def batch_of(height=32, width=64):
    rng = np.random.default_rng(1)
    return {
        "lightness": rng.uniform(-1, 1, (2, height, width, 1)).astype(np.float32),
        "hints": rng.uniform(-1, 1, (2, height, width, 8)).astype(np.float32),
        "lines": np.array([[0], [1]], np.float32),
    }


def test_it_colors_any_size_by_both_palettes():
    made = network()(batch_of(64, 32))
    assert made["color"].shape == (2, 32, 16, 3)
    assert made["tones"].shape == (2, 16, 8, len(tone_palette(TOY.tone_spacing)))
    assert made["lines"].shape == (2, 16, 8, len(line_palette(TOY.line_spacing)))


def test_the_exported_network_is_the_trained_one():
    model, batch = network(), batch_of()
    expected = model(batch)
    pictures = {name: np.moveaxis(batch[name], 3, 1) for name in ("lightness", "hints")}
    made = FeedForward(network_file(model)).run(pictures | {"lines": batch["lines"]})
    for name, played in {"color": "color", "tones": "tone_logits", "lines": "line_logits"}.items():
        np.testing.assert_allclose(
            np.moveaxis(made[played], 1, 3), np.asarray(expected[name]), atol=1e-4
        )


def test_it_knows_the_whole_picture():
    """A change in one corner reaches the other."""
    model, batch = network(), batch_of(128, 128)
    made = np.asarray(model(batch)["color"])
    batch["lightness"][:, :8, :8] += 0.5
    assert np.abs(np.asarray(model(batch)["color"]) - made)[:, -1, -1].max() > 0
