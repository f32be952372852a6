"""The re-parameterised convolution is the sum of its branches."""

import numpy as np
import pytest

keras = pytest.importorskip("keras")

from creative_gen.layers.rep_conv import EDGES, RepConv2D  # noqa: E402


def convolved(pictures, kernel):
    """A zero-padded convolution, written as loops over the kernel."""
    side = kernel.shape[0]
    around = side // 2
    padded = np.pad(pictures, ((0, 0), (around, around), (around, around), (0, 0)))
    height, width = pictures.shape[1:3]
    total = np.zeros((*pictures.shape[:3], kernel.shape[3]))
    for i in range(side):
        for j in range(side):
            total += padded[:, i : i + height, j : j + width] @ kernel[i, j]
    return total


def branches(layer, pictures):
    """What the branches compute one by one."""
    kernel, bias, expand, squeeze, mixing = (
        np.asarray(getattr(layer, name)).astype(np.float64)
        for name in ("kernel", "bias", "expand", "squeeze", "mixing")
    )
    total = convolved(pictures, kernel) + bias
    total += convolved(pictures @ expand, squeeze)
    for edge, mixed in zip(EDGES, mixing, strict=True):
        depthwise = edge[:, :, None, None] * np.eye(mixed.shape[1])
        total += convolved(pictures @ mixed, depthwise)
    return total + pictures if pictures.shape[-1] == layer.filters else total


@pytest.mark.parametrize("filters", [4, 7])
def test_one_convolution_is_all_branches(filters):
    rng = np.random.default_rng(0)
    layer = RepConv2D(filters)
    layer.build((None, None, None, 4))
    for variable in layer.trainable_variables:
        variable.assign(rng.normal(size=variable.shape))
    pictures = rng.normal(size=(2, 9, 8, 4))
    made = np.asarray(layer(pictures.astype(np.float32)))
    np.testing.assert_allclose(made, branches(layer, pictures), atol=2e-4)


def test_its_configuration_makes_it_again():
    layer = RepConv2D(5, expansion=3)
    assert RepConv2D.from_config(layer.get_config()).get_config() == layer.get_config()
